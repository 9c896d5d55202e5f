package io.kscribe.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RateTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void shouldAllowASecondsWorthAtOnceAndThenAsManyASecond() {
        Rate rate = new Rate(10, 0);

        assertThat(allowed(rate, 0, 25)).isEqualTo(10);
        assertThat(allowed(rate, SECOND / 2, 25)).isEqualTo(5);
        assertThat(allowed(rate, 100 * SECOND, 25)).isEqualTo(10);
    }

    private static long allowed(Rate rate, long nanos, int asked) {
        return IntStream.range(0, asked).filter(i -> rate.allows(nanos)).count();
    }
}
