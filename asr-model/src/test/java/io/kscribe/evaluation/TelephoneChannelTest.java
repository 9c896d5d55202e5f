package io.kscribe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TelephoneChannelTest {
    private static final int RATE_HZ = 16_000;

    @Test
    void shouldKeepWhatATelephoneCarriesAndItsTime() {
        float[] tone = tone(1000);
        float[] heard = TelephoneChannel.pass(tone, RATE_HZ);

        assertThat(heard).hasSameSizeAs(tone);
        assertThat(power(heard) / power(tone)).isBetween(0.95, 1.05);
        float[] difference = new float[tone.length];
        for (int i = 0; i < tone.length; i++) {
            difference[i] = heard[i] - tone[i];
        }
        // G.711 promises a signal-to-distortion ratio of about 38 dB at this level.
        assertThat(power(tone) / power(difference)).isGreaterThan(1000);
    }

    @Test
    void shouldLoseWhatLiesAboveFourKilohertz() {
        float[] tone = tone(5000);

        assertThat(power(TelephoneChannel.pass(tone, RATE_HZ)) / power(tone)).isLessThan(0.001);
    }

    private static float[] tone(double hertz) {
        float[] tone = new float[RATE_HZ / 2 + 1];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (float) (0.3 * Math.sin(2 * Math.PI * hertz * i / RATE_HZ));
        }
        return tone;
    }

    /** The mean power, the first and last 10 ms aside, where the tone sets in and ends. */
    private static double power(float[] samples) {
        double sum = 0;
        for (int i = 160; i < samples.length - 160; i++) {
            sum += samples[i] * samples[i];
        }
        return sum / (samples.length - 320);
    }
}
