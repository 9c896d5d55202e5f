package io.kscribe.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Finds out when each word was said, from the cross-attention of the alignment heads.
 *
 * <p>The method is that of OpenAI's reference ({@code whisper/timing.py}): each head's attention is normalised over the tokens,
 * smoothed by a median over time, averaged over the heads, and the monotonic path of the greatest sum through tokens and positions
 * (dynamic time warping) says where each token begins. A word begins where its first token does and ends where the next begins. Beyond the
 * reference, the model's {@linkplain AttentionLag lag} is made up for, and {@linkplain Pauses pauses} are taken out.
 */
final class WordAligner {
    private static final int MILLIS_A_POSITION = 20;
    private static final int MEDIAN_POSITIONS = 7;

    /** A word longer than this many times the median at the edge of the speech has swallowed silence. */
    private static final int LONGEST_MEDIANS = 2;

    private static final long LONGEST_MEDIAN_MILLIS = 700;
    private static final String OPENING_PUNCTUATION = "\"'“¿([{-";
    private static final String CLOSING_PUNCTUATION = "\"'.。,，!！?？:：”)]}、";
    private static final Set<String> WITHOUT_SPACES = Set.of("zh", "ja", "th", "lo", "my", "yue");

    private final Vocabulary vocabulary;
    private final int lagMillis;
    private final Pauses pauses;

    /**
     * An aligner for the texts of a window.
     *
     * @param lagMillis how far attention is behind the speech, of {@link AttentionLag}
     * @param pauses where in the window nobody speaks
     */
    WordAligner(Vocabulary vocabulary, int lagMillis, Pauses pauses) {
        this.vocabulary = vocabulary;
        this.lagMillis = lagMillis;
        this.pauses = pauses;
    }

    /**
     * Times the words of a text.
     *
     * @param tokens the text
     * @param prompt for each token before the text but its last, {@code [heads, positions]}: attention that belongs to no word, to
     *     measure the others by
     * @param attention for each token, and for the end of the text if it was written, {@code [heads, positions]}
     * @param positions audio positions
     * @param language decides whether words are divided by spaces
     */
    List<TimedWord> words(
            List<DecodedToken> tokens, List<float[]> prompt, List<float[]> attention, int positions, String language) {
        if (tokens.isEmpty()) {
            return List.of();
        }
        long[] starts = startMillis(prompt, attention, positions, tokens.size());
        List<TimedWord> words = new ArrayList<>();
        int leading = leadingSpaces(vocabulary.text(tokens));
        int chars = -leading;
        for (Word word : words(vocabulary.pieces(tokens), WITHOUT_SPACES.contains(language))) {
            chars += word.text.length();
            String text = word.text.strip();
            if (text.isEmpty()) {
                continue;
            }
            int trailing = word.text.length() - word.text.stripTrailing().length();
            words.add(new TimedWord(
                    text,
                    starts[word.from],
                    (starts[word.marksFrom] + starts[word.to]) / 2,
                    confidence(tokens.subList(word.from, word.to)),
                    word.to,
                    chars - trailing));
        }
        return pauses.outOf(trimmedAtEdges(words));
    }

    private static int leadingSpaces(String text) {
        return text.length() - text.stripLeading().length();
    }

    private static float confidence(List<DecodedToken> tokens) {
        return (float)
                tokens.stream().mapToDouble(DecodedToken::probability).average().orElse(0);
    }

    /**
     * A word's text and tokens. Marks after it attend to its end and to the pause after it in one, so it ends in their midst.
     *
     * @param from the first token
     * @param marksFrom the first token of the marks after it; {@code to} without any
     * @param to the token after the last
     */
    private record Word(String text, int from, int marksFrom, int to) {}

    /** Characters to words: at spaces, with punctuation attached to the word that it belongs to. */
    private static List<Word> words(List<Vocabulary.Piece> pieces, boolean withoutSpaces) {
        List<Word> words = new ArrayList<>();
        for (Vocabulary.Piece piece : pieces) {
            boolean spaced = piece.text().startsWith(" ");
            boolean closing = consistsOf(CLOSING_PUNCTUATION, piece.text());
            boolean begins = words.isEmpty() || withoutSpaces || spaced;
            if (!words.isEmpty()) {
                String before = words.get(words.size() - 1).text;
                begins &= !consistsOf(OPENING_PUNCTUATION, before) && !(closing && !spaced);
            }
            if (begins) {
                words.add(new Word(piece.text(), piece.from(), piece.to(), piece.to()));
            } else {
                Word last = words.remove(words.size() - 1);
                int marksFrom = closing ? last.marksFrom : piece.to();
                words.add(new Word(last.text + piece.text(), last.from, marksFrom, piece.to()));
            }
        }
        return words;
    }

    private static boolean consistsOf(String marks, String text) {
        String bare = text.strip();
        return !bare.isEmpty() && bare.chars().allMatch(c -> marks.indexOf(c) >= 0);
    }

    /** Silence before the first word and after the last is not a part of them. */
    private static List<TimedWord> trimmedAtEdges(List<TimedWord> words) {
        long[] durations = words.stream()
                .mapToLong(w -> w.endMillis() - w.startMillis())
                .filter(d -> d > 0)
                .sorted()
                .toArray();
        if (durations.length == 0) {
            return words;
        }
        long longest = LONGEST_MEDIANS * Math.min(LONGEST_MEDIAN_MILLIS, durations[durations.length / 2]);
        List<TimedWord> trimmed = new ArrayList<>(words);
        TimedWord first = words.get(0);
        long start = Math.max(first.startMillis(), first.endMillis() - longest);
        trimmed.set(0, first.at(start, first.endMillis()));
        TimedWord last = trimmed.get(trimmed.size() - 1);
        long end = Math.min(last.endMillis(), last.startMillis() + longest);
        trimmed.set(trimmed.size() - 1, last.at(last.startMillis(), end));
        return trimmed;
    }

    /** When each token starts, and when the last ends: in order, within the audio. */
    private long[] startMillis(List<float[]> prompt, List<float[]> attention, int positions, int tokens) {
        int[] starts = tokenStarts(prompt, attention, positions);
        long audioMillis = (long) positions * MILLIS_A_POSITION;
        long[] millis = new long[tokens + 1];
        millis[tokens] = audioMillis;
        for (int t = 1; t < starts.length; t++) {
            millis[t] = Math.min(audioMillis, Math.max(0, (long) starts[t] * MILLIS_A_POSITION - lagMillis));
        }
        return millis;
    }

    /** The position at which each row of the attention begins. */
    private static int[] tokenStarts(List<float[]> prompt, List<float[]> attention, int positions) {
        List<float[]> rows = new ArrayList<>(prompt);
        rows.addAll(attention);
        int heads = attention.get(0).length / positions;
        float[][] score = new float[attention.size()][positions];
        for (int head = 0; head < heads; head++) {
            float[][] weights = new float[rows.size()][];
            for (int row = 0; row < weights.length; row++) {
                weights[row] = overAudio(rows.get(row), head * positions, positions);
            }
            normaliseOverTokens(weights);
            for (int t = 0; t < score.length; t++) {
                addMedians(weights[prompt.size() + t], score[t]);
            }
        }
        return warp(score);
    }

    /** A head's attention as shares of what it gives to the audio. */
    private static float[] overAudio(float[] attention, int from, int positions) {
        float[] weights = Arrays.copyOfRange(attention, from, from + positions);
        float sum = 0;
        for (float weight : weights) {
            sum += weight;
        }
        for (int p = 0; p < positions && sum > 0; p++) {
            weights[p] /= sum;
        }
        return weights;
    }

    private static void normaliseOverTokens(float[]... weights) {
        int positions = weights[0].length;
        float[] means = new float[positions];
        float[] squares = new float[positions];
        for (float[] row : weights) {
            for (int p = 0; p < positions; p++) {
                means[p] += row[p] / weights.length;
                squares[p] += row[p] * row[p] / weights.length;
            }
        }
        float[] factors = new float[positions];
        for (int p = 0; p < positions; p++) {
            double variance = squares[p] - (double) means[p] * means[p];
            factors[p] = variance > 0 ? (float) (1 / Math.sqrt(variance)) : 0;
        }
        for (float[] row : weights) {
            for (int p = 0; p < positions; p++) {
                row[p] = (row[p] - means[p]) * factors[p];
            }
        }
    }

    /** Adds the running median, the ends mirrored. */
    private static void addMedians(float[] row, float... sum) {
        int half = MEDIAN_POSITIONS / 2;
        float[] sorted = new float[MEDIAN_POSITIONS];
        for (int i = 0; i < MEDIAN_POSITIONS; i++) {
            sorted[i] = mirrored(row, i - half);
        }
        Arrays.sort(sorted);
        for (int p = 0; p < row.length; p++) {
            sum[p] += sorted[half];
            replace(sorted, mirrored(row, p - half), mirrored(row, p + 1 + half));
        }
    }

    private static float mirrored(float[] row, int position) {
        int last = row.length - 1;
        int inside = last - Math.abs(last - Math.abs(position));
        return row[Math.max(0, inside)];
    }

    /** Takes a value out of sorted ones and puts another in. */
    private static void replace(float[] sorted, float out, float in) {
        int at = 0;
        while (sorted[at] != out) {
            at++;
        }
        for (; at > 0 && sorted[at - 1] > in; at--) {
            sorted[at] = sorted[at - 1];
        }
        for (; at < sorted.length - 1 && sorted[at + 1] < in; at++) {
            sorted[at] = sorted[at + 1];
        }
        sorted[at] = in;
    }

    /** Dynamic time warping: the path from the first token and position to the last with the greatest sum. */
    private static int[] warp(float[][] score) {
        int tokens = score.length;
        int positions = score[0].length;
        double[][] best = new double[tokens + 1][positions + 1];
        byte[][] came = new byte[tokens + 1][positions + 1];
        for (double[] row : best) {
            Arrays.fill(row, Double.NEGATIVE_INFINITY);
        }
        best[0][0] = 0;
        for (int t = 1; t <= tokens; t++) {
            for (int p = 1; p <= positions; p++) {
                double diagonal = best[t - 1][p - 1];
                double nextToken = best[t - 1][p];
                double samePosition = best[t][p - 1];
                double from = Math.max(diagonal, Math.max(nextToken, samePosition));
                came[t][p] = (byte) (from == diagonal ? 0 : from == nextToken ? 1 : 2);
                best[t][p] = from + score[t - 1][p - 1];
            }
        }
        int[] starts = new int[tokens];
        int t = tokens;
        int p = positions;
        while (t > 0 && p > 0) {
            starts[t - 1] = p - 1;
            switch (came[t][p]) {
                case 0 -> {
                    t--;
                    p--;
                }
                case 1 -> t--;
                default -> p--;
            }
        }
        return starts;
    }
}
