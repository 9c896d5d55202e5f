package io.kscribe.audio;

import java.util.Random;

/**
 * Something like speech: glottal pulses of a gliding pitch through moving formants, bursts of noise, and pauses, at levels
 * from loud to barely there. The same seed gives the same samples.
 */
public final class SyntheticSpeech {
    private static final double[][] VOWEL_FORMANTS_HZ = {
        {730, 1090, 2440}, {270, 2290, 3010}, {300, 870, 2240}, {530, 1840, 2480}, {570, 840, 2410}
    };
    private static final double FORMANT_BANDWIDTH_HZ = 90;

    private SyntheticSpeech() {}

    /** That many samples, full scale at -1 and 1. */
    public static float[] generate(long seed, int samples, int sampleRateHz) {
        Random random = new Random(seed);
        float[] speech = new float[samples];
        int position = 0;
        while (position < samples) {
            int length = Math.min(samples - position, (int) (sampleRateHz * (0.05 + 0.25 * random.nextDouble())));
            double level = Math.pow(10, -2.5 * random.nextDouble());
            switch (random.nextInt(4)) {
                case 0 -> {}
                case 1 -> fricative(speech, position, length, level * 0.1, random);
                default -> vowel(speech, position, length, level, sampleRateHz, random);
            }
            position += length;
        }
        return speech;
    }

    private static void fricative(float[] out, int offset, int length, double level, Random random) {
        for (int i = 0; i < length; i++) {
            out[offset + i] = (float) (level * random.nextGaussian() * fade(i, length));
        }
    }

    private static void vowel(float[] out, int offset, int length, double level, int rateHz, Random random) {
        double[] from = VOWEL_FORMANTS_HZ[random.nextInt(VOWEL_FORMANTS_HZ.length)];
        double[] to = VOWEL_FORMANTS_HZ[random.nextInt(VOWEL_FORMANTS_HZ.length)];
        double pitchHz = 90 + 130 * random.nextDouble();
        double[] last = new double[from.length];
        double[] beforeLast = new double[from.length];
        double phase = 0;
        for (int i = 0; i < length; i++) {
            phase += (pitchHz - 20.0 * i / length) / rateHz;
            double pulse = 0;
            if (phase >= 1) {
                phase -= 1;
                pulse = 1;
            }
            double sum = 0;
            for (int formant = 0; formant < from.length; formant++) {
                double hz = from[formant] + (to[formant] - from[formant]) * i / length;
                double radius = Math.exp(-Math.PI * FORMANT_BANDWIDTH_HZ / rateHz);
                double y = pulse
                        + 2 * radius * Math.cos(2 * Math.PI * hz / rateHz) * last[formant]
                        - radius * radius * beforeLast[formant];
                beforeLast[formant] = last[formant];
                last[formant] = y;
                sum += y / (1 + formant);
            }
            out[offset + i] = (float) (level * 0.1 * sum * fade(i, length));
        }
    }

    private static double fade(int i, int length) {
        return Math.sin(Math.PI * (i + 0.5) / length);
    }
}
