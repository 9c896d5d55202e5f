package io.kscribe.stream;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

/** Tells what keeps failing from what fails now and then. Thread-safe. */
final class RecentFailures {
    private final int most;
    private final Duration within;
    private final InstantSource clock;
    private final Deque<Instant> recent = new ArrayDeque<>();
    private int inAll;

    /**
     * None yet.
     *
     * @param most how many are put up with
     * @param within how long each counts
     */
    RecentFailures(int most, Duration within, InstantSource clock) {
        this.most = most;
        this.within = within;
        this.clock = clock;
    }

    /** Counts a failure; true if that makes more than are put up with. */
    synchronized boolean addedOneTooMany() {
        Instant now = clock.instant();
        inAll++;
        recent.add(now);
        while (recent.element().isBefore(now.minus(within))) {
            recent.remove();
        }
        return recent.size() > most;
    }

    /** How many there have been, however long ago. */
    synchronized int inAll() {
        return inAll;
    }
}
