package io.kscribe.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessMeterTest {
    @Test
    void shouldTellWhatThisProcessUses() {
        ProcessMeter self = new ProcessMeter("self", ProcessHandle.current());

        assertThat(self.processorTime())
                .isPresent()
                .get()
                .satisfies(time -> assertThat(time).isPositive());
        assertThat(self.residentBytes().getAsLong())
                .isGreaterThan(Runtime.getRuntime().totalMemory() / 100)
                .isLessThan(64L << 30);
    }

    @Test
    void shouldTellThreadsApart() throws Exception {
        AtomicBoolean done = new AtomicBoolean();
        Thread busy = new Thread(
                () -> {
                    while (!done.get()) {
                        Thread.onSpinWait();
                    }
                },
                "meter-test-7");
        busy.start();
        ProcessMeter self = new ProcessMeter("self", ProcessHandle.current());
        try {
            Awaitility.await()
                    .until(() -> self.threadTimes()
                                    .getOrDefault("meter-test", Duration.ZERO)
                                    .compareTo(Duration.ZERO)
                            > 0);
            assertThat(self.threadTimes()).doesNotContainKey("meter-test-7");
        } finally {
            done.set(true);
            busy.join();
        }
    }

    @Test
    void shouldTellNothingOfAProcessThatIsGone() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        ProcessMeter meter = new ProcessMeter("gone", gone.toHandle());

        assertThat(meter.processorTime()).isEmpty();
        assertThat(meter.residentBytes()).isEmpty();
    }
}
