package io.kscribe.evaluation;

import io.kscribe.recognizer.ShownResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says how soon a live transcript is there, and how much of it is taken back.
 *
 * <p>Where speech is, and when a word ends, is what the final says.
 *
 * @param partial from the arrival of a moment of speech (every 10 ms) to the first result, partial or final, whose audio includes it
 * @param wordShown from a word's last sample to the first result that has it as the final has it
 * @param wordStable from a word's last sample to the first result that has it so and calls it stable
 * @param finals from the end of a segment's last word to its final
 * @param shown word forms that partials showed, and how many of them a later result no longer had
 * @param stable words that a segment's last partial called stable, and how many of them the final changed
 * @param load what it took of a processor
 */
public record LiveScore(
        Latencies partial,
        Latencies wordShown,
        Latencies wordStable,
        Latencies finals,
        Changes shown,
        Changes stable,
        Load load) {
    /** Of nothing. */
    public static final LiveScore ZERO = new LiveScore(
            Latencies.NONE, Latencies.NONE, Latencies.NONE, Latencies.NONE, Changes.ZERO, Changes.ZERO, Load.ZERO);

    /**
     * Words, and how many of them were changed.
     *
     * @param words not less than {@code changed}
     * @param changed not negative
     */
    public record Changes(long words, long changed) {
        static final Changes ZERO = new Changes(0, 0);

        public Changes {
            if (changed < 0 || changed > words) {
                throw new IllegalArgumentException(changed + " of " + words + " words cannot have been changed");
            }
        }

        /** The share of words that were changed, 0 to 1; empty without words. */
        public OptionalDouble share() {
            return words == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) changed / words);
        }

        Changes plus(Changes other) {
            return new Changes(words + other.words, changed + other.changed);
        }
    }

    /**
     * Processor time against the time of the audio.
     *
     * @param audio how long the recordings are
     * @param computing the processor time that they took
     * @param worstFactor the largest real-time factor of a recording
     */
    public record Load(Duration audio, Duration computing, double worstFactor) {
        static final Load ZERO = new Load(Duration.ZERO, Duration.ZERO, 0);

        static Load of(Duration audio, Duration computing) {
            return new Load(audio, computing, audio.isZero() ? 0 : factor(audio, computing));
        }

        /** Processor time by time of audio over all recordings; empty without audio. */
        public OptionalDouble meanFactor() {
            return audio.isZero() ? OptionalDouble.empty() : OptionalDouble.of(factor(audio, computing));
        }

        Load plus(Load other) {
            return new Load(
                    audio.plus(other.audio), computing.plus(other.computing), Math.max(worstFactor, other.worstFactor));
        }

        private static double factor(Duration audio, Duration computing) {
            return (double) computing.toNanos() / audio.toNanos();
        }
    }

    /**
     * Scores what was shown of a channel.
     *
     * @param shown in the order of time
     * @param chunk how much audio arrives together
     * @param audio how long the recording is
     * @param computing the processor time that it took
     */
    public static LiveScore of(List<ShownResult> shown, Duration chunk, Duration audio, Duration computing) {
        Map<Long, List<ShownResult>> segments = shown.stream()
                .collect(Collectors.groupingBy(one -> one.result().segment(), TreeMap::new, Collectors.toList()));
        LiveScore sum = ZERO.plus(Load.of(audio, computing));
        for (List<ShownResult> revisions : segments.values()) {
            sum = sum.plus(new ShownSegment(revisions, chunk).score());
        }
        return sum;
    }

    /** With another channel's or segment's. */
    public LiveScore plus(LiveScore other) {
        return new LiveScore(
                partial.plus(other.partial),
                wordShown.plus(other.wordShown),
                wordStable.plus(other.wordStable),
                finals.plus(other.finals),
                shown.plus(other.shown),
                stable.plus(other.stable),
                load.plus(other.load));
    }

    private LiveScore plus(Load other) {
        return new LiveScore(partial, wordShown, wordStable, finals, shown, stable, load.plus(other));
    }

    /** Whether a live transcript was measured at all. */
    public boolean isMeasured() {
        return !load.audio().isZero();
    }
}
