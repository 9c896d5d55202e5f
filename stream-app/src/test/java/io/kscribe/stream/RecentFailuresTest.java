package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RecentFailuresTest {
    private Instant now = Instant.EPOCH;
    private final RecentFailures failures = new RecentFailures(2, Duration.ofMinutes(10), () -> now);

    @Test
    void shouldPutUpWithSoMany() {
        assertThat(failures.addedOneTooMany()).isFalse();
        assertThat(failures.addedOneTooMany()).isFalse();
        assertThat(failures.addedOneTooMany()).isTrue();
    }

    @Test
    void shouldForgetWhatIsLongPast() {
        for (int day = 0; day < 30; day++) {
            assertThat(failures.addedOneTooMany()).isFalse();
            now = now.plus(Duration.ofDays(1));
        }
        assertThat(failures.inAll()).isEqualTo(30);
    }

    @Test
    void shouldCountAFailureForExactlySoLong() {
        failures.addedOneTooMany();
        failures.addedOneTooMany();
        now = now.plus(Duration.ofMinutes(10));
        assertThat(failures.addedOneTooMany()).isTrue();
        now = now.plusMillis(1);
        assertThat(failures.addedOneTooMany()).isFalse();
    }
}
