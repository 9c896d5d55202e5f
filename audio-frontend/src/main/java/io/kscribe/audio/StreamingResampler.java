package io.kscribe.audio;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Converts one channel of audio from its rate to another as it arrives, the same for every way of cutting it into pieces.
 *
 * <p>Output sample {@code n} is the input at the time {@code n / outputRateHz}, through TarsosDSP's low-pass filter: no
 * delay, gain 1. Its place among the input samples is found with integers, so time cannot drift however long the stream
 * is. It depends on the input within {@link #FILTER_WING_SAMPLES} to either side and on nothing else. Hence:
 *
 * <ul>
 *   <li>A sample is given out as soon as the input that it depends on has arrived, at most {@link #FILTER_WING_SAMPLES}
 *       of the lower rate (rounded up to an input sample) after its time: 2.1 ms for telephone audio.
 *   <li>A resampler that starts at whole second {@code k - 1} of a stream gives, from second {@code k} on, bit for bit
 *       what one that started at the beginning gives. (The filter's reach is all it needs to look behind; whole seconds
 *       are where a sample of either rate lies.)
 * </ul>
 *
 * <p>Before the first input sample and after the last there is silence. Equal rates pass through untouched. Not
 * thread-safe.
 */
public final class StreamingResampler {
    /** The lowest rate that is taken, in hertz. */
    public static final int MIN_RATE_HZ = 4_000;

    /** The highest rate that is taken, in hertz. */
    public static final int MAX_RATE_HZ = 192_000;

    /** How far the filter reaches to either side, in samples of the lower of the two rates. */
    public static final int FILTER_WING_SAMPLES = ResamplingFilter.WING;

    private final int phases;
    private final int step;
    private final ResamplingFilter filter;

    /** Input that outputs to come depend on: from {@code filter.before()} before the one at or before the next output. */
    private float[] held;

    private int heldLength;
    private long accepted;
    private long given;
    private int phase;
    private boolean finished;

    /**
     * A stream that has not begun.
     *
     * @throws IllegalArgumentException if a rate is not within {@link #MIN_RATE_HZ} to {@link #MAX_RATE_HZ}
     */
    public StreamingResampler(int inputRateHz, int outputRateHz) {
        requireRate("input", inputRateHz);
        requireRate("output", outputRateHz);
        int common = BigInteger.valueOf(inputRateHz)
                .gcd(BigInteger.valueOf(outputRateHz))
                .intValue();
        this.phases = outputRateHz / common;
        this.step = inputRateHz / common;
        this.filter = new ResamplingFilter(phases, step);
        this.heldLength = filter.before();
        this.held = new float[heldLength];
    }

    private static void requireRate(String which, int rateHz) {
        if (rateHz < MIN_RATE_HZ || rateHz > MAX_RATE_HZ) {
            throw new IllegalArgumentException("The " + which + " rate is " + rateHz + " Hz; expected " + MIN_RATE_HZ
                    + " to " + MAX_RATE_HZ + " Hz.");
        }
    }

    /**
     * Takes the samples that follow.
     *
     * @return the output that became final, possibly none
     * @throws IllegalStateException after {@link #finish}
     */
    public float[] accept(float[] samples) {
        if (finished) {
            throw new IllegalStateException("The resampler was given samples after the end of its stream.");
        }
        accepted += samples.length;
        if (phases == step) {
            return samples.clone();
        }
        hold(samples);
        return giveUpTo(accepted - filter.after());
    }

    /**
     * Ends the stream.
     *
     * @return the output that is left; in all there are {@code ceil(input samples * outputRateHz / inputRateHz)}, which is
     *     one for each output time before the end of the input
     * @throws IllegalStateException if it has ended before
     */
    public float[] finish() {
        if (finished) {
            throw new IllegalStateException("The resampler's stream was ended twice.");
        }
        finished = true;
        if (phases == step) {
            return new float[0];
        }
        hold(new float[filter.after()]);
        return giveUpTo(accepted);
    }

    private void hold(float[] samples) {
        if (heldLength + samples.length > held.length) {
            held = Arrays.copyOf(held, heldLength + samples.length);
        }
        System.arraycopy(samples, 0, held, heldLength, samples.length);
        heldLength += samples.length;
    }

    /** Gives the output samples that lie before an input position, and lets go of input that none to come depends on. */
    private float[] giveUpTo(long inputPosition) {
        long end = Math.max(given, -Math.floorDiv(-inputPosition * phases, (long) step));
        float[] output = new float[Math.toIntExact(end - given)];
        int passed = step == 1 ? multiply(output) : walk(output);
        given = end;
        heldLength -= passed;
        System.arraycopy(held, passed, held, 0, heldLength);
        return output;
    }

    /** Computes output at a multiple of the input's rate, phase by phase; gives how many input samples it passed. */
    private int multiply(float[] output) {
        for (int first = 0; first < Math.min(phases, output.length); first++) {
            int place = phase + first;
            int count = (output.length - first + phases - 1) / phases;
            float[] each = filter.applyEach(place % phases, held, place / phases, count);
            for (int i = 0; i < count; i++) {
                output[first + i * phases] = each[i];
            }
        }
        int place = phase + output.length;
        phase = place % phases;
        return place / phases;
    }

    /** Computes output at any rate, sample by sample; gives how many input samples it passed. */
    private int walk(float[] output) {
        int whole = step / phases;
        int rest = step % phases;
        int from = 0;
        for (int i = 0; i < output.length; i++) {
            output[i] = filter.apply(phase, held, from);
            from += whole;
            phase += rest;
            if (phase >= phases) {
                phase -= phases;
                from++;
            }
        }
        return from;
    }
}
