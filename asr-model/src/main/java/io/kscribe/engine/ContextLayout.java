package io.kscribe.engine;

import io.kscribe.audio.LogMelSpectrogram;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which of the window's 1500 encoder positions are computed, and how many each of them stands for.
 *
 * <p>Whisper was trained on windows of 30 s, with silence after the speech, and goes astray without that silence. But positions of silence
 * differ in their position embedding alone. So the audio's own positions are kept with a stretch of padding after them; of each run of
 * the remaining padding only the position at its middle is computed, and {@code ln(run)} is added to every attention logit towards
 * it: {@code softmax} then gives it the weight of the run. The mean over many equal keys is kept at a fraction of its cost. A short window
 * need not compute even those ({@link MergedSilence}).
 */
final class ContextLayout {
    /** Added to an attention logit that is to have no weight: its exponential is 0 in single precision. */
    private static final float UNHEARD = -1e4f;

    /** Positions of padding that go through the convolutions: two that see the audio, one that is repeated, one that sees the mel's end. */
    private static final int PADDING_HEARD = 4;

    /** The longest audio whose silence is borrowed: 4 s. Of a longer window silence is the smaller part, and the window's own errs less. */
    static final int SHORT_POSITIONS = 200;

    private static final int MILLIS_A_POSITION = 20;
    private static final int WINDOW_POSITIONS = LogMelSpectrogram.WINDOW_FRAMES / 2;

    private final int audioPositions;
    private final int frames;
    private final int borrowed;
    private final long[] positions;
    private final long[] sources;
    private final float[] keyBias;

    private ContextLayout(int samples, Padding padding, boolean grows) {
        audioPositions = (framesOf(samples) + 1) / 2;
        // The first output of the two convolutions that sees padding alone, and does not see the end of the mel.
        int silence = audioPositions + 2;
        frames = framesFor(samples);
        int dense = audioPositions + (int) (padding.dense().toMillis() / MILLIS_A_POSITION);
        boolean borrows = padding.equals(Padding.merged()) && (grows || audioPositions <= SHORT_POSITIONS);
        if (grows || borrows) {
            dense += Math.floorMod(WINDOW_POSITIONS - dense, padding.run());
        }
        int[] runs = runs(dense, padding);
        borrowed = borrows ? Math.max(0, runs.length - dense) : 0;
        positions = new long[runs.length];
        sources = new long[runs.length];
        keyBias = new float[runs.length];
        int at = 0;
        for (int i = 0; i < runs.length; i++) {
            positions[i] = (long) at + runs[i] / 2;
            sources[i] = frames == LogMelSpectrogram.WINDOW_FRAMES ? positions[i] : Math.min(positions[i], silence);
            keyBias[i] = (float) Math.log(runs[i]);
            at += runs[i];
        }
    }

    /** How many positions of the window each one stands for. */
    private static int[] runs(int dense, Padding padding) {
        IntStream.Builder runs = IntStream.builder();
        double length = padding.run();
        for (int at = 0, run; at < WINDOW_POSITIONS; at += run) {
            run = 1;
            if (at >= dense) {
                run = (int) Math.min(WINDOW_POSITIONS - at, Math.round(length));
                length *= padding.growth();
            }
            runs.add(run);
        }
        return runs.build().toArray();
    }

    /** The layout of a window with so many samples of audio. */
    static ContextLayout of(int samples, Padding padding) {
        return new ContextLayout(samples, padding, false);
    }

    /** The layout of a window that grows: unless runs grow, they lie where they lay when it was shorter. */
    static ContextLayout growing(int samples, Padding padding) {
        return new ContextLayout(samples, padding, true);
    }

    private ContextLayout(ContextLayout layout, int size) {
        audioPositions = layout.audioPositions;
        frames = layout.frames;
        borrowed = layout.borrowed;
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

    /** Mel frames that the convolutions need to see: the audio's and, if there is room for it, some padding. */
    static int framesFor(int samples) {
        int audioPositions = (framesOf(samples) + 1) / 2;
        return Math.min(LogMelSpectrogram.WINDOW_FRAMES, 2 * (audioPositions + PADDING_HEARD));
    }

    /** Mel frames that the convolutions need to see. */
    int frames() {
        return frames;
    }

    /** Leading positions that hold audio, 20 ms each. */
    int audioPositions() {
        return audioPositions;
    }

    /** How many of the last positions, each of which stands for a run of padding, may be taken from {@link MergedSilence}. */
    int borrowed() {
        return borrowed;
    }

    /** How many positions there are, those that are borrowed among them. */
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

    /** The logarithm of how many positions one stands for. */
    float keyBias(int position) {
        return keyBias[position];
    }
}
