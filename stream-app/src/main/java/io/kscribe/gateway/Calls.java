package io.kscribe.gateway;

import io.kscribe.stream.ClockNumbers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which connection a call's channels come over, and how their chunks are numbered.
 *
 * <p>Numbers must not go back when a call goes on over another connection, be it to a gateway that was started anew, or to another one:
 * the service takes a number that was there for a repetition. So they come from what all gateways share:
 *
 * <ul>
 *   <li>A client that counts says at which {@link CallStart#position} of the call it goes on; the number of a chunk is its position by
 *       its length, from 0. Audio that is sent again gets the numbers, and the bytes, that it had, and is known by them.
 *   <li>For others, the number of a connection's first chunk is the {@linkplain ClockNumbers clock's}. The time in which the call had no
 *       connection is then a gap, which the service fills with silence, so that both sides of the call stay together. Audio that
 *       comes faster than real time runs ahead of the clock; this gateway remembers, another does not, so a call that does must not move
 *       within its lead.
 * </ul>
 *
 * Thread-safe.
 */
final class Calls {

    private record Channel(String callId, int number) {}

    private final InstantSource clock;
    private final Map<Channel, CallConnection> open = new HashMap<>();
    private final Map<Channel, Long> next;

    /**
     * No calls.
     *
     * @param remembered channels whose next number is remembered
     */
    Calls(InstantSource clock, int remembered) {
        this.clock = clock;
        this.next = new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Channel, Long> eldest) {
                return size() > remembered;
            }
        };
    }

    /**
     * A call's channels come over a connection from now on. Another that they came over until now is told.
     *
     * @return the number of each channel's first chunk
     */
    long begin(CallStart start, CallConnection connection) {
        for (List<CallConnection> others = others(start); !others.isEmpty(); others = others(start)) {
            others.forEach(CallConnection::replaced);
        }
        return claim(start, connection);
    }

    private synchronized List<CallConnection> others(CallStart start) {
        List<CallConnection> others = new ArrayList<>();
        for (Channel channel : channels(start)) {
            CallConnection other = open.get(channel);
            if (other != null && !others.contains(other)) {
                others.add(other);
            }
        }
        return others;
    }

    private synchronized long claim(CallStart start, CallConnection connection) {
        long first = start.position() == null
                ? ClockNumbers.at(clock.instant())
                : start.position().toMillis() / CallIngest.CHUNK.toMillis();
        for (Channel channel : channels(start)) {
            open.put(channel, connection);
            if (start.position() == null) {
                first = Math.max(first, next.getOrDefault(channel, 0L));
            }
        }
        return first;
    }

    /** A call's channels come over this connection no more. */
    synchronized void leave(CallIngest ingest, CallConnection connection) {
        List<Channel> channels = channels(ingest.start());
        for (int line = 0; line < channels.size(); line++) {
            if (open.remove(channels.get(line), connection)) {
                next.remove(channels.get(line));
                next.put(channels.get(line), ingest.next(line));
            }
        }
    }

    private static List<Channel> channels(CallStart start) {
        return start.lines().stream()
                .map(line -> new Channel(start.callId(), line.channel()))
                .toList();
    }
}
