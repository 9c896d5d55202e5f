package io.kscribe.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import be.tarsos.dsp.resample.Resampler;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamingResamplerTest {
    private static final int OUTPUT_HZ = 16_000;

    @Provide
    Arbitrary<Integer> rates() {
        return Arbitraries.of(8000, 11_025, 16_000, 22_050, 44_100, 48_000, 7919);
    }

    @Property(tries = 200)
    void shouldGiveTheSameBitsHoweverAudioIsCut(
            @ForAll("rates") int rateHz, @ForAll @IntRange(max = 20_000) int samples, @ForAll long seed) {
        float[] speech = SyntheticSpeech.generate(seed, samples, rateHz);
        Random random = new Random(seed);
        StreamingResampler resampler = new StreamingResampler(rateHz, OUTPUT_HZ);
        Samples pieces = new Samples();
        for (int position = 0; position < samples; ) {
            int piece = Math.min(samples - position, random.nextInt(random.nextBoolean() ? 5 : 3000));
            pieces.add(resampler.accept(Arrays.copyOfRange(speech, position, position + piece)));
            position += piece;
        }
        pieces.add(resampler.finish());
        assertThat(pieces.toArray()).isEqualTo(resampled(speech, rateHz, OUTPUT_HZ));
    }

    @Property(tries = 50)
    void shouldGiveTheSameBitsWhenStartedAtAnEarlierWholeSecond(
            @ForAll("rates") int rateHz, @ForAll @IntRange(min = 1, max = 3) int second, @ForAll long seed) {
        float[] speech = SyntheticSpeech.generate(seed, 4 * rateHz, rateHz);
        float[] whole = resampled(speech, rateHz, OUTPUT_HZ);
        float[] restarted =
                resampled(Arrays.copyOfRange(speech, (second - 1) * rateHz, speech.length), rateHz, OUTPUT_HZ);
        assertThat(Arrays.copyOfRange(restarted, OUTPUT_HZ, restarted.length))
                .isEqualTo(Arrays.copyOfRange(whole, second * OUTPUT_HZ, whole.length));
    }

    @ParameterizedTest
    @ValueSource(ints = {4000, 7919, 8000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000})
    void shouldGiveASineAtItsTimesAndLevel(int rateHz) {
        float[] output = resampled(sine(1000, rateHz, 2 * rateHz), rateHz, OUTPUT_HZ);
        float[] expected = sine(1000, OUTPUT_HZ, 2 * OUTPUT_HZ);
        assertThat(errorDecibels(output, expected, 200, output.length - 200)).isLessThan(-60);
    }

    @Test
    void shouldNotDriftOverALongStream() {
        int seconds = 300;
        float[] output = resampled(sine(1000, 11_025, seconds * 11_025), 11_025, OUTPUT_HZ);
        float[] expected = sine(1000, OUTPUT_HZ, seconds * OUTPUT_HZ);
        assertThat(errorDecibels(output, expected, output.length - OUTPUT_HZ, output.length - 200))
                .isLessThan(-60);
    }

    @ParameterizedTest
    @CsvSource({"44100, 9000", "44100, 12000", "44100, 20000", "48000, 9000", "48000, 15000", "48000, 23000"})
    void shouldSuppressWhatTheOutputRateCannotHold(int rateHz, int toneHz) {
        float[] output = resampled(sine(toneHz, rateHz, rateHz), rateHz, OUTPUT_HZ);
        assertThat(errorDecibels(output, new float[OUTPUT_HZ], 200, output.length - 200))
                .isLessThan(-60);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 1000, 2000, 3000})
    void shouldSuppressTheImageOfTelephoneAudio(int toneHz) {
        float[] output = resampled(sine(toneHz, 8000, 8000), 8000, OUTPUT_HZ);
        double imageHz = 8000 - toneHz;
        double re = 0;
        double im = 0;
        for (int i = 200; i < output.length - 200; i++) {
            double hann = 0.5 - 0.5 * Math.cos(2 * Math.PI * (i - 200) / (output.length - 400));
            re += output[i] * hann * Math.cos(2 * Math.PI * imageHz * i / OUTPUT_HZ);
            im += output[i] * hann * Math.sin(2 * Math.PI * imageHz * i / OUTPUT_HZ);
        }
        double amplitude = 4 * Math.hypot(re, im) / (output.length - 400);
        assertThat(20 * Math.log10(amplitude)).isLessThan(-60);
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 11_025, 22_050, 44_100, 48_000})
    void shouldPutAnImpulseAtItsTime(int rateHz) {
        float[] impulse = new float[rateHz];
        impulse[rateHz / 5] = 1;
        float[] output = resampled(impulse, rateHz, OUTPUT_HZ);
        int at = OUTPUT_HZ / 5;
        for (int i = 1; i < 20; i++) {
            assertThat(output[at]).isGreaterThan(output[at + i]);
            assertThat(output[at - i]).as("symmetry at %d", i).isCloseTo(output[at + i], within(1e-6f));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4000, 7919, 8000, 11_025, 44_100, 192_000})
    void shouldKeepAConstant(int rateHz) {
        float[] constant = new float[rateHz];
        Arrays.fill(constant, 0.5f);
        float[] output = resampled(constant, rateHz, OUTPUT_HZ);
        for (int i = 200; i < output.length - 200; i++) {
            assertThat(output[i]).isCloseTo(0.5f, within(1e-6f));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 11_025, 44_100, 48_000})
    void shouldFilterAsTarsosDspDoes(int rateHz) {
        float[] speech = SyntheticSpeech.generate(7, rateHz, rateHz);
        double factor = (double) OUTPUT_HZ / rateHz;
        float[] theirs = new float[OUTPUT_HZ + 100];
        int length = new Resampler(true, factor, factor)
                .process(factor, speech, 0, speech.length, true, theirs, 0, theirs.length)
                .outputSamplesGenerated;
        float[] ours = resampled(speech, rateHz, OUTPUT_HZ);
        assertThat(length).isCloseTo(ours.length, within(1));
        assertThat(errorDecibels(ours, theirs, 0, ours.length - 1)).isLessThan(-60);
    }

    @Property
    void shouldGiveOneSampleForEachOutputTimeBeforeTheEnd(
            @ForAll @IntRange(min = 4000, max = 192_000) int inputHz,
            @ForAll @IntRange(min = 4000, max = 192_000) int outputHz,
            @ForAll @IntRange(max = 300) int samples) {
        float[] output = resampled(new float[samples], inputHz, outputHz);
        assertThat(output).hasSize((int) -Math.floorDiv(-(long) samples * outputHz, (long) inputHz));
    }

    @Test
    void shouldHoldBackNoMoreThanTheFiltersReach() {
        StreamingResampler resampler = new StreamingResampler(8000, OUTPUT_HZ);
        int given = resampler.accept(new float[800]).length;
        assertThat(given).isEqualTo(2 * (800 - StreamingResampler.FILTER_WING_SAMPLES));
        given += resampler.accept(new float[1]).length;
        assertThat(given).isEqualTo(2 * (801 - StreamingResampler.FILTER_WING_SAMPLES));
    }

    @Test
    void shouldPassEqualRatesThrough() {
        float[] speech = SyntheticSpeech.generate(3, 5000, OUTPUT_HZ);
        StreamingResampler resampler = new StreamingResampler(OUTPUT_HZ, OUTPUT_HZ);
        assertThat(resampler.accept(speech)).isEqualTo(speech).isNotSameAs(speech);
        assertThat(resampler.finish()).isEmpty();
    }

    @Test
    void shouldRefuseImpossibleRates() {
        assertThatThrownBy(() -> new StreamingResampler(3999, OUTPUT_HZ))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The input rate is 3999 Hz; expected 4000 to 192000 Hz.");
        assertThatThrownBy(() -> new StreamingResampler(8000, 192_001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The output rate is 192001 Hz; expected 4000 to 192000 Hz.");
    }

    @Test
    void shouldRefuseSamplesAfterTheEnd() {
        StreamingResampler resampler = new StreamingResampler(8000, OUTPUT_HZ);
        resampler.finish();
        assertThatThrownBy(() -> resampler.accept(new float[1])).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(resampler::finish).isInstanceOf(IllegalStateException.class);
    }

    private static float[] resampled(float[] input, int inputHz, int outputHz) {
        StreamingResampler resampler = new StreamingResampler(inputHz, outputHz);
        Samples output = new Samples();
        output.add(resampler.accept(input));
        output.add(resampler.finish());
        return output.toArray();
    }

    private static float[] sine(double hz, int rateHz, int samples) {
        float[] sine = new float[samples];
        for (int i = 0; i < samples; i++) {
            sine[i] = (float) Math.sin(2 * Math.PI * hz * i / rateHz);
        }
        return sine;
    }

    /** The largest difference, relative to full scale. */
    private static double errorDecibels(float[] actual, float[] expected, int from, int to) {
        double max = 0;
        for (int i = from; i < to; i++) {
            max = Math.max(max, Math.abs(actual[i] - expected[i]));
        }
        return 20 * Math.log10(max);
    }

    private static final class Samples {
        private float[] all = new float[0];

        void add(float[] piece) {
            int length = all.length;
            all = Arrays.copyOf(all, length + piece.length);
            System.arraycopy(piece, 0, all, length, piece.length);
        }

        float[] toArray() {
            return all;
        }
    }
}
