package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.kscribe.audio.LogMelSpectrogram;
import io.kscribe.compiler.WhisperConfig;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * What the encoder makes of {@linkplain Padding#merged merged} silence where there is nothing else: {@linkplain ContextLayout#borrowed windows
 * that borrow it} attend to it in place of their own silence, of which they would otherwise consist for the greater part.
 *
 * @param slots the first of them hold it, a run each, in the order of time
 * @param runs how many they are
 */
record MergedSilence(EncoderSlots slots, int runs) {
    /**
     * Normalised log-mel power of silence: the least that {@link LogMelSpectrogram} gives beside speech whose loudest bin has a power of
     * 10^1.6. Between -0.5 and -1.3, as recordings have it, it makes no difference that could be measured.
     */
    private static final float FLOOR = -0.6f;

    /** The window that it is computed from: as little audio as there can be, and that is silence. */
    static SpeechWindow window(int melBins) {
        int frames = ContextLayout.framesFor(1);
        float[] mel = new float[melBins * frames];
        Arrays.fill(mel, FLOOR);
        return new SpeechWindow(mel, melBins, frames, 1);
    }

    /** That window's layout, which has every run of silence that any window has. */
    static ContextLayout layout() {
        return ContextLayout.growing(1, Padding.merged());
    }

    /** {@code past_key.l, past_value.l} for a window that borrows its last runs. */
    void putPast(Map<String, OnnxTensor> inputs, NativeScope scope, ContextLayout layout) throws OrtException {
        slots.put(inputs, "past_", scope, first(layout), layout.borrowed());
    }

    /**
     * Puts one of the decoder's inputs together.
     *
     * @param output which, counted through the graph's {@code cross_key.l, cross_value.l}
     * @param computed {@code [heads, positions, headWidth]} of all positions that are not borrowed
     * @param all {@code [heads, size, headWidth]}: is given the whole window's
     */
    void complete(
            WhisperConfig config, int output, ContextLayout layout, FloatBuffer computed, FloatBuffer all, int size) {
        int width = config.headWidth();
        int own = (layout.size() - layout.borrowed()) * width;
        for (int head = 0; head < config.decoderHeads(); head++) {
            int at = head * size * width;
            all.put(at, computed, head * own, own);
            all.put(at + own, slots.cross(output), slots.crossPlace(head, first(layout)), layout.borrowed() * width);
        }
    }

    /** Puts a window's silence into slots. */
    void copyTo(EncoderSlots other, ContextLayout layout) {
        other.copy(0, slots, first(layout), layout.borrowed());
    }

    private int first(ContextLayout layout) {
        return runs - layout.borrowed();
    }
}
