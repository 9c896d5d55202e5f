package io.kscribe.recognizer;

import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.DecodingRequest;
import io.kscribe.engine.SpeechWindow;
import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What was said just before an island, to be heard again in front of it: text has fewer errors the more of a speaker the model hears at
 * once.
 *
 * <p>The text that stands is given, so that the model only writes on. What it writes is the island's, but for marks after the last word
 * that stands; if it makes another word of that one, the two cannot be told apart, and the island gets nothing.
 *
 * @param samples the audio before the island's, at 16 kHz; none if nothing was said
 * @param tokens the text that stands
 * @param lastWord its last word; empty if there is no text
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bulk numbers, never compared
record Preface(float[] samples, List<DecodedToken> tokens, String lastWord) {
    static final Preface NONE = new Preface(new float[0], List.of(), "");

    private static final int SAMPLES_A_MILLI = 16;

    Preface {
        tokens = List.copyOf(tokens);
    }

    /** Silence, so that an island is heard later in the window. */
    static Preface silence(Duration duration) {
        return new Preface(new float[(int) duration.toMillis() * SAMPLES_A_MILLI], List.of(), "");
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
        return tokens.isEmpty() ? alone : alone.withPrefix(tokens);
    }

    /** What the island adds to the text that stands, with times from the island's start. */
    Transcription rest(Transcription whole) {
        if (isEmpty()) {
            return whole;
        }
        int standing = standingWords(whole.words());
        List<TimedWord> after = whole.words().subList(standing, whole.words().size());
        int fromToken = standing == 0 ? 0 : whole.words().get(standing - 1).endToken();
        int standingChars = standing == 0 ? 0 : whole.words().get(standing - 1).endChar();
        int fromChar = after.isEmpty()
                ? whole.text().length()
                : Math.max(standingChars, whole.text().indexOf(after.get(0).text(), standingChars));
        long offsetMillis = samples.length / SAMPLES_A_MILLI;
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

    /** How many of the words are not the island's. */
    private int standingWords(List<TimedWord> written) {
        int standing = 0;
        int token = 0;
        for (; standing < written.size() && token < tokens.size(); standing++) {
            token = written.get(standing).endToken();
        }
        boolean isAnother = token > tokens.size()
                && !Letters.of(written.get(standing - 1).text()).equals(Letters.of(lastWord));
        return isAnother ? written.size() : standing;
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
