package io.kscribe.audio;

/**
 * Whisper's log-mel spectrogram the slow and obvious way: pad to 30 s, mirror the ends, multiply by a Hann window, sum
 * up the discrete Fourier transform term by term, multiply by the whole mel matrix, all in double precision.
 *
 * <p>After arXiv:2212.04356 section 2.2 and the constants of OpenAI's {@code whisper/audio.py}; the mel scale is that of
 * Slaney's Auditory Toolbox. Public, and in this module's test jar, for tests of other modules.
 */
public final class ReferenceLogMel {
    private static final int WINDOW_SAMPLES = 30 * 16_000;
    private static final int FRAMES = 3000;
    private static final int SIZE = 400;
    private static final int HOP = 160;

    private ReferenceLogMel() {}

    /**
     * Computes a full window.
     *
     * @param audio at most 30 s at 16 kHz
     * @return {@code [melBins][3000]}
     */
    public static double[][] compute(float[] audio, int melBins) {
        double[] padded = mirrored(audio);
        double[][] filters = filters(melBins);
        double[][] mel = new double[melBins][FRAMES];
        double max = Double.NEGATIVE_INFINITY;
        for (int frame = 0; frame < FRAMES; frame++) {
            double[] power = power(padded, frame * HOP);
            for (int bin = 0; bin < melBins; bin++) {
                double energy = 0;
                for (int k = 0; k <= SIZE / 2; k++) {
                    energy += filters[bin][k] * power[k];
                }
                mel[bin][frame] = Math.log10(Math.max(energy, 1e-10));
                max = Math.max(max, mel[bin][frame]);
            }
        }
        for (double[] row : mel) {
            for (int frame = 0; frame < FRAMES; frame++) {
                row[frame] = (Math.max(row[frame], max - 8) + 4) / 4;
            }
        }
        return mel;
    }

    private static double[] mirrored(float[] audio) {
        double[] zeroPadded = new double[WINDOW_SAMPLES];
        for (int i = 0; i < audio.length; i++) {
            zeroPadded[i] = audio[i];
        }
        int half = SIZE / 2;
        double[] mirrored = new double[WINDOW_SAMPLES + SIZE];
        for (int i = 0; i < mirrored.length; i++) {
            int at = Math.abs(i - half);
            mirrored[i] = zeroPadded[at < WINDOW_SAMPLES ? at : 2 * (WINDOW_SAMPLES - 1) - at];
        }
        return mirrored;
    }

    private static double[] power(double[] samples, int start) {
        double[] power = new double[SIZE / 2 + 1];
        double[] windowed = new double[SIZE];
        boolean silent = true;
        for (int i = 0; i < SIZE; i++) {
            windowed[i] = samples[start + i] * (0.5 - 0.5 * COS[i]);
            silent &= windowed[i] == 0;
        }
        if (silent) {
            return power;
        }
        for (int k = 0; k < power.length; k++) {
            double re = 0;
            double im = 0;
            for (int i = 0; i < SIZE; i++) {
                re += windowed[i] * COS[k * i % SIZE];
                im -= windowed[i] * SIN[k * i % SIZE];
            }
            power[k] = re * re + im * im;
        }
        return power;
    }

    private static final double[] COS = new double[SIZE];
    private static final double[] SIN = new double[SIZE];

    static {
        for (int i = 0; i < SIZE; i++) {
            COS[i] = Math.cos(2 * Math.PI * i / SIZE);
            SIN[i] = Math.sin(2 * Math.PI * i / SIZE);
        }
    }

    private static double[][] filters(int melBins) {
        double highest = 15 + 27 * Math.log(8000.0 / 1000) / Math.log(6.4);
        double[] edgesHz = new double[melBins + 2];
        for (int i = 0; i < edgesHz.length; i++) {
            double mel = highest * i / (melBins + 1);
            edgesHz[i] = mel < 15 ? mel * 200 / 3 : 1000 * Math.pow(6.4, (mel - 15) / 27);
        }
        double[][] filters = new double[melBins][SIZE / 2 + 1];
        for (int bin = 0; bin < melBins; bin++) {
            for (int k = 0; k <= SIZE / 2; k++) {
                double hz = k * 16_000.0 / SIZE;
                double rising = (hz - edgesHz[bin]) / (edgesHz[bin + 1] - edgesHz[bin]);
                double falling = (edgesHz[bin + 2] - hz) / (edgesHz[bin + 2] - edgesHz[bin + 1]);
                double unitArea = 2 / (edgesHz[bin + 2] - edgesHz[bin]);
                filters[bin][k] = Math.max(0, Math.min(rising, falling)) * unitArea;
            }
        }
        return filters;
    }
}
