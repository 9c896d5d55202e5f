package io.kscribe.recognizer;

import java.util.Random;

/** What a telephone line carries besides speech, at 16 kHz. */
enum TelephoneSound {
    SILENCE {
        @Override
        double at(double seconds, Random random) {
            return 0;
        }
    },

    /** A steady tone of 440 Hz. */
    TONE {
        @Override
        double at(double seconds, Random random) {
            return 0.3 * wave(440, seconds);
        }
    },

    /** Loud white noise. */
    NOISE {
        @Override
        double at(double seconds, Random random) {
            return 0.1 * random.nextGaussian();
        }
    },

    /** White noise at -55 dBFS, as far ends fill pauses with. */
    COMFORT_NOISE {
        @Override
        double at(double seconds, Random random) {
            return 0.0018 * random.nextGaussian();
        }
    },

    /** 440 and 480 Hz, 2 s on and 4 s off, as in North America. */
    RINGBACK {
        @Override
        double at(double seconds, Random random) {
            return seconds % 6 < 2 ? 0.1 * (wave(440, seconds) + wave(480, seconds)) : 0;
        }
    },

    /** 425 Hz, half a second on and off, as in Europe. */
    BUSY {
        @Override
        double at(double seconds, Random random) {
            return seconds % 1 < 0.5 ? 0.2 * wave(425, seconds) : 0;
        }
    },

    /** Keys pressed one after the other: ITU-T Q.23, 100 ms on and 100 ms off. */
    DTMF {
        private static final double[] LOW = {697, 770, 852, 941};
        private static final double[] HIGH = {1209, 1336, 1477, 1633};

        @Override
        double at(double seconds, Random random) {
            int key = (int) (seconds / 0.2);
            return seconds % 0.2 < 0.1 ? 0.15 * (wave(LOW[key % 4], seconds) + wave(HIGH[key / 4 % 4], seconds)) : 0;
        }
    },

    /** Chords and a melody over them, plucked every half second, with three overtones. */
    HOLD_MUSIC {
        private static final int[][] CHORDS = {{0, 4, 7}, {9, 12, 16}, {5, 9, 12}, {7, 11, 14}};
        private static final int[] MELODY = {12, 16, 19, 16, 21, 19, 16, 14};

        @Override
        double at(double seconds, Random random) {
            int beat = (int) (seconds / 0.5);
            double sum = note(MELODY[beat % 8] + 12, seconds);
            for (int note : CHORDS[beat / 4 % 4]) {
                sum += 0.5 * note(note, seconds);
            }
            return 0.1 * sum * Math.exp(-3 * (seconds % 0.5));
        }

        private static double note(int semitones, double seconds) {
            double hz = 220 * Math.pow(2, semitones / 12.0);
            double sum = 0;
            for (int overtone = 1; overtone <= 4; overtone++) {
                sum += wave(hz * overtone, seconds) / (overtone * overtone);
            }
            return sum;
        }
    };

    private static final double RATE_HZ = 16_000;

    abstract double at(double seconds, Random random);

    float[] samples(int count) {
        Random random = new Random(4);
        float[] samples = new float[count];
        for (int i = 0; i < count; i++) {
            samples[i] = (float) at(i / RATE_HZ, random);
        }
        return samples;
    }

    static double wave(double hz, double seconds) {
        return Math.sin(2 * Math.PI * hz * seconds);
    }
}
