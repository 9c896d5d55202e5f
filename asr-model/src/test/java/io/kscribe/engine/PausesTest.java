package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kscribe.engine.Pauses.Pause;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PausesTest {
    private static final int SAMPLES_A_MILLI = 16;
    private static final float LOUD = 0.3f;
    private static final float QUIET = 0.003f;

    /** Half of what a frame of the spectrogram sees, and a frame. */
    private static final Offset<Long> EDGE = Offset.offset(30L);

    private final Random random = new Random(7);

    @Test
    void shouldFindTheSilenceAroundAndBetweenSounds() {
        float[] audio = noise(2_400, QUIET);
        fill(audio, 300, 900, LOUD);
        fill(audio, 1_400, 2_000, LOUD);
        assertPauses(audio, new long[][] {{0, 300}, {900, 1_400}, {2_000, 2_400}});
    }

    @Test
    void shouldTakeTheClosureOfAPlosiveForAPartOfAWord() {
        float[] audio = noise(1_200, LOUD);
        fill(audio, 0, 200, QUIET);
        fill(audio, 600, 660, QUIET);
        assertPauses(audio, new long[][] {{0, 200}});
    }

    @Test
    void shouldNotHearAWordInAClick() {
        float[] audio = noise(1_500, LOUD);
        fill(audio, 500, 1_000, QUIET);
        audio[740 * SAMPLES_A_MILLI] = 1;
        assertPauses(audio, new long[][] {{500, 1_000}});
    }

    @Test
    void shouldFindPausesInBackgroundNoiseBesideDigitalSilence() {
        float[] audio = noise(2_400, LOUD);
        fill(audio, 0, 500, 0);
        fill(audio, 1_200, 1_600, QUIET);
        assertPauses(audio, new long[][] {{0, 500}, {1_200, 1_600}});
    }

    @Test
    void shouldFindNoPauseWhereNothingStandsOut() {
        assertPauses(noise(2_000, LOUD), new long[][] {});
        assertPauses(noise(2_000, 0), new long[][] {});
        assertPauses(new float[1], new long[][] {});
    }

    @Test
    void shouldMoveTheNearestBoundaryToAPause() {
        assertThat(times(pauses(500, 900), 0, 400, 1_000))
                .as("attention was ahead")
                .isEqualTo("0-500 900-1000");
        assertThat(times(pauses(500, 900), 0, 700, 1_000)).as("it was within").isEqualTo("0-500 900-1000");
        assertThat(times(pauses(500, 900), 0, 950, 1_400)).as("it lagged").isEqualTo("0-500 900-1400");
        assertThat(times(pauses(500, 900), 0, 400, 1_050, 1_400))
                .as("the first is nearer")
                .isEqualTo("0-500 900-1050 1050-1400");
    }

    @Test
    void shouldLeaveWordsAloneFarFromAnyPause() {
        assertThat(times(pauses(500, 700), 0, 250, 1_000)).isEqualTo("0-250 250-1000");
    }

    @Test
    void shouldTakeAPauseAtTheEdgeOutOfTheWordThere() {
        assertThat(times(pauses(0, 300), 0, 500, 800)).isEqualTo("300-500 500-800");
        assertThat(times(pauses(0, 300), 350, 500, 800)).isEqualTo("300-500 500-800");
        assertThat(times(pauses(1_600, 2_000), 0, 500, 2_000)).isEqualTo("0-500 500-1600");
        assertThat(times(pauses(1_600, 2_000), 0, 500, 1_500)).isEqualTo("0-500 500-1600");
    }

    @Test
    void shouldNotStretchAWordToAPauseFarFromIt() {
        assertThat(times(pauses(0, 300), 900, 1_200)).isEqualTo("900-1200");
        assertThat(times(pauses(1_800, 2_000), 0, 500)).isEqualTo("0-500");
    }

    @Test
    void shouldKeepTheLongestPauseOfABoundary() {
        assertThat(times(pauses(400, 500, 600, 900), 0, 550, 1_500)).isEqualTo("0-600 900-1500");
    }

    @Test
    void shouldKeepWordsInOrderThatAttentionPutIntoAPause() {
        assertThat(times(pauses(500, 900), 0, 550, 650, 750, 850, 1_500))
                .isEqualTo("0-500 500-500 900-900 900-900 900-1500");
    }

    @Test
    void shouldFindNoWordsToMove() {
        assertThat(pauses(0, 300).outOf(List.of())).isEmpty();
    }

    @Test
    void shouldRefuseAPauseThatDoesNotLast() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pause(500, 500))
                .withMessage("a pause lasts from 0 ms or later to a later time, not from 500 to 500");
    }

    private void assertPauses(float[] audio, long[][] expected) {
        List<Pause> found = Pauses.of(SpeechWindow.of(audio, 80)).pauses();
        assertThat(found).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(found.get(i).startMillis()).isCloseTo(expected[i][0], EDGE);
            assertThat(found.get(i).endMillis()).isCloseTo(expected[i][1], EDGE);
        }
    }

    private float[] noise(int millis, float loudness) {
        float[] audio = new float[millis * SAMPLES_A_MILLI];
        fill(audio, 0, millis, loudness);
        return audio;
    }

    private void fill(float[] audio, int fromMillis, int toMillis, float loudness) {
        for (int i = fromMillis * SAMPLES_A_MILLI; i < toMillis * SAMPLES_A_MILLI; i++) {
            audio[i] = (float) (loudness * random.nextGaussian());
        }
    }

    /** The pauses of two seconds, given as starts and ends. */
    private static Pauses pauses(long... millis) {
        Pause[] pauses = new Pause[millis.length / 2];
        Arrays.setAll(pauses, i -> new Pause(millis[2 * i], millis[2 * i + 1]));
        return new Pauses(List.of(pauses), 2_000);
    }

    /** What becomes of words that each end where the next begins. */
    private static String times(Pauses pauses, long... boundaries) {
        TimedWord[] words = new TimedWord[boundaries.length - 1];
        Arrays.setAll(words, i -> new TimedWord("w", boundaries[i], boundaries[i + 1], 1, i + 1, i + 1));
        return String.join(
                " ",
                pauses.outOf(List.of(words)).stream()
                        .map(word -> word.startMillis() + "-" + word.endMillis())
                        .toList());
    }
}
