package io.kscribe.audio;

import be.tarsos.dsp.resample.Resampler;

/**
 * The low-pass filter of TarsosDSP's high-quality {@link Resampler}, as a table of phases for one pair of rates.
 *
 * <p>The filter is a Kaiser-windowed sinc (J. O. Smith, "Digital Audio Resampling") that reaches 17 samples of the lower
 * rate to either side. It is read off the Resampler's answer to an impulse, once, finely enough to interpolate. The
 * Resampler itself is not kept in a stream: it holds 0.6 MB, adds up its time in floating point, and cannot be set to a
 * position.
 */
final class ResamplingFilter {
    /** Samples of the lower rate that the filter reaches to either side. */
    static final int WING = 17;

    /** Phases that are worth a table; 44.1 kHz to 16 kHz has 160. Odd pairs of rates have more: a row at a time then. */
    private static final int MOST_TABLED_PHASES = 1024;

    private static final int STEPS_PER_SAMPLE = 256;
    private static final float[] RESPONSE = response();

    private final int phases;
    private final double scale;
    private final int before;
    private final float[][] rows;

    /**
     * The filter for an output rate of {@code phases / step} times the input rate.
     *
     * @param phases how many positions between two input samples an output sample can have
     * @param step by how many of those positions one output sample follows another
     */
    ResamplingFilter(int phases, int step) {
        this.phases = phases;
        this.scale = Math.min(1, (double) phases / step);
        int wing = (int) Math.ceil(WING / scale);
        this.before = wing - 1;
        this.rows = new float[Math.min(phases, MOST_TABLED_PHASES)][2 * wing];
        if (isTabled()) {
            for (int phase = 0; phase < phases; phase++) {
                fill(rows[phase], phase);
            }
        }
    }

    /** How many input samples before the one at or before an output sample take part. */
    int before() {
        return before;
    }

    /** How many input samples after the one at or before an output sample take part. */
    int after() {
        return before + 1;
    }

    /**
     * One output sample.
     *
     * @param phase how far it lies behind the input sample at or before it, in positions
     * @param input the input
     * @param from where the first of {@code before() + 1 + after()} input samples is
     */
    float apply(int phase, float[] input, int from) {
        float[] row = rows[isTabled() ? phase : 0];
        if (!isTabled()) {
            fill(row, phase);
        }
        float sum0 = 0;
        float sum1 = 0;
        float sum2 = 0;
        float sum3 = 0;
        int i = 0;
        for (; i + 3 < row.length; i += 4) {
            sum0 += row[i] * input[from + i];
            sum1 += row[i + 1] * input[from + i + 1];
            sum2 += row[i + 2] * input[from + i + 2];
            sum3 += row[i + 3] * input[from + i + 3];
        }
        for (; i < row.length; i++) {
            sum0 += row[i] * input[from + i];
        }
        return (sum0 + sum1) + (sum2 + sum3);
    }

    /**
     * Output samples of a tabled phase that lie one input sample apart: tap after tap for all of them. The input of each tap is moved to the
     * output's places first, since Java vectorises sums over arrays only where their places are the same.
     *
     * @param phase as for {@link #apply}
     * @param from where the first of the first one's input samples is
     * @param count how many
     */
    float[] applyEach(int phase, float[] input, int from, int count) {
        float[] output = new float[count];
        float[] moved = new float[count];
        for (int tap = 0; tap < rows[phase].length; tap++) {
            System.arraycopy(input, from + tap, moved, 0, count);
            addProducts(rows[phase][tap], moved, output);
        }
        return output;
    }

    private static void addProducts(float factor, float[] input, float[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += factor * input[i];
        }
    }

    private boolean isTabled() {
        return phases <= MOST_TABLED_PHASES;
    }

    /** Each row adds up to one, so that a constant stays what it is. */
    private void fill(float[] row, int phase) {
        double sum = 0;
        for (int i = 0; i < row.length; i++) {
            row[i] = response(((double) phase / phases + before - i) * scale);
            sum += row[i];
        }
        for (int i = 0; i < row.length; i++) {
            row[i] /= (float) sum;
        }
    }

    private static float response(double samples) {
        double at = Math.abs(samples) * STEPS_PER_SAMPLE;
        int index = (int) at;
        if (index + 1 >= RESPONSE.length) {
            return 0;
        }
        return (float) (RESPONSE[index] + (at - index) * (RESPONSE[index + 1] - RESPONSE[index]));
    }

    private static float[] response() {
        Resampler resampler = new Resampler(true, STEPS_PER_SAMPLE, STEPS_PER_SAMPLE);
        float[] impulse = new float[WING + 2 * resampler.getFilterWidth()];
        impulse[0] = 1;
        float[] response = new float[WING * STEPS_PER_SAMPLE + 1];
        resampler.process(STEPS_PER_SAMPLE, impulse, 0, impulse.length, false, response, 0, response.length);
        return response;
    }
}
