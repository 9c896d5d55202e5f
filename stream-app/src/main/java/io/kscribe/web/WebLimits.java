package io.kscribe.web;

import static io.kscribe.limits.NamedLimits.atLeastOne;
import static io.kscribe.limits.NamedLimits.positive;

import io.kscribe.limits.Limit;
import java.time.Duration;

/**
 * How much the web server lets its clients do.
 *
 * @param webConnections connections that may be open at once; default 2000
 * @param webSocketsPerKey WebSockets that may be open at once with one API key, or from one address where there are no keys;
 *     default 1000
 * @param webRequestsPerSecond requests a second, WebSockets' openings among them, with one API key or from one address;
 *     as many may come at once; default 200
 * @param largestRequest bytes of a request's body; default 1 048 576
 * @param webIdleTime a connection over which nothing goes for so long is closed; default 60 s
 */
public record WebLimits(
        @Limit(value = "connections to the web server at once", unit = "connections")
        int webConnections,

        @Limit(
                value = "WebSockets at once with one API key, or from one address where there are no keys",
                unit = "WebSockets")
        int webSocketsPerKey,

        @Limit(
                value = "requests with one key or from one address, WebSockets' openings among them",
                unit = "requests/s")
        int webRequestsPerSecond,

        @Limit(value = "bytes of a request's body", unit = "bytes")
        int largestRequest,

        @Limit("a connection over which nothing goes for so long is closed")
        Duration webIdleTime) {

    public WebLimits {
        atLeastOne("connections", webConnections);
        atLeastOne("WebSockets of a key", webSocketsPerKey);
        atLeastOne("requests a second", webRequestsPerSecond);
        atLeastOne("bytes of a request", largestRequest);
        positive("idle time of a connection", webIdleTime);
    }

    /** The defaults. */
    public static WebLimits standard() {
        return new WebLimits(2000, 1000, 200, 1 << 20, Duration.ofSeconds(60));
    }
}
