package io.kscribe.stream;

import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;
import org.apache.kafka.common.IsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * Follows the transcripts on Kafka as they come: finals read committed, partials as soon as they are written.
 *
 * <p>A partial whose segment's final has been delivered is dropped, since it says nothing new. What cannot be decoded is
 * skipped with a warning. The tail belongs to no consumer group and commits nothing. It belongs to one thread, apart from
 * {@link #stop}.
 */
public final class TranscriptTail implements AutoCloseable {

    /**
     * Where to begin.
     *
     * @param since the time by the brokers' clocks from which on transcripts are delivered
     */
    public record Start(Instant since) {
        /** With what comes after the tail was opened. */
        public static final Start NOW = new Start(Instant.MAX);
        /** With the oldest that Kafka has kept. */
        public static final Start BEGINNING = new Start(Instant.MIN);
    }

    /** How long to wait for one topic before looking at the other. */
    private static final Duration POLL = Duration.ofMillis(20);

    private final Finished finished = new Finished(Finished.DEFAULT_CHANNELS);
    private final TopicTail<Transcript> finals;
    private final @Nullable TopicTail<Transcript> partials;
    private final Deque<Transcript> fetched = new ArrayDeque<>();
    private volatile boolean stopped;

    /**
     * Connects and takes up its position, so that with {@link Start#NOW} everything written from here on is delivered.
     *
     * @param transcripts the topic of finals
     * @param partials the topic of partials; null to do without
     * @throws KafkaFailure if Kafka does not answer, refuses, or lacks a topic
     */
    public TranscriptTail(KafkaConnection connection, String transcripts, @Nullable String partials, Start start) {
        this.finals = open(connection, transcripts, start, IsolationLevel.READ_COMMITTED);
        try {
            this.partials =
                    partials == null ? null : open(connection, partials, start, IsolationLevel.READ_UNCOMMITTED);
        } catch (KafkaFailure failure) {
            finals.close();
            throw failure;
        }
    }

    /**
     * Delivers transcripts until the reader has had enough or {@link #stop} is called. What was not delivered comes first when
     * it is called again.
     *
     * @param reader says whether it wants more
     * @throws KafkaFailure if Kafka refuses
     */
    public void follow(Predicate<Transcript> reader) {
        boolean wanted = true;
        while (wanted && !stopped) {
            Transcript next = next();
            if (next != null) {
                wanted = reader.test(next);
            }
        }
    }

    /** Ends {@link #follow} soon. May be called by any thread, also by the reader. */
    public void stop() {
        stopped = true;
    }

    @Override
    public void close() {
        finals.close();
        if (partials != null) {
            partials.close();
        }
    }

    /** The next transcript that says something new, or null if none has come for a while. */
    private @Nullable Transcript next() {
        if (fetched.isEmpty()) {
            fetch();
        }
        Transcript next = fetched.poll();
        if (next == null) {
            return null;
        }
        if (next.getStatus() == TranscriptStatus.FINAL) {
            finished.add(next);
            return next;
        }
        return finished.contains(next) ? null : next;
    }

    private void fetch() {
        if (partials == null) {
            fetched.addAll(finals.poll(POLL));
        } else {
            fetched.addAll(finals.poll(Duration.ZERO));
            fetched.addAll(partials.poll(POLL));
        }
    }

    private static TopicTail<Transcript> open(
            KafkaConnection connection, String topic, Start start, IsolationLevel isolation) {
        return new TopicTail<>(connection, topic, connection.wireFormat().transcriptDeserializer(), isolation, start);
    }
}
