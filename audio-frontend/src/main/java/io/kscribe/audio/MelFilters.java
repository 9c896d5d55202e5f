package io.kscribe.audio;

/**
 * Triangular filters that gather a power spectrum of 16 kHz audio into bins of equal width on the mel scale.
 *
 * <p>The scale and the normalisation are those of Slaney's Auditory Toolbox (Interval Research technical report
 * 1998-010): linear below 1 kHz, logarithmic above, each triangle of unit area. The edges run from 0 to 8 kHz. Only the
 * weights that are not zero are kept. Immutable and shared by all who use the same number of bins.
 */
final class MelFilters {
    private static final double LINEAR_HZ_PER_MEL = 200.0 / 3;
    private static final double LOGARITHMIC_FROM_HZ = 1000;
    private static final double LOGARITHMIC_FROM_MEL = LOGARITHMIC_FROM_HZ / LINEAR_HZ_PER_MEL;
    private static final double LOGARITHM_PER_MEL = Math.log(6.4) / 27;
    private static final double HIGHEST_HZ = LogMelSpectrogram.SAMPLE_RATE_HZ / 2.0;
    private static final double HZ_PER_BIN = (double) LogMelSpectrogram.SAMPLE_RATE_HZ / PowerSpectrum.SIZE;

    private static final MelFilters OF_80 = new MelFilters(80);
    private static final MelFilters OF_128 = new MelFilters(128);

    private final int[] firsts;
    private final double[][] weights;

    private MelFilters(int count) {
        firsts = new int[count];
        weights = new double[count][];
        double highestMel = toMel(HIGHEST_HZ);
        for (int bin = 0; bin < count; bin++) {
            double low = toHz(highestMel * bin / (count + 1));
            double centre = toHz(highestMel * (bin + 1) / (count + 1));
            double high = toHz(highestMel * (bin + 2) / (count + 1));
            int first = (int) Math.ceil(low / HZ_PER_BIN);
            int last = Math.min((int) Math.floor(high / HZ_PER_BIN), PowerSpectrum.BINS - 1);
            firsts[bin] = first;
            weights[bin] = new double[Math.max(0, last - first + 1)];
            for (int i = 0; i < weights[bin].length; i++) {
                double hz = (first + i) * HZ_PER_BIN;
                double height = Math.min((hz - low) / (centre - low), (high - hz) / (high - centre));
                weights[bin][i] = Math.max(0, height) * 2 / (high - low);
            }
        }
    }

    /**
     * The filters for that many bins.
     *
     * @throws IllegalArgumentException if it is neither 80 nor 128, which are what Whisper models have
     */
    static MelFilters of(int count) {
        return switch (count) {
            case 80 -> OF_80;
            case 128 -> OF_128;
            default ->
                throw new IllegalArgumentException(
                        "A log-mel spectrogram of " + count + " bins was asked for; expected 80 or 128.");
        };
    }

    int count() {
        return firsts.length;
    }

    /** The energy that one filter gathers. */
    double energy(int bin, double[] power) {
        double[] weight = weights[bin];
        int first = firsts[bin];
        double energy = 0;
        for (int i = 0; i < weight.length; i++) {
            energy += weight[i] * power[first + i];
        }
        return energy;
    }

    private static double toMel(double hz) {
        return hz < LOGARITHMIC_FROM_HZ
                ? hz / LINEAR_HZ_PER_MEL
                : LOGARITHMIC_FROM_MEL + Math.log(hz / LOGARITHMIC_FROM_HZ) / LOGARITHM_PER_MEL;
    }

    private static double toHz(double mel) {
        return mel < LOGARITHMIC_FROM_MEL
                ? mel * LINEAR_HZ_PER_MEL
                : LOGARITHMIC_FROM_HZ * Math.exp((mel - LOGARITHMIC_FROM_MEL) * LOGARITHM_PER_MEL);
    }
}
