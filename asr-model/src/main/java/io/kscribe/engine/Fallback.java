package io.kscribe.engine;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;

/**
 * What is tried when the likeliest text cannot be right.
 *
 * <p>A text that loops or does not end is written again over the full window, without merged silence. Instead of a text that still fails the
 * thresholds others are drawn at random from what the model finds likely, at one temperature after the other. Temperatures, thresholds
 * and their order are those of OpenAI's reference ({@code decode_with_fallback} in {@code whisper/transcribe.py}). If all
 * fail the best of them is taken; there it is the last, which is the wildest.
 *
 * @param fullWindow whether a text that is not complete is decoded over the full window, at several times the cost
 * @param temperatures what the log-probabilities are divided by before a text is drawn, each above 0; default 0.2, 0.4, 0.6, 0.8, 1
 * @param compressionRatio a text whose UTF-8 bytes zlib shrinks by more than this repeats itself; default 2.4
 * @param averageLogProbability a text whose tokens are less likely in the mean fails; default -1
 * @param noSpeechProbability above this an unlikely text is silence, and nothing else is tried; default 0.6
 */
public record Fallback(
        boolean fullWindow,
        List<Float> temperatures,
        float compressionRatio,
        float averageLogProbability,
        float noSpeechProbability) {
    private static final int BUFFER_BYTES = 1024;

    public Fallback {
        temperatures = List.copyOf(temperatures);
        for (float temperature : temperatures) {
            if (!(temperature > 0 && temperature <= 10)) {
                throw new IllegalArgumentException(
                        "a temperature lies above 0 and at most at 10, not at " + temperature);
            }
        }
        if (!(compressionRatio > 0)) {
            throw new IllegalArgumentException("compressionRatio must be above 0 but was " + compressionRatio);
        }
        if (!(averageLogProbability <= 0)) {
            throw new IllegalArgumentException(
                    "averageLogProbability must be at most 0 but was " + averageLogProbability);
        }
        if (!(noSpeechProbability >= 0 && noSpeechProbability <= 1)) {
            throw new IllegalArgumentException(
                    "noSpeechProbability must lie between 0 and 1 but was " + noSpeechProbability);
        }
    }

    /** All of it, for recordings. */
    public static Fallback reference() {
        return new Fallback(true, List.of(0.2f, 0.4f, 0.6f, 0.8f, 1f), 2.4f, -1f, 0.6f);
    }

    /** The full window alone, for live audio: it costs the same however often it fails. */
    public static Fallback fullWindowOnly() {
        Fallback reference = reference();
        return new Fallback(
                true,
                List.of(),
                reference.compressionRatio,
                reference.averageLogProbability,
                reference.noSpeechProbability);
    }

    /** Nothing, for a text that is soon replaced by another. */
    public static Fallback none() {
        Fallback reference = reference();
        return new Fallback(
                false,
                List.of(),
                reference.compressionRatio,
                reference.averageLogProbability,
                reference.noSpeechProbability);
    }

    /** False if the text is so doubtful that another should be tried. */
    boolean accepts(Transcription text) {
        boolean unlikely = text.averageLogProbability() < averageLogProbability;
        if (unlikely && text.noSpeechProbability() > noSpeechProbability) {
            return true;
        }
        return sound(text) && !unlikely;
    }

    /** One of two texts: that which is accepted, else that which ended and does not repeat itself, else the likelier one. */
    Transcription better(Transcription one, Transcription other) {
        return Stream.of(one, other)
                .max(Comparator.comparing(this::accepts)
                        .thenComparing(this::sound)
                        .thenComparing(Transcription::averageLogProbability))
                .orElseThrow();
    }

    private boolean sound(Transcription text) {
        return text.complete() && compressionRatio(text.text()) <= compressionRatio;
    }

    /** How many times smaller zlib makes a text's UTF-8 bytes. */
    static float compressionRatio(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(bytes);
            deflater.finish();
            byte[] buffer = new byte[BUFFER_BYTES];
            int compressed = 0;
            while (!deflater.finished()) {
                compressed += deflater.deflate(buffer);
            }
            return (float) bytes.length / compressed;
        } finally {
            deflater.end();
        }
    }
}
