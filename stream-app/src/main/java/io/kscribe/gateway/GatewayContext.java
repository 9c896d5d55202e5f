package io.kscribe.gateway;

import io.kscribe.stream.StreamLimits;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What all connections of a gateway share. Thread-safe. */
final class GatewayContext {

    private final GatewayLimits limits;
    private final StreamLimits stream;
    private final boolean keepKeys;
    private final ChunkSender sender;
    private final Calls calls;
    private final GatewayMetrics metrics;
    private final InstantSource clock;
    private final TranscriptFeed feed;
    private final Set<CallConnection> connections = ConcurrentHashMap.newKeySet();

    GatewayContext(
            GatewayLimits limits,
            StreamLimits stream,
            boolean keepKeys,
            ChunkSender sender,
            TranscriptFeed feed,
            InstantSource clock) {
        this.limits = limits;
        this.stream = stream;
        this.keepKeys = keepKeys;
        this.sender = sender;
        this.feed = feed;
        this.clock = clock;
        this.calls = new Calls(clock, limits.rememberedCalls());
        this.metrics = new GatewayMetrics(sender::waitingBytes);
    }

    GatewayLimits limits() {
        return limits;
    }

    boolean keepKeys() {
        return keepKeys;
    }

    ChunkSender sender() {
        return sender;
    }

    TranscriptFeed feed() {
        return feed;
    }

    Calls calls() {
        return calls;
    }

    GatewayMetrics metrics() {
        return metrics;
    }

    InstantSource clock() {
        return clock;
    }

    void opened(CallConnection connection) {
        if (connections.add(connection)) {
            metrics.opened();
        }
    }

    void closed(CallConnection connection) {
        if (connections.remove(connection)) {
            metrics.closed();
        }
    }

    /** The connections that are open. */
    Set<CallConnection> connections() {
        return connections;
    }

    /** What the service would object to in each of a call's chunks; null if nothing. */
    @Nullable
    String objection(CallStart start) {
        String callId = start.callId();
        if (callId.isBlank() || callId.length() > stream.longestCallId()) {
            return "The call's id has " + callId.length() + " characters; expected 1 to " + stream.longestCallId()
                    + ".";
        }
        if (callId.chars().anyMatch(Character::isISOControl)) {
            return "The call's id has control characters.";
        }
        if (start.lines().stream().anyMatch(line -> line.channel() >= stream.channels())) {
            return "The call has more than " + stream.channels() + " channels.";
        }
        String language = start.language();
        if (language != null && !language.matches("[a-z]{2,3}")) {
            return "The language is not known; expected a code such as en or de.";
        }
        long attributes = 0;
        for (Map.Entry<String, String> attribute : start.attributes().entrySet()) {
            attributes += attribute.getKey().length() + attribute.getValue().length();
        }
        if (attributes > stream.longestAttributes()) {
            return "The call's attributes have " + attributes + " characters; expected at most "
                    + stream.longestAttributes() + ".";
        }
        return null;
    }
}
