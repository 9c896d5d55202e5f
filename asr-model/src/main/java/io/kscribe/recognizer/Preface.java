package io.kscribe.recognizer;

import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.DecodingRequest;
import io.kscribe.engine.SpeechWindow;
import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What was said just before an island, to be heard again in front of it: text has fewer errors the more of a speaker the model hears at
 * once.
 *
 * <p>The model writes all of it anew, with the text that stands as a draft, so that what it hears now decides. Of what comes of it
 * the island gets the words after those that stand: where these end is found by comparing words, and by when they are said.
 *
 * @param samples the audio before the island's, at 16 kHz; none if nothing was said
 * @param tokens the text that stands
 * @param words its words in order
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bulk numbers, never compared
record Preface(float[] samples, List<DecodedToken> tokens, List<String> words) {
    static final Preface NONE = new Preface(new float[0], List.of(), List.of());

    private static final int SAMPLES_A_MILLI = 16;

    Preface {
        tokens = List.copyOf(tokens);
        words = List.copyOf(words);
    }

    /** Silence, so that an island is heard later in the window. */
    static Preface silence(Duration duration) {
        return new Preface(new float[(int) duration.toMillis() * SAMPLES_A_MILLI], List.of(), List.of());
    }

    boolean isEmpty() {
        return samples.length == 0;
    }

    /** What is to be decoded of an island that begins with these samples. */
    SpeechWindow window(float[] island, int melBins) {
        float[] all = Arrays.copyOf(samples, samples.length + island.length);
        System.arraycopy(island, 0, all, samples.length, island.length);
        return SpeechWindow.of(all, melBins);
    }

    /** How that is to be decoded. */
    DecodingRequest request(DecodingRequest alone) {
        return tokens.isEmpty()
                ? alone
                : alone.withDraft(
                        Stream.concat(tokens.stream(), alone.draft().stream()).toList());
    }

    /** What the island adds to the text that stands, with times from the island's start. */
    Transcription rest(Transcription whole) {
        if (isEmpty()) {
            return whole;
        }
        int standing = words.isEmpty() ? 0 : standingWords(whole.words());
        List<TimedWord> after = whole.words().subList(standing, whole.words().size());
        int fromToken = standing == 0 ? 0 : whole.words().get(standing - 1).endToken();
        int standingChars = standing == 0 ? 0 : whole.words().get(standing - 1).endChar();
        int fromChar = after.isEmpty()
                ? whole.text().length()
                : Math.max(standingChars, whole.text().indexOf(after.get(0).text(), standingChars));
        long offsetMillis = offsetMillis();
        List<DecodedToken> own = after.isEmpty()
                ? List.of()
                : whole.tokens().subList(fromToken, whole.tokens().size());
        return new Transcription(
                whole.language(),
                whole.languageProbability(),
                own,
                whole.text().substring(fromChar),
                after.stream()
                        .map(word -> new TimedWord(
                                word.text(),
                                Math.max(0, word.startMillis() - offsetMillis),
                                Math.max(0, word.endMillis() - offsetMillis),
                                word.confidence(),
                                word.endToken() - fromToken,
                                word.endChar() - fromChar))
                        .toList(),
                List.of(),
                averageLogProbability(whole, own),
                whole.noSpeechProbability(),
                whole.temperature(),
                whole.complete());
    }

    private long offsetMillis() {
        return samples.length / SAMPLES_A_MILLI;
    }

    /**
     * How many of a text's words are the ones that stand: such that the fewest are written otherwise, left out or put in, or
     * said on the wrong side of the island's beginning; where that decides nothing, such that the fewest letters are, as words are also
     * joined and parted otherwise ("as not" for "ask not").
     */
    private int standingWords(List<TimedWord> written) {
        int[] errors = errors(
                words.stream().map(Letters::of).toList(),
                written.stream().map(word -> Letters.of(word.text())).toList());
        int misplaced = (int) written.stream().filter(this::isEarly).count();
        int best = 0;
        int least = errors[0] + misplaced;
        for (int i = 1; i <= written.size(); i++) {
            misplaced += isEarly(written.get(i - 1)) ? -1 : 1;
            int cost = errors[i] + misplaced;
            if (cost < least || (cost == least && letterErrors(written, i) < letterErrors(written, best))) {
                least = cost;
                best = i;
            }
        }
        return best;
    }

    private boolean isEarly(TimedWord word) {
        return (word.startMillis() + word.endMillis()) / 2 < offsetMillis();
    }

    /** How many letters of a number of leading words are others than stand. */
    private int letterErrors(List<TimedWord> written, int leading) {
        List<String> others = written.subList(0, leading).stream()
                .flatMap(word -> letters(word.text()))
                .toList();
        return errors(words.stream().flatMap(Preface::letters).toList(), others)[others.size()];
    }

    private static Stream<String> letters(String word) {
        return Letters.of(word).codePoints().mapToObj(Character::toString);
    }

    /** For each number of leading items the edit distance (Levenshtein, 1966) between them and those that stand. */
    private static int[] errors(List<String> standing, List<String> others) {
        int[] row = new int[others.size() + 1];
        Arrays.setAll(row, i -> i);
        for (String item : standing) {
            int diagonal = row[0]++;
            for (int i = 1; i < row.length; i++) {
                int replaced = diagonal + (item.equals(others.get(i - 1)) ? 0 : 1);
                diagonal = row[i];
                row[i] = Math.min(replaced, 1 + Math.min(row[i], row[i - 1]));
            }
        }
        return row;
    }

    /** Of the island's own tokens, and of the end. */
    private static float averageLogProbability(Transcription whole, List<DecodedToken> own) {
        double all = (double) whole.averageLogProbability() * (whole.tokens().size() + 1);
        double others = whole.tokens().subList(0, whole.tokens().size() - own.size()).stream()
                .mapToDouble(DecodedToken::logProbability)
                .sum();
        return (float) Math.min(0, (all - others) / (own.size() + 1));
    }
}
