package io.kscribe.stream;

import java.time.InstantSource;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Time;

/**
 * The time that Kafka Streams lives by, from a clock that does not jump. By the system's clock, punctuators would stand still for an hour when
 * somebody sets it back by an hour, and with them every result.
 */
final class SteadyTime implements Time {
    private final InstantSource clock;

    /** Lives by a clock that never goes back. */
    SteadyTime(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public long milliseconds() {
        return clock.millis();
    }

    @Override
    public long nanoseconds() {
        return System.nanoTime();
    }

    @Override
    public void sleep(long millis) {
        SYSTEM.sleep(millis);
    }

    @Override
    @SuppressWarnings({"WaitNotInLoop", "BoxedPrimitive"}) // the condition is Kafka's
    public void waitObject(Object lock, Supplier<Boolean> condition, long deadlineMillis) throws InterruptedException {
        synchronized (lock) {
            while (!condition.get()) {
                long left = deadlineMillis - milliseconds();
                if (left <= 0) {
                    throw new TimeoutException("The condition was not met before the deadline.");
                }
                lock.wait(left);
            }
        }
    }
}
