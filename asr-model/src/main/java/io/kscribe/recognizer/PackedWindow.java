package io.kscribe.recognizer;

import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.SpeechWindow;
import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Successive islands of one channel that are decoded as one window.
 *
 * <p>Their audio follows one another, each with the silence before and after it that belongs to it, so that a pause is heard as a pause
 * and a long one as a shorter one. Of the window's text each island gets the words that lie in it. Text has fewer errors the more of a
 * speaker the model hears at once, but sometimes the model leaves out a sentence in the midst of others: so an island with {@link
 * #MORE_THAN_A_WORD} and without words tells that the window has to be decoded in parts.
 */
final class PackedWindow {
    /** Speech that is more than a word or two: an island with so much and without words was left out. */
    static final Duration MORE_THAN_A_WORD = Duration.ofSeconds(2);

    /** How far a word may reach beyond what the detector took for speech. */
    private static final Duration MARGIN = Duration.ofMillis(200);

    private static final int SAMPLES_A_MILLI = 16;

    private final List<Island> islands;

    /** Takes one island or more, at most 30 s in all. */
    PackedWindow(List<Island> islands) {
        this.islands = List.copyOf(islands);
    }

    List<Island> islands() {
        return islands;
    }

    /** How much audio it is, in samples. */
    int length() {
        return islands.stream().mapToInt(Island::finalLength).sum();
    }

    /** What is to be decoded. */
    SpeechWindow window(int melBins) {
        float[] samples = new float[length()];
        int at = 0;
        for (Island island : islands) {
            System.arraycopy(island.finalSamples(), 0, samples, at, island.finalLength());
            at += island.finalLength();
        }
        return SpeechWindow.of(samples, melBins);
    }

    /** The two halves, to be decoded by themselves. */
    List<PackedWindow> halves() {
        int middle = islands.size() / 2;
        return List.of(
                new PackedWindow(islands.subList(0, middle)),
                new PackedWindow(islands.subList(middle, islands.size())));
    }

    /**
     * Divides the window's text.
     *
     * @return each island's text, with times from the island's start; empty if an island was left out
     */
    Optional<List<Transcription>> split(Transcription whole) {
        List<Transcription> texts = new ArrayList<>();
        Part part = new Part(whole);
        int offset = 0;
        for (int i = 0; i < islands.size(); i++) {
            Island island = islands.get(i);
            int end = offset + island.finalLength();
            long nextSpeech = i == islands.size() - 1
                    ? Integer.MAX_VALUE
                    : end + (long) islands.get(i + 1).speechStartOffset();
            Transcription text = part.next(island, offset, nextSpeech);
            if (islands.size() > 1 && text.words().isEmpty() && island.speech().compareTo(MORE_THAN_A_WORD) >= 0) {
                return Optional.empty();
            }
            texts.add(text);
            offset = end;
        }
        return Optional.of(texts);
    }

    /** Goes through a text, an island at a time. */
    private static final class Part {
        private final Transcription whole;
        private int words;
        private int tokens;
        private int chars;

        Part(Transcription whole) {
            this.whole = whole;
        }

        /**
         * The text of the next island.
         *
         * @param offset where the island begins, in the window's samples
         * @param nextSpeech where the speech of the one after it begins
         */
        Transcription next(Island island, int offset, long nextSpeech) {
            long speechEnd = (long) offset + island.speechEndOffset();
            List<TimedWord> taken = new ArrayList<>();
            int fromToken = tokens;
            int fromChar = chars;
            while (words < whole.words().size() && isWithin(whole.words().get(words), speechEnd, nextSpeech)) {
                TimedWord word = whole.words().get(words++);
                if (taken.isEmpty()) {
                    fromChar = Math.max(chars, whole.text().indexOf(word.text(), chars));
                }
                tokens = word.endToken();
                chars = word.endChar();
                taken.add(new TimedWord(
                        word.text(),
                        within(island, word.startMillis(), offset),
                        within(island, word.endMillis(), offset),
                        word.confidence(),
                        tokens - fromToken,
                        chars - fromChar));
            }
            List<DecodedToken> own = whole.tokens().subList(fromToken, tokens);
            return new Transcription(
                    whole.language(),
                    whole.languageProbability(),
                    own,
                    whole.text().substring(fromChar, Math.max(fromChar, chars)),
                    taken,
                    List.of(),
                    own.size() == whole.tokens().size() ? whole.averageLogProbability() : averageLogProbability(own),
                    whole.noSpeechProbability(),
                    whole.temperature(),
                    whole.complete());
        }

        /**
         * Whether a word lies within an island rather than within the next. What of it lies before the end of the one's speech counts half
         * of what lies after the beginning of the other's: words swallow the silence before them, hardly that after them.
         */
        private static boolean isWithin(TimedWord word, long speechEnd, long nextSpeech) {
            long start = word.startMillis() * SAMPLES_A_MILLI;
            long end = word.endMillis() * SAMPLES_A_MILLI;
            long before = Math.min(end, speechEnd) - start;
            long after = end - Math.max(start, nextSpeech);
            return before > 0 ? before > 2 * after : before > after;
        }

        /** A time of the window as one of the island; words do not reach into the silence around it. */
        private static long within(Island island, long windowMillis, int offset) {
            long margin = MARGIN.toMillis() * SAMPLES_A_MILLI;
            long first = Math.max(0, island.speechStartOffset() - margin);
            long last = Math.min(island.finalLength(), island.speechEndOffset() + margin);
            return Math.max(first, Math.min(last, windowMillis * SAMPLES_A_MILLI - offset)) / SAMPLES_A_MILLI;
        }

        private static float averageLogProbability(List<DecodedToken> tokens) {
            return (float) tokens.stream()
                    .mapToDouble(DecodedToken::logProbability)
                    .average()
                    .orElse(0);
        }
    }
}
