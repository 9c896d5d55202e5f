package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CadenceTest {
    @ParameterizedTest
    @CsvSource({
        "0, EVERY_STEP",
        "500, EVERY_STEP",
        "501, EVERY_SECOND_STEP",
        "1000, EVERY_SECOND_STEP",
        "1001, EVERY_FOURTH_STEP",
        "2000, EVERY_FOURTH_STEP",
        "2001, FINALS_ONLY",
        "60000, FINALS_ONLY"
    })
    void shouldBeStretchedTheMoreTheLaterItIs(long behindMillis, Cadence expected) {
        assertThat(Cadence.at(Duration.ofMillis(behindMillis))).isEqualTo(expected);
    }

    @Test
    void shouldKeepStepsThatAllFasterCadencesKeep() {
        assertThat(kept(Cadence.EVERY_STEP)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(kept(Cadence.EVERY_SECOND_STEP)).containsExactly(2, 4, 6, 8);
        assertThat(kept(Cadence.EVERY_FOURTH_STEP)).containsExactly(4, 8);
        assertThat(kept(Cadence.FINALS_ONLY)).isEmpty();
    }

    private static int[] kept(Cadence cadence) {
        return IntStream.rangeClosed(1, 8).filter(cadence::keeps).toArray();
    }
}
