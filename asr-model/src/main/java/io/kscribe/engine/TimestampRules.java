package io.kscribe.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where time stamps may stand in a text, and what they say.
 *
 * <p>The rules are those of OpenAI's reference ({@code ApplyTimestampRules} in {@code whisper/decoding.py}): a text begins with a
 * time stamp within its first second; stamps come in pairs, one that ends a segment and one that begins the next; none goes back; and where all
 * of them together are likelier than any other token, one of them is written.
 */
final class TimestampRules {
    private static final int MILLIS_A_STEP = 20;

    /** The latest first time stamp: 1 s. */
    private static final int LATEST_FIRST_STEP = 50;

    private final Vocabulary vocabulary;
    private final int first;

    /**
     * The rules of a vocabulary.
     *
     * @throws IllegalArgumentException if it has no time stamps
     */
    TimestampRules(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        first = vocabulary
                .firstTimestamp()
                .orElseThrow(() -> new IllegalArgumentException("the model knows no time stamps"));
    }

    /** Rules out what must not come after a text, and shares its probability among the rest: {@code [V]} log-probabilities. */
    void apply(float[] logProbabilities, List<DecodedToken> text) {
        int end = vocabulary.endOfText();
        int length = text.size();
        boolean afterStamp = length > 0 && isStamp(text.get(length - 1));
        boolean afterPair = afterStamp && (length == 1 || isStamp(text.get(length - 2)));
        if (length == 0) {
            rule(logProbabilities, 0, first);
            rule(logProbabilities, first + LATEST_FIRST_STEP + 1, logProbabilities.length);
        } else if (afterPair) {
            rule(logProbabilities, first, logProbabilities.length);
        } else if (afterStamp) {
            rule(logProbabilities, 0, end);
        }
        for (int i = length - 1; i >= 0; i--) {
            if (isStamp(text.get(i))) {
                // A segment takes time; the next may begin where it ends.
                rule(logProbabilities, first, text.get(i).id() + (afterStamp && !afterPair ? 0 : 1));
                break;
            }
        }
        if (sum(logProbabilities, first) > max(logProbabilities, first)) {
            rule(logProbabilities, 0, first);
        }
        normalise(logProbabilities);
    }

    boolean isStamp(DecodedToken token) {
        return token.id() >= first;
    }

    /** The text between the stamps; what lies beyond the audio is pulled back to its end. */
    List<TimedSegment> segments(List<DecodedToken> tokens, long audioMillis) {
        List<TimedSegment> segments = new ArrayList<>();
        List<DecodedToken> open = new ArrayList<>();
        long start = 0;
        for (DecodedToken token : tokens) {
            if (!isStamp(token)) {
                open.add(token);
                continue;
            }
            long at = Math.min(audioMillis, (long) (token.id() - first) * MILLIS_A_STEP);
            close(segments, open, start, at);
            start = at;
        }
        close(segments, open, start, audioMillis);
        return segments;
    }

    private void close(List<TimedSegment> segments, List<DecodedToken> open, long start, long end) {
        String text = vocabulary.text(open).strip();
        if (!text.isEmpty()) {
            segments.add(new TimedSegment(start, end, text));
        }
        open.clear();
    }

    private static void rule(float[] logProbabilities, int from, int to) {
        if (from < to) {
            Arrays.fill(logProbabilities, from, Math.min(to, logProbabilities.length), Float.NEGATIVE_INFINITY);
        }
    }

    private static float max(float[] logProbabilities, int to) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < to; i++) {
            max = Math.max(max, logProbabilities[i]);
        }
        return max;
    }

    /** The logarithm of the probability of all tokens from one on. */
    private static float sum(float[] logProbabilities, int from) {
        double sum = 0;
        for (int i = from; i < logProbabilities.length; i++) {
            sum += Math.exp(logProbabilities[i]);
        }
        return (float) Math.log(sum);
    }

    private static void normalise(float[] logProbabilities) {
        float all = sum(logProbabilities, 0);
        for (int i = 0; i < logProbabilities.length; i++) {
            logProbabilities[i] -= all;
        }
    }
}
