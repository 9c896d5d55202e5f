package io.kscribe.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConsoleLimitsTest {
    @Test
    void shouldHaveTheDefaultsThatAreWrittenDown() {
        assertThat(ConsoleLimits.standard())
                .isEqualTo(new ConsoleLimits(
                        500,
                        Duration.ofHours(6),
                        128_000_000,
                        Duration.ofHours(3),
                        Duration.ofSeconds(60),
                        100,
                        1000,
                        Duration.ofSeconds(15)));
    }

    @Test
    void shouldRefuseLimitsThatAllowNothing() {
        assertThatThrownBy(() -> new ConsoleLimits(
                        0,
                        Duration.ofHours(1),
                        1,
                        Duration.ofHours(1),
                        Duration.ofSeconds(1),
                        1,
                        1,
                        Duration.ofSeconds(1)))
                .hasMessage("The limit of remembered calls is 0; expected 1 or more.");
        assertThatThrownBy(() -> new ConsoleLimits(
                        1, Duration.ZERO, 1, Duration.ofHours(1), Duration.ofSeconds(1), 1, 1, Duration.ofSeconds(1)))
                .hasMessage("The limit of the time that calls are remembered is 0 ms; expected more than none.");
    }
}
