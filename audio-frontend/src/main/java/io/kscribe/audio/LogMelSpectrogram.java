package io.kscribe.audio;

import java.util.Arrays;
import java.util.Objects;

/**
 * The log-mel spectrogram of one window (at most 30 s) of 16 kHz audio, computed as samples arrive.
 *
 * <p>It is what Whisper models take ("Robust Speech Recognition via Large-Scale Weak Supervision", arXiv:2212.04356,
 * section 2.2, and {@code whisper/audio.py} of OpenAI's reference): a frame every 10 ms, periodic Hann window of 25 ms,
 * power spectrum, 80 or 128 mel filters, decimal logarithm of at least 1e-10. The properties of the reference that a
 * stream has to mind, and what becomes of them here:
 *
 * <ul>
 *   <li>Frames are centred: frame {@code t} sees samples {@code 160 t - 200} to {@code 160 t + 199}, so a frame is
 *       complete 12.5 ms after its time. What lies before the first sample is its mirror image, as in the reference.
 *   <li>The reference computes 3001 frames and drops the last. Here it is never computed.
 *   <li>The reference pads audio with zeros to 30 s before it transforms. Here padding frames are known to be -10; the few
 *       frames that straddle the newest sample are computed with zeros whenever a window is asked for.
 *   <li>Behind the 30 s the reference mirrors once more, which only a window's last frame sees. So it is here.
 *   <li>The reference raises every value to 8 below the largest of all 3000 frames, then maps {@code x} to
 *       {@code (x + 4) / 4}. The largest is not known before the audio ends, so frames are kept as logarithms and this
 *       is done when a window is asked for.
 * </ul>
 *
 * <p>The result depends on the samples alone, to the last bit, and not on how they were cut into pieces. Not thread-safe.
 */
public final class LogMelSpectrogram {
    /** The sample rate of the audio, in hertz. */
    public static final int SAMPLE_RATE_HZ = 16_000;

    /** Samples that one frame sees. */
    public static final int FFT_SIZE = PowerSpectrum.SIZE;

    /** Samples from one frame to the next. */
    public static final int HOP_SAMPLES = 160;

    /** Samples of a full window. */
    public static final int WINDOW_SAMPLES = 480_000;

    /** Frames of a full window. */
    public static final int WINDOW_FRAMES = WINDOW_SAMPLES / HOP_SAMPLES;

    private static final int REACH = FFT_SIZE / 2;
    private static final double LEAST_ENERGY = 1e-10;
    private static final float SILENCE = -10;
    private static final float DYNAMIC_RANGE = 8;
    private static final int PENDING_SAMPLES = 4096;
    private static final int FIRST_FRAMES = 256;
    private static final double[] HANN = new double[FFT_SIZE];

    static {
        for (int i = 0; i < FFT_SIZE; i++) {
            HANN[i] = 0.5 - 0.5 * Math.cos(2 * Math.PI * i / FFT_SIZE);
        }
    }

    private final MelFilters filters;
    private final PowerSpectrum spectrum = new PowerSpectrum();
    private final double[] windowed = new double[FFT_SIZE];
    private final double[] power = new double[PowerSpectrum.BINS];

    /** Samples from {@link #pendingStart} on: those that a frame to come still sees. */
    private final float[] pending = new float[PENDING_SAMPLES];

    private int pendingStart;
    private int samples;

    /** Logarithms of complete frames, {@code [frames, melBins]}. */
    private float[] complete;

    private int completeFrames;
    private float completeMax = SILENCE;

    /**
     * An empty window.
     *
     * @param melBins 80 or 128
     * @throws IllegalArgumentException if it is anything else
     */
    public LogMelSpectrogram(int melBins) {
        this.filters = MelFilters.of(melBins);
        this.complete = new float[FIRST_FRAMES * melBins];
    }

    /** How many mel bins a frame has. */
    public int melBins() {
        return filters.count();
    }

    /** How many samples were accepted so far. */
    public int samples() {
        return samples;
    }

    /** How many frames see any audio so far; those after them are padding. */
    public int audioFrames() {
        return samples == 0 ? 0 : Math.min(WINDOW_FRAMES, (samples + REACH + HOP_SAMPLES - 1) / HOP_SAMPLES);
    }

    /**
     * Takes the samples that follow, full scale at -1 and 1.
     *
     * @throws IllegalStateException if there would be more than {@link #WINDOW_SAMPLES} in all
     * @throws IndexOutOfBoundsException if the range is not within the array
     */
    public void accept(float[] audio, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, audio.length);
        if (length > WINDOW_SAMPLES - samples) {
            throw new IllegalStateException("A log-mel window was given " + length + " samples after " + samples
                    + "; expected at most " + WINDOW_SAMPLES + " in all.");
        }
        int taken = 0;
        while (taken < length) {
            int held = samples - pendingStart;
            int piece = Math.min(length - taken, PENDING_SAMPLES - held);
            System.arraycopy(audio, offset + taken, pending, held, piece);
            samples += piece;
            taken += piece;
            completeFrames();
        }
    }

    /**
     * The first frames of the window, normalised as if the audio so far were followed by silence up to 30 s. May be asked
     * for at any time and again; accepting goes on after it.
     *
     * @param frames how many, 1 to {@link #WINDOW_FRAMES}; those after {@link #audioFrames} are all alike
     * @return {@code [melBins, frames]}, mel-major
     * @throws IllegalArgumentException if there are no such frames
     */
    public float[] window(int frames) {
        if (frames < 1 || frames > WINDOW_FRAMES) {
            throw new IllegalArgumentException(
                    "A log-mel window of " + frames + " frames was asked for; expected 1 to " + WINDOW_FRAMES + ".");
        }
        int bins = melBins();
        float[] boundary = new float[(audioFrames() - completeFrames) * bins];
        for (int frame = completeFrames; frame < audioFrames(); frame++) {
            logMel(frame, boundary, (frame - completeFrames) * bins);
        }
        float max = completeMax;
        for (float value : boundary) {
            max = Math.max(max, value);
        }
        float least = max - DYNAMIC_RANGE;
        float[] window = new float[bins * frames];
        Arrays.fill(window, normalised(SILENCE, least));
        int head = Math.min(frames, completeFrames);
        int tail = Math.min(frames, audioFrames()) - head;
        for (int bin = 0; bin < bins; bin++) {
            int to = bin * frames;
            for (int frame = 0; frame < head; frame++) {
                window[to + frame] = normalised(complete[frame * bins + bin], least);
            }
            for (int frame = 0; frame < tail; frame++) {
                window[to + head + frame] = normalised(boundary[frame * bins + bin], least);
            }
        }
        return window;
    }

    private static float normalised(float value, float least) {
        return (Math.max(value, least) + 4) / 4;
    }

    /** Computes the frames that have become complete, and lets go of samples that no later frame sees. */
    private void completeFrames() {
        // The first frame's mirror image reaches one sample further than its window; the same rule for all is simplest.
        int ready = samples <= REACH ? 0 : (samples - REACH - 1) / HOP_SAMPLES + 1;
        if (ready == completeFrames) {
            return;
        }
        int bins = melBins();
        if (ready * bins > complete.length) {
            complete = Arrays.copyOf(complete, Math.min(WINDOW_FRAMES, Math.max(ready, 2 * completeFrames)) * bins);
        }
        for (int frame = completeFrames; frame < ready; frame++) {
            completeMax = Math.max(completeMax, logMel(frame, complete, frame * bins));
        }
        completeFrames = ready;
        int start = Math.max(0, ready * HOP_SAMPLES - REACH);
        System.arraycopy(pending, start - pendingStart, pending, 0, samples - start);
        pendingStart = start;
    }

    /** Puts one frame's logarithms into {@code out} and returns the largest. */
    private float logMel(int frame, float[] out, int offset) {
        int first = frame * HOP_SAMPLES - REACH;
        if (first >= 0 && first + FFT_SIZE <= samples) {
            int from = first - pendingStart;
            for (int i = 0; i < FFT_SIZE; i++) {
                windowed[i] = pending[from + i] * HANN[i];
            }
        } else {
            for (int i = 0; i < FFT_SIZE; i++) {
                windowed[i] = sample(first + i) * HANN[i];
            }
        }
        spectrum.compute(windowed, power);
        float max = SILENCE;
        for (int bin = 0; bin < filters.count(); bin++) {
            float value = (float) FastLog10.of(Math.max(filters.energy(bin, power), LEAST_ENERGY));
            out[offset + bin] = value;
            max = Math.max(max, value);
        }
        return max;
    }

    /** A sample of the padded window: mirrored at both ends of the 30 s, zero after the newest sample. */
    private float sample(int index) {
        int mirrored = index < 0 ? -index : index < WINDOW_SAMPLES ? index : 2 * (WINDOW_SAMPLES - 1) - index;
        return mirrored < samples ? pending[mirrored - pendingStart] : 0;
    }
}
