package io.kscribe.console;

import io.kscribe.web.WebServer;
import io.kscribe.web.WebSettings;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;

/** The read side and its page on a web server of their own, told by a test what happens instead of by Kafka. */
final class Desk implements AutoCloseable {
    private final TranscriptHub hub;
    private final Delivery delivery;
    private final WebServer server;

    /** @param port 0 for any that is free */
    Desk(ConsoleLimits limits, int port) throws IOException {
        this(limits, WebSettings.local(port));
    }

    Desk(ConsoleLimits limits, WebSettings settings) throws IOException {
        hub = new TranscriptHub(limits, InstantSource.system());
        delivery = new Delivery(limits.viewerHeartbeat());
        server = WebServer.start(
                settings, List.of(new TranscriptRoutes(hub, delivery, InstantSource.system()), new Page()));
    }

    TranscriptHub hub() {
        return hub;
    }

    URI at(String path) {
        return server.address().resolve(path);
    }

    @Override
    public void close() {
        hub.end("The test is over.");
        server.close();
        delivery.close();
    }
}
