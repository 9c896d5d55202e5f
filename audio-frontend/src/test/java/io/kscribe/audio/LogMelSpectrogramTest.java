package io.kscribe.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LogMelSpectrogramTest {
    private static final double TOLERANCE = 1e-4;
    private static final int FULL = LogMelSpectrogram.WINDOW_FRAMES;

    @ParameterizedTest
    @CsvSource({
        "80, 0",
        "80, 1",
        "80, 199",
        "80, 201",
        "80, 361",
        "80, 16000",
        "80, 100123",
        "80, 479970",
        "80, 480000",
        "128, 50000",
        "128, 480000"
    })
    void shouldAgreeWithTheReferenceFormula(int melBins, int samples) {
        float[] speech = SyntheticSpeech.generate(samples, samples, LogMelSpectrogram.SAMPLE_RATE_HZ);
        LogMelSpectrogram mel = new LogMelSpectrogram(melBins);
        mel.accept(speech, 0, samples);
        assertThat(maxDifference(mel.window(FULL), ReferenceLogMel.compute(speech, melBins)))
                .isLessThan(TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 128})
    void shouldAgreeWithTheReferenceFormulaOnWhatIsSilentNoisyOrLoud(int melBins) {
        Random random = new Random(1);
        float[] tone = new float[40_000];
        float[] clipped = new float[40_000];
        float[] faint = new float[40_000];
        for (int i = 0; i < tone.length; i++) {
            tone[i] = (float) Math.sin(2 * Math.PI * 440 * i / 16_000);
            clipped[i] = random.nextBoolean() ? 1 : -1;
            faint[i] = (float) random.nextGaussian() * 1e-5f;
        }
        for (float[] audio : new float[][] {new float[40_000], tone, clipped, faint}) {
            LogMelSpectrogram mel = new LogMelSpectrogram(melBins);
            mel.accept(audio, 0, audio.length);
            assertThat(maxDifference(mel.window(FULL), ReferenceLogMel.compute(audio, melBins)))
                    .isLessThan(TOLERANCE);
        }
    }

    @Property(tries = 100)
    void shouldGiveTheSameBitsHoweverAudioIsCut(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 30_000) int samples) {
        float[] speech = SyntheticSpeech.generate(seed, samples, LogMelSpectrogram.SAMPLE_RATE_HZ);
        LogMelSpectrogram whole = new LogMelSpectrogram(80);
        whole.accept(speech, 0, samples);
        LogMelSpectrogram pieces = new LogMelSpectrogram(80);
        Random random = new Random(seed);
        for (int position = 0; position < samples; ) {
            int piece = Math.min(samples - position, random.nextInt(random.nextBoolean() ? 7 : 9000));
            pieces.accept(speech, position, piece);
            position += piece;
            if (random.nextInt(10) == 0) {
                pieces.window(1 + random.nextInt(400));
            }
        }
        assertThat(pieces.samples()).isEqualTo(samples);
        assertThat(pieces.window(400)).isEqualTo(whole.window(400));
    }

    @Test
    void shouldGiveAShorterWindowAsTheBeginningOfAFullOne() {
        LogMelSpectrogram mel = new LogMelSpectrogram(80);
        mel.accept(SyntheticSpeech.generate(5, 33_000, 16_000), 0, 33_000);
        float[] full = mel.window(FULL);
        for (int frames : new int[] {1, 100, mel.audioFrames() - 1, mel.audioFrames(), 1000}) {
            float[] window = mel.window(frames);
            for (int bin = 0; bin < 80; bin++) {
                assertThat(Arrays.copyOfRange(window, bin * frames, (bin + 1) * frames))
                        .isEqualTo(Arrays.copyOfRange(full, bin * FULL, bin * FULL + frames));
            }
        }
    }

    @Test
    void shouldCountTheFramesThatSeeAudio() {
        assertThat(audioFrames(0)).isZero();
        assertThat(audioFrames(1)).isEqualTo(2);
        assertThat(audioFrames(120)).isEqualTo(2);
        assertThat(audioFrames(121)).isEqualTo(3);
        assertThat(audioFrames(16_000)).isEqualTo(102);
        assertThat(audioFrames(480_000)).isEqualTo(3000);
    }

    @Test
    void shouldBeAlikeAfterTheLastFrameThatSeesAudio() {
        LogMelSpectrogram mel = new LogMelSpectrogram(80);
        float[] noise = new float[16_000];
        Arrays.fill(noise, 0.5f);
        mel.accept(noise, 0, noise.length);
        float[] window = mel.window(300);
        float padding = window[299];
        for (int frame = mel.audioFrames(); frame < 300; frame++) {
            assertThat(window[frame]).isEqualTo(padding);
        }
        assertThat(window[mel.audioFrames() - 2]).isGreaterThan(padding);
    }

    @Test
    void shouldRefuseMoreThanThirtySeconds() {
        LogMelSpectrogram mel = new LogMelSpectrogram(80);
        mel.accept(new float[479_000], 0, 479_000);
        assertThatThrownBy(() -> mel.accept(new float[1001], 0, 1001))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("A log-mel window was given 1001 samples after 479000; expected at most 480000 in all.");
        mel.accept(new float[1001], 1, 1000);
        assertThat(mel.samples()).isEqualTo(480_000);
    }

    @Test
    void shouldRefuseOtherNumbersOfBinsAndFrames() {
        assertThatThrownBy(() -> new LogMelSpectrogram(81))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A log-mel spectrogram of 81 bins was asked for; expected 80 or 128.");
        assertThatThrownBy(() -> new LogMelSpectrogram(80).window(3001))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A log-mel window of 3001 frames was asked for; expected 1 to 3000.");
        assertThatThrownBy(() -> new LogMelSpectrogram(80).window(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void shouldTakeLogarithmsToEightDigits(@ForAll @IntRange(min = -100_000, max = 60_000) int tenThousandths) {
        double x = Math.pow(10, tenThousandths / 10_000.0);
        assertThat(FastLog10.of(x)).isCloseTo(Math.log10(x), within(1e-8));
    }

    private static int audioFrames(int samples) {
        LogMelSpectrogram mel = new LogMelSpectrogram(80);
        mel.accept(new float[samples], 0, samples);
        return mel.audioFrames();
    }

    private static double maxDifference(float[] window, double[][] reference) {
        double max = 0;
        for (int bin = 0; bin < reference.length; bin++) {
            for (int frame = 0; frame < FULL; frame++) {
                max = Math.max(max, Math.abs(window[bin * FULL + frame] - reference[bin][frame]));
            }
        }
        return max;
    }
}
