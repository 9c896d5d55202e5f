package io.kscribe.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BenchSettingsTest {
    @Test
    void shouldHaveDefaults() {
        assertThat(BenchSettings.DEFAULT_DURATION).isEqualTo(Duration.ofMinutes(2));
        assertThat(BenchSettings.DEFAULT_WARM_UP).isEqualTo(Duration.ofSeconds(10));
        assertThat(BenchSettings.DEFAULT_TALK_PERCENT).isEqualTo(45);
        assertThat(BenchSettings.DEFAULT_SEED).isEqualTo(1);
        assertThat(BenchSettings.CHUNK).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void shouldRefuseWhatNobodyCanSpeak() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(0, 0, Duration.ofSeconds(1), 0.45))
                .withMessage("There can be 1 to 100000 channels, not 0.");
        assertThatIllegalArgumentException().isThrownBy(() -> settings(1, -1, Duration.ofSeconds(1), 0.45));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(1, 0, Duration.ofMillis(999), 0.45))
                .withMessage("The duration is 999 ms; expected a second to a day.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(1, 0, Duration.ofSeconds(1), 0.9))
                .withMessage("The share of talk is 90 %; expected 1 to 80 %.");
    }

    private static BenchSettings settings(int channels, int surge, Duration duration, double talk) {
        return new BenchSettings(channels, surge, Duration.ZERO, duration, talk, 1);
    }
}
