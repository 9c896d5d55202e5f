package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServiceSettingsTest {
    private static final Path STATE = Path.of("state");

    @Test
    void shouldHaveDefaults() {
        assertThat(ServiceSettings.standard(STATE))
                .isEqualTo(new ServiceSettings(
                        "kscribe",
                        STATE,
                        1,
                        Runtime.getRuntime().availableProcessors(),
                        Duration.ofMillis(100),
                        Duration.ofSeconds(10)));
    }

    @Test
    void shouldWantSomebodyToWork() {
        assertThatThrownBy(() -> settings(0, 1, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The service needs stream threads and workers; it was given 0 and 1.");
        assertThatThrownBy(() -> settings(1, 0, 100)).hasMessageEndingWith("it was given 1 and 0.");
    }

    @Test
    void shouldCommitBeforeTransactionsTimeOut() {
        assertThat(settings(1, 1, 9999).commitInterval()).hasMillis(9999);
        assertThatThrownBy(() -> settings(1, 1, 10_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The commit interval (10000 ms) must be shorter than the transaction timeout (10000 ms).");
    }

    private static ServiceSettings settings(int streamThreads, int workers, long commitMillis) {
        return new ServiceSettings(
                "kscribe",
                STATE,
                streamThreads,
                workers,
                Duration.ofMillis(commitMillis),
                ServiceSettings.DEFAULT_TRANSACTION_TIMEOUT);
    }
}
