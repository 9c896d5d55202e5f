package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaddingTest {
    private static final int SECOND = 16_000;

    @Test
    void shouldMergeTenPositionsAfterSixTenthsOfASecondByDefault() {
        assertThat(Padding.merged()).isEqualTo(new Padding(Duration.ofMillis(600), 10, 1));
        assertThat(DecodingSettings.live().padding()).isEqualTo(Padding.merged());
        assertThat(DecodingSettings.recordings().padding()).isEqualTo(Padding.merged());
    }

    @Test
    void shouldLetRunsGrow() {
        ContextLayout layout = ContextLayout.of(SECOND, new Padding(Duration.ofMillis(200), 4, 2));
        // 50 positions of audio, 10 of padding, runs of 4, 8, 16 ... 512, and the rest of the window's 1500.
        assertThat(layout.size()).isEqualTo(60 + 8 + 1);
        assertThat((double) layout.keyBias()[60]).isCloseTo(Math.log(4), within(1e-6));
        assertThat((double) layout.keyBias()[61]).isCloseTo(Math.log(8), within(1e-6));
        assertThat(layout.positions()[60]).isEqualTo(62);
    }

    @Test
    void shouldComputeAllOfTheWindowIfNothingIsMerged() {
        assertThat(ContextLayout.of(SECOND, Padding.whole()).size()).isEqualTo(1500);
        assertThat(ContextLayout.of(SECOND, new Padding(Duration.ZERO, 1, 1)).size())
                .isEqualTo(1500);
    }

    @Test
    void shouldRefuseWhatIsNoLayout() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Padding(Duration.ofSeconds(31), 10, 1))
                .withMessage("dense padding lasts from 0 to 30 s, not PT31S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Padding(Duration.ZERO, 0, 1))
                .withMessage("a run of padding has 1 to 1500 positions, not 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Padding(Duration.ZERO, 10, 0.5))
                .withMessage("runs of padding grow by 1 to 10, not by 0.5");
    }
}
