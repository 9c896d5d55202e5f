package io.kscribe.console;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.Transcript;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.KafkaFailure;
import io.kscribe.stream.TopicTail;
import io.kscribe.stream.Topics;
import io.kscribe.stream.TranscriptTail.Start;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.IsolationLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is on Kafka to the hub, on one thread for all viewers: finals read committed, from as far back as the hub remembers;
 * partials and audio as they come. When Kafka refuses, it begins anew, and the hub takes what it knows already for nothing new.
 */
final class CallFeed implements AutoCloseable {

    /** How long to wait for partials before looking at the other topics. */
    private static final Duration POLL = Duration.ofMillis(20);

    private static final Duration TICK = Duration.ofSeconds(1);

    /** How long to wait before trying again. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(CallFeed.class);

    private final KafkaConnection connection;
    private final Topics topics;
    private final ConsoleLimits limits;
    private final InstantSource clock;
    private final TranscriptHub hub;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "kscribe-console");

    private CallFeed(
            KafkaConnection connection, Topics topics, ConsoleLimits limits, InstantSource clock, TranscriptHub hub) {
        this.connection = connection;
        this.topics = topics;
        this.limits = limits;
        this.clock = clock;
        this.hub = hub;
    }

    /** Begins to read; what is on Kafka already is there soon after. */
    static CallFeed start(
            KafkaConnection connection, Topics topics, ConsoleLimits limits, InstantSource clock, TranscriptHub hub) {
        CallFeed feed = new CallFeed(connection, topics, limits, clock, hub);
        feed.thread.setDaemon(true);
        feed.thread.start();
        return feed;
    }

    @Override
    public void close() {
        stopped.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
                thread.interrupt();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            do {
                try {
                    follow();
                } catch (KafkaFailure failure) {
                    log.warn("The console reads on in {} s: {}", PAUSE.toSeconds(), failure.getMessage());
                } catch (RuntimeException unexpected) {
                    log.error("The console reads on in {} s", PAUSE.toSeconds(), unexpected);
                }
            } while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void follow() {
        Start kept = new Start(clock.instant().minus(limits.keptTime()));
        try (TopicTail<AudioChunk> audio = new TopicTail<>(
                        connection,
                        topics.audio(),
                        connection.wireFormat().chunkDeserializer(),
                        IsolationLevel.READ_UNCOMMITTED,
                        Start.NOW);
                TopicTail<Transcript> partials =
                        transcripts(topics.partials(), IsolationLevel.READ_UNCOMMITTED, Start.NOW);
                TopicTail<Transcript> finals = transcripts(topics.transcripts(), IsolationLevel.READ_COMMITTED, kept)) {
            long nextTick = clock.millis();
            while (stopped.getCount() > 0) {
                finals.poll(Duration.ZERO).forEach(hub::said);
                partials.poll(POLL).forEach(hub::said);
                audio.poll(Duration.ZERO).forEach(hub::heard);
                hub.tellLevels();
                if (clock.millis() >= nextTick) {
                    nextTick = clock.millis() + TICK.toMillis();
                    hub.tick();
                }
            }
        }
    }

    private TopicTail<Transcript> transcripts(String topic, IsolationLevel isolation, Start start) {
        return new TopicTail<>(connection, topic, connection.wireFormat().transcriptDeserializer(), isolation, start);
    }
}
