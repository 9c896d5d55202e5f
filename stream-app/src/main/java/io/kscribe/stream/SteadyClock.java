package io.kscribe.stream;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** Tells the time of day, but never jumps when somebody sets the system's clock: for pacing. */
public final class SteadyClock implements InstantSource {

    /** Waits; tests have their own. */
    @FunctionalInterface
    public interface Sleeper {

        /** Returns after that much time, which is more than none. */
        void sleep(Duration time) throws InterruptedException;

        /** A sleeper that really waits. */
        static Sleeper system() {
            return time -> TimeUnit.NANOSECONDS.sleep(time.toNanos());
        }
    }

    private final Instant started = Instant.now();
    private final long startedNanos = System.nanoTime();

    @Override
    public Instant instant() {
        return started.plusNanos(System.nanoTime() - startedNanos);
    }
}
