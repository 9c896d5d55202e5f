package io.kscribe.stream;

import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger log = LoggerFactory.getLogger(TranscriptTail.class);

    private final KafkaConnection connection;
    private final Finished finished = new Finished(Finished.DEFAULT_CHANNELS);
    private final Consumer<String, Transcript> finals;
    private final @Nullable Consumer<String, Transcript> partials;
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
        this.connection = connection;
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
        try {
            if (partials == null) {
                fetch(finals, POLL);
            } else {
                fetch(finals, Duration.ZERO);
                fetch(partials, POLL);
            }
        } catch (KafkaException failure) {
            throw KafkaFailure.of(failure, connection);
        }
    }

    private void fetch(Consumer<String, Transcript> consumer, Duration wait) {
        try {
            for (ConsumerRecord<String, Transcript> record : consumer.poll(wait)) {
                if (record.value() != null) {
                    fetched.add(record.value());
                }
            }
        } catch (RecordDeserializationException unreadable) {
            Throwable reason = unreadable.getCause() == null ? unreadable : unreadable.getCause();
            log.warn(
                    "Skipped record {} of {}, which is no transcript: {}",
                    unreadable.offset(),
                    unreadable.topicPartition(),
                    reason.getMessage());
            consumer.seek(unreadable.topicPartition(), unreadable.offset() + 1);
        }
    }

    private static Consumer<String, Transcript> open(
            KafkaConnection connection, String topic, Start start, IsolationLevel isolation) {
        Consumer<String, Transcript> consumer =
                connection.reader(connection.wireFormat().transcriptDeserializer(), isolation);
        try {
            List<TopicPartition> partitions = partitions(consumer, topic);
            if (partitions.isEmpty()) {
                throw TopicAdmin.missing(topic, connection);
            }
            consumer.assign(partitions);
            offsets(consumer, partitions, start).forEach(consumer::seek);
            return consumer;
        } catch (KafkaException | KafkaFailure failure) {
            consumer.close();
            throw KafkaFailure.of(failure, connection);
        }
    }

    private static Map<TopicPartition, Long> offsets(
            Consumer<?, ?> consumer, List<TopicPartition> partitions, Start start) {
        if (start.equals(Start.BEGINNING)) {
            return consumer.beginningOffsets(partitions);
        }
        Map<TopicPartition, Long> offsets = new HashMap<>(consumer.endOffsets(partitions));
        if (!start.equals(Start.NOW)) {
            Map<TopicPartition, Long> times = new HashMap<>();
            partitions.forEach(partition -> times.put(partition, start.since().toEpochMilli()));
            consumer.offsetsForTimes(times).forEach((partition, found) -> {
                if (found != null) {
                    offsets.put(partition, found.offset());
                }
            });
        }
        return offsets;
    }

    private static List<TopicPartition> partitions(Consumer<String, Transcript> consumer, String topic) {
        try {
            return consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
        } catch (UnknownTopicOrPartitionException missing) {
            return List.of();
        }
    }
}
