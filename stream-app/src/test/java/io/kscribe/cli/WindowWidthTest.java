package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WindowWidthTest {

    @Test
    void shouldTakeTheEnvironmentsWord() {
        assertThat(WindowWidth.of(Map.of("COLUMNS", "132")).getAsInt()).isEqualTo(132);
    }

    @Test
    void shouldReadTheColumnsAfterTheRows() {
        assertThat(WindowWidth.columns("24 80\n")).hasValue(80);
        assertThat(WindowWidth.columns("0 0")).isEmpty();
        assertThat(WindowWidth.columns("stty: not a terminal")).isEmpty();
        assertThat(WindowWidth.columns("")).isEmpty();
    }

    @Test
    void shouldAskAgainOnlyAfterAWhile() {
        AtomicInteger window = new AtomicInteger(80);
        AtomicLong now = new AtomicLong();
        WindowWidth width = new WindowWidth(window::get, now::get);

        assertThat(width.getAsInt()).isEqualTo(80);

        window.set(120);
        now.set(TimeUnit.SECONDS.toNanos(2));
        assertThat(width.getAsInt()).isEqualTo(80);

        now.addAndGet(1);
        assertThat(width.getAsInt()).isEqualTo(120);
    }
}
