package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.process.Signal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StoppingTest {
    private final StringWriter err = new StringWriter();
    private final BlockingQueue<Integer> halts = new LinkedBlockingQueue<>();
    private final AtomicInteger stops = new AtomicInteger();

    @Test
    void shouldPinTheWaitForAnOrderlyEnd() {
        assertThat(Stopping.PATIENCE).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void shouldAskTheWorkToStopAndLeaveTheEndToIt() throws Exception {
        try (Stopping stopping = stopping(Duration.ofMillis(200))) {
            assertThat(stopping.status(0)).isZero();

            stopping.asked(Signal.INT, stops::incrementAndGet);

            assertThat(stops).hasValue(1);
            assertThat(stopping.status(0)).isEqualTo(130);
        }
        assertThat(halts.poll(1, TimeUnit.SECONDS)).isNull();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldEndTheProcessAtOnceAtASecondSignal() {
        try (Stopping stopping = stopping(Stopping.PATIENCE)) {
            stopping.asked(Signal.INT, stops::incrementAndGet);
            assertThat(halts).isEmpty();

            stopping.asked(Signal.TERM, stops::incrementAndGet);

            assertThat(stops).hasValue(1);
            assertThat(halts).containsExactly(143);
        }
    }

    @Test
    void shouldGiveAnOrderlyEndUpWhenItTakesTooLong() throws Exception {
        try (Stopping stopping = stopping(Duration.ofMillis(1))) {
            stopping.asked(Signal.TERM, stops::incrementAndGet);

            assertThat(halts.poll(10, TimeUnit.SECONDS)).isEqualTo(143);
            assertThat(err.toString())
                    .isEqualToIgnoringNewLines("kscribe: Gave up waiting for an orderly end after 0 s.");
        }
    }

    private Stopping stopping(Duration patience) {
        return new Stopping(patience, new PrintWriter(err, true), halts::add);
    }
}
