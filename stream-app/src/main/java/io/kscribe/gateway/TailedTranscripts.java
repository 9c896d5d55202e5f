package io.kscribe.gateway;

import io.kscribe.schema.Transcript;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.KafkaFailure;
import io.kscribe.stream.TranscriptTail;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transcripts as Kafka has them: one consumer for all subscribers, from the first subscription on. */
public final class TailedTranscripts implements TranscriptFeed, AutoCloseable {

    /** How long to wait before Kafka is asked again after it refused. */
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(TailedTranscripts.class);

    private final KafkaConnection connection;
    private final String transcripts;
    private final String partials;
    private final Map<String, Set<Consumer<Transcript>>> listeners = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Thread thread;
    private @Nullable TranscriptTail tail;

    /**
     * A feed that nobody hears yet.
     *
     * @param transcripts the topic of finals
     * @param partials the topic of partials
     */
    public TailedTranscripts(KafkaConnection connection, String transcripts, String partials) {
        this.connection = connection;
        this.transcripts = transcripts;
        this.partials = partials;
    }

    @Override
    public Subscription subscribe(String callId, Consumer<Transcript> listener) {
        listeners.compute(callId, (id, others) -> {
            Set<Consumer<Transcript>> all = others == null ? ConcurrentHashMap.newKeySet() : others;
            all.add(listener);
            return all;
        });
        start();
        return () -> listeners.computeIfPresent(callId, (id, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
        });
    }

    private synchronized void start() {
        if (thread == null && stopped.getCount() > 0) {
            Thread started = new Thread(this::follow, "kscribe-transcripts");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
    }

    private void follow() {
        try {
            while (stopped.getCount() > 0) {
                try (TranscriptTail opened =
                        new TranscriptTail(connection, transcripts, partials, TranscriptTail.Start.NOW)) {
                    if (use(opened)) {
                        opened.follow(this::tell);
                    }
                } catch (KafkaFailure refused) {
                    log.warn("Transcripts cannot be sent back to callers: {}", refused.getMessage());
                    if (stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                        return;
                    }
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean use(TranscriptTail opened) {
        tail = opened;
        return stopped.getCount() > 0;
    }

    private boolean tell(Transcript transcript) {
        listeners.getOrDefault(transcript.getCallId(), Set.of()).forEach(listener -> listener.accept(transcript));
        return true;
    }

    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            stopped.countDown();
            running = thread;
            if (tail != null) {
                tail.stop();
            }
        }
        if (running != null) {
            try {
                running.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
