package io.kscribe.engine;

import io.kscribe.audio.LogMelSpectrogram;
import java.util.Arrays;

/**
 * Which of the window's 1500 encoder positions are computed, and how many each of them stands for.
 *
 * <p>Whisper was trained on windows of 30 s, with silence after the speech, and goes astray without that silence. But positions of silence
 * differ in their position embedding alone. So the audio's own positions are kept with a stretch of padding after them; of
 * the remaining padding only every {@code stride}-th position is computed, at the middle of the run that it stands for, and
 * {@code ln(run)} is added to every attention logit towards it: {@code softmax} then gives it the weight of the run. The mean
 * over many equal keys is kept at a fraction of its cost.
 */
final class ContextLayout {
    /** Padding positions kept one by one after the audio: 0.6 s. */
    static final int DENSE_PADDING_POSITIONS = 30;

    /** How many of the further padding positions share one. */
    static final int PADDING_STRIDE = 10;

    /** Added to an attention logit that is to have no weight: its exponential is 0 in single precision. */
    private static final float UNHEARD = -1e4f;

    private static final int WINDOW_POSITIONS = LogMelSpectrogram.WINDOW_FRAMES / 2;

    private final int audioPositions;
    private final int frames;
    private final long[] positions;
    private final long[] sources;
    private final float[] keyBias;

    private ContextLayout(int samples, int densePadding, int stride) {
        int audioFrames = framesOf(samples);
        audioPositions = (audioFrames + 1) / 2;
        // The first output of the two convolutions that sees padding alone, and two more so that it does not see the
        // mel's end.
        int padding = (audioFrames + 1) / 2 + 2;
        frames = Math.min(LogMelSpectrogram.WINDOW_FRAMES, 2 * (padding + 2));
        int dense = Math.min(WINDOW_POSITIONS, audioPositions + densePadding);
        int runs = (WINDOW_POSITIONS - dense + stride - 1) / stride;
        positions = new long[dense + runs];
        sources = new long[dense + runs];
        keyBias = new float[dense + runs];
        int at = 0;
        for (int i = 0; i < positions.length; i++) {
            int run = i < dense ? 1 : Math.min(stride, WINDOW_POSITIONS - at);
            positions[i] = (long) at + run / 2;
            sources[i] = frames == LogMelSpectrogram.WINDOW_FRAMES ? positions[i] : Math.min(positions[i], padding);
            keyBias[i] = (float) Math.log(run);
            at += run;
        }
    }

    /** The layout that is as good as the full window at a fraction of its cost. */
    static ContextLayout merged(int samples) {
        return new ContextLayout(samples, DENSE_PADDING_POSITIONS, PADDING_STRIDE);
    }

    /** Every position on its own, as Whisper was trained. */
    static ContextLayout full(int samples) {
        return new ContextLayout(samples, WINDOW_POSITIONS, 1);
    }

    private ContextLayout(ContextLayout layout, int size) {
        audioPositions = layout.audioPositions;
        frames = layout.frames;
        positions = Arrays.copyOf(layout.positions, size);
        sources = Arrays.copyOf(layout.sources, size);
        keyBias = Arrays.copyOf(layout.keyBias, size);
        Arrays.fill(keyBias, layout.size(), size, UNHEARD);
    }

    /** The layout with more positions, which nothing attends to. */
    ContextLayout filledTo(int size) {
        return new ContextLayout(this, size);
    }

    private static int framesOf(int samples) {
        int frames = (samples + LogMelSpectrogram.HOP_SAMPLES - 1) / LogMelSpectrogram.HOP_SAMPLES;
        return Math.min(LogMelSpectrogram.WINDOW_FRAMES, frames);
    }

    /** Mel frames that the convolutions need to see. */
    int frames() {
        return frames;
    }

    /** Leading positions that hold audio, 20 ms each. */
    int audioPositions() {
        return audioPositions;
    }

    /** How many positions are computed. */
    int size() {
        return positions.length;
    }

    /** {@code [T]}: each position's place in the full window. */
    long[] positions() {
        return positions.clone();
    }

    /** {@code [T]}: the convolution output that feeds each position. */
    long[] sources() {
        return sources.clone();
    }

    /** {@code [T]}: the logarithm of how many positions each stands for. */
    float[] keyBias() {
        return keyBias.clone();
    }
}
