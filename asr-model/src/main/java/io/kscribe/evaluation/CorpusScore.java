package io.kscribe.evaluation;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * Sums up how well and how fast the utterances of a corpus were transcribed.
 *
 * @param utterances those that were transcribed
 * @param words errors where words are compared
 * @param characters errors where characters are compared
 * @param silence what was written where nobody speaks
 * @param audio how long the recordings are
 * @param processing the time that recognising took, summed over threads
 * @param wall the time from the corpus's beginning to its end
 * @param live how soon live transcripts were there; zero unless they were transcribed as live audio
 */
public record CorpusScore(
        long utterances,
        ErrorRate words,
        ErrorRate characters,
        Silence silence,
        Duration audio,
        Duration processing,
        Duration wall,
        LiveScore live) {
    /** Of no utterances. */
    public static final CorpusScore ZERO = new CorpusScore(
            0,
            ErrorRate.ZERO,
            ErrorRate.ZERO,
            Silence.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            Duration.ZERO,
            LiveScore.ZERO);

    /**
     * What was written where nobody speaks.
     *
     * @param utterances recordings without speech
     * @param withText those of them for which anything was written
     * @param invented the words written, characters where words have no spaces between them
     * @param audio how long the recordings are
     */
    public record Silence(long utterances, long withText, long invented, Duration audio) {
        /** Of no recordings. */
        public static final Silence ZERO = new Silence(0, 0, 0, Duration.ZERO);

        static Silence of(UtteranceScore score) {
            boolean text = !score.hypothesis().isBlank();
            return new Silence(1, text ? 1 : 0, score.written().size(), score.audio());
        }

        Silence plus(Silence other) {
            return new Silence(
                    utterances + other.utterances,
                    withText + other.withText,
                    invented + other.invented,
                    audio.plus(other.audio));
        }

        /** Words invented a minute; empty without recordings. */
        public OptionalDouble inventedPerMinute() {
            return audio.isZero() ? OptionalDouble.empty() : OptionalDouble.of(60 * invented / seconds(audio));
        }
    }

    static CorpusScore of(UtteranceScore score) {
        boolean compared = score.isComparable();
        return new CorpusScore(
                1,
                compared && !score.inCharacters() ? score.errors() : ErrorRate.ZERO,
                compared && score.inCharacters() ? score.errors() : ErrorRate.ZERO,
                score.utterance().isSilent() ? Silence.of(score) : Silence.ZERO,
                score.audio(),
                score.processing(),
                Duration.ZERO,
                LiveScore.ZERO);
    }

    /** With another utterance, {@code wall} as it is. */
    public CorpusScore plus(UtteranceScore score) {
        return plus(of(score));
    }

    /** With the utterances of a corpus that was transcribed before or after. */
    public CorpusScore plus(CorpusScore other) {
        return new CorpusScore(
                utterances + other.utterances,
                words.plus(other.words),
                characters.plus(other.characters),
                silence.plus(other.silence),
                audio.plus(other.audio),
                processing.plus(other.processing),
                wall.plus(other.wall),
                live.plus(other.live));
    }

    /** With what was measured of a live transcript of an utterance. */
    public CorpusScore plus(LiveScore other) {
        return new CorpusScore(utterances, words, characters, silence, audio, processing, wall, live.plus(other));
    }

    /** The same, but for the time from beginning to end. */
    public CorpusScore within(Duration wall) {
        return new CorpusScore(utterances, words, characters, silence, audio, processing, wall, live);
    }

    /** Seconds of audio a second, over all threads; empty if no time was taken. */
    public OptionalDouble speed() {
        return wall.isZero() ? OptionalDouble.empty() : OptionalDouble.of(seconds(audio) / seconds(wall));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
