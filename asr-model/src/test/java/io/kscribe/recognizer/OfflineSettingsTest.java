package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OfflineSettingsTest {
    private static final Duration WINDOW = Duration.ofSeconds(29);

    @Test
    void shouldKeepItsDefaults() {
        int processors = Runtime.getRuntime().availableProcessors();
        assertThat(OfflineSettings.defaults())
                .isEqualTo(new OfflineSettings(WINDOW, processors, 8, Math.max(24, 16 * processors)));
        assertThat(OfflineSettings.onThreads(1)).isEqualTo(new OfflineSettings(WINDOW, 1, 8, 24));
        assertThat(OfflineSettings.onThreads(3)).isEqualTo(new OfflineSettings(WINDOW, 3, 8, 48));
        assertThat(OfflineSettings.shortRecordings()).isEqualTo(new OfflineSettings(WINDOW, 0, 32, 32));
    }

    @Test
    void shouldRefuseWhatMakesNoSense() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OfflineSettings.onThreads(-1))
                .withMessage("workers must lie between 0 and 1000 but was -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OfflineSettings(WINDOW, 1, 0, 1))
                .withMessage("batch must lie between 1 and 1000 but was 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OfflineSettings(WINDOW, 1, 8, 7))
                .withMessage("ahead must lie between 8 and 1000 but was 7");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OfflineSettings(Duration.ofMillis(30_001), 1, 8, 8))
                .withMessage("longestWindow must lie between 1000 and 30000 ms but was 30001 ms");
    }
}
