package io.kscribe.console;

import io.javalin.config.JavalinConfig;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.Topics;
import io.kscribe.web.Routes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;

/**
 * The read side and its page: follows Kafka, remembers recent calls, and tells whoever watches. One consumer of each topic serves all
 * viewers.
 */
public final class Console implements Routes, MeterBinder, AutoCloseable {

    private final TranscriptHub hub;
    private final Delivery delivery;
    private final CallFeed feed;
    private final TranscriptRoutes transcripts;

    private Console(TranscriptHub hub, Delivery delivery, CallFeed feed, TranscriptRoutes transcripts) {
        this.hub = hub;
        this.delivery = delivery;
        this.feed = feed;
        this.transcripts = transcripts;
    }

    /** Begins to read; a Kafka that does not answer is asked again until it does. */
    public static Console start(KafkaConnection connection, Topics topics, ConsoleLimits limits) {
        InstantSource clock = InstantSource.system();
        TranscriptHub hub = new TranscriptHub(limits, clock);
        Delivery delivery = new Delivery(limits.viewerHeartbeat());
        CallFeed feed = CallFeed.start(connection, topics, limits, clock, hub);
        return new Console(hub, delivery, feed, new TranscriptRoutes(hub, delivery, clock));
    }

    /** Adds the paths of the read side, its description and the page. */
    @Override
    public void addTo(JavalinConfig server) {
        transcripts.addTo(server);
        new Page().addTo(server);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("kscribe.viewers", hub::viewers)
                .description("Viewers of transcripts who are connected.")
                .register(registry);
    }

    /** Tells viewers that it ends, and stops reading. */
    @Override
    public void close() {
        hub.end("The server is stopping.");
        feed.close();
        delivery.close();
    }
}
