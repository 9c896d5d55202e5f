package io.kscribe.gateway;

import static io.kscribe.limits.NamedLimits.atLeastOne;
import static io.kscribe.limits.NamedLimits.positive;

import io.kscribe.limits.Limit;
import java.time.Duration;

/**
 * How much the gateway takes, and for how long it holds what Kafka does not take.
 *
 * @param largestMessage bytes of a WebSocket's message; default 262 144
 * @param messagesPerSecond messages a second over a connection, on average; as many may come at once; default 2000
 * @param callBuffer bytes of a call's audio that may wait for Kafka; default 8 000 000, which is two minutes of two channels at 16 kHz and 16
 *     bits, and eight of a telephone's
 * @param gatewayBuffer bytes of all calls' audio that may wait for Kafka; default 128 000 000
 * @param deliveryWait how long a chunk may wait for Kafka; default 2 min
 * @param callIdleTime a connection over which nothing comes for so long is closed; default 60 s
 * @param audioSockets AudioSocket connections that may be open at once; default 500
 * @param rememberedCalls channels of calls whose next number is remembered after their connections have gone; default 10 000
 */
public record GatewayLimits(
        @Limit(value = "bytes of a WebSocket's message", unit = "bytes")
        int largestMessage,

        @Limit(value = "messages over a connection", unit = "messages/s")
        int messagesPerSecond,

        @Limit(value = "bytes of a call's audio that may wait for Kafka", unit = "bytes")
        int callBuffer,

        @Limit(value = "bytes of all calls' audio that may wait for Kafka", unit = "bytes")
        int gatewayBuffer,

        @Limit("how long a chunk may wait for Kafka") Duration deliveryWait,

        @Limit("a call's connection over which nothing comes for so long is closed")
        Duration callIdleTime,

        @Limit(value = "AudioSocket connections at once", unit = "connections")
        int audioSockets,

        @Limit(value = "channels whose next number is remembered after their connections have gone", unit = "channels")
        int rememberedCalls) {

    public GatewayLimits {
        atLeastOne("bytes of a message", largestMessage);
        atLeastOne("messages a second", messagesPerSecond);
        atLeastOne("bytes of a call that wait", callBuffer);
        atLeastOne("bytes of all calls that wait", gatewayBuffer);
        positive("wait for Kafka", deliveryWait);
        positive("idle time of a call", callIdleTime);
        atLeastOne("AudioSocket connections", audioSockets);
        atLeastOne("remembered calls", rememberedCalls);
    }

    /** The defaults. */
    public static GatewayLimits standard() {
        return new GatewayLimits(
                262_144, 2000, 8_000_000, 128_000_000, Duration.ofMinutes(2), Duration.ofSeconds(60), 500, 10_000);
    }
}
