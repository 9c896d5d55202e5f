package io.kscribe.console;

import io.kscribe.console.Event.Kind;
import io.kscribe.console.Event.Place;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What waits for one viewer: first what it asked to catch up with, then what happens.
 *
 * <p>Of the partials of a segment only the newest waits. A viewer that does not keep up loses partials and loudness first; when
 * finals alone are too many, it is disconnected with the reason, and may come back with the id of the last event that it got.
 */
final class Viewer {

    private record Key(Kind kind, String callId, Place place) {}

    private final Interest interest;
    private final int mostEvents;
    private final Deque<Event> catchingUp;
    private final Map<Object, Event> waiting = new LinkedHashMap<>();
    private @Nullable Event end;
    private boolean ended;
    private boolean closed;

    /**
     * Makes the queue.
     *
     * @param catchingUp events to begin with
     * @param mostEvents how many may wait apart from those
     */
    Viewer(Interest interest, List<Event> catchingUp, int mostEvents) {
        this.interest = interest;
        this.mostEvents = mostEvents;
        this.catchingUp = new ArrayDeque<>(catchingUp);
    }

    /** Whether nothing is of use to this viewer any more. */
    synchronized boolean isClosed() {
        return closed;
    }

    boolean wantsLevels(String callId) {
        return interest.levels().contains(callId);
    }

    /** Adds an event if the viewer cares for it. */
    synchronized void offer(Event event) {
        if (ended || closed || !interest.covers(event)) {
            return;
        }
        if (event.kind() == Kind.FINAL && event.place() != null) {
            waiting.remove(new Key(Kind.PARTIAL, event.callId(), event.place()));
        }
        Object key = key(event);
        waiting.remove(key);
        waiting.put(key, event);
        if (waiting.size() > mostEvents / 2) {
            waiting.values().removeIf(Event::isPassing);
        }
        if (waiting.size() > mostEvents) {
            waiting.clear();
            catchingUp.clear();
            end("The connection is too slow: more than " + mostEvents
                    + " events waited for it. Connect again with the id of the last event to go on after it.");
        }
        notifyAll();
    }

    /** Disconnects the viewer when it has got what waits for it. */
    synchronized void end(String reason) {
        if (!ended) {
            ended = true;
            end = new Event(0, Kind.END, "", null, ConsoleJson.of(Map.of("reason", reason)));
            notifyAll();
        }
    }

    /** The viewer has gone. */
    synchronized void close() {
        closed = true;
        waiting.clear();
        catchingUp.clear();
        notifyAll();
    }

    /**
     * Waits for the next event.
     *
     * @return null if none comes in time, or the viewer {@linkplain #isClosed has gone}, as it has after its end
     */
    synchronized @Nullable Event next(Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (!closed) {
            Event next = poll();
            if (next != null) {
                return next;
            }
            long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
            if (leftMillis <= 0) {
                return null;
            }
            wait(leftMillis);
        }
        return null;
    }

    private @Nullable Event poll() {
        Event next = catchingUp.poll();
        if (next == null && !waiting.isEmpty()) {
            Iterator<Event> events = waiting.values().iterator();
            next = events.next();
            events.remove();
        }
        if (next == null && end != null) {
            next = end;
            end = null;
            closed = true;
        }
        return next;
    }

    private static Object key(Event event) {
        return event.place() != null && event.kind() == Kind.PARTIAL
                ? new Key(event.kind(), event.callId(), event.place())
                : event.number();
    }
}
