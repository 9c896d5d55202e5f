package io.kscribe.bench;

import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptDeserializer;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.KafkaFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads what comes on a topic of transcripts from now on, on a thread of its own, and keeps what belongs to a run with the time at which
 * it came.
 */
public final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConnection connection;
    private final String run;
    private final InstantSource clock;
    private final Consumer<String, Transcript> consumer;
    private final Thread thread;
    private final List<Arrival> arrivals = new ArrayList<>();
    private @Nullable KafkaException failure;
    private volatile boolean closed;

    /**
     * Takes up its position, so that everything written from here on is read.
     *
     * @param run what the calls' ids begin with
     * @throws KafkaFailure if Kafka does not answer or refuses
     */
    public TopicReader(
            KafkaConnection connection, String topic, IsolationLevel isolation, String run, InstantSource clock) {
        this.connection = connection;
        this.run = run;
        this.clock = clock;
        consumer = connection.reader(new TranscriptDeserializer(), isolation);
        try {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.endOffsets(partitions).forEach(consumer::seek);
        } catch (KafkaException failed) {
            consumer.close();
            throw KafkaFailure.of(failed, connection);
        }
        thread = new Thread(this::read, "kscribe-bench-" + topic);
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        try {
            while (!closed) {
                for (ConsumerRecord<String, Transcript> record : consumer.poll(POLL)) {
                    if (record.key() != null && record.key().startsWith(run)) {
                        add(new Arrival(record.value(), clock.instant()));
                    }
                }
            }
        } catch (KafkaException failed) {
            fail(failed);
        }
    }

    private synchronized void add(Arrival arrival) {
        arrivals.add(arrival);
    }

    private synchronized void fail(KafkaException failed) {
        failure = failed;
    }

    /**
     * All that has come so far, in the order in which it did.
     *
     * @throws KafkaFailure if Kafka refused
     */
    public synchronized List<Arrival> arrivals() {
        if (failure != null) {
            throw KafkaFailure.of(failure, connection);
        }
        return List.copyOf(arrivals);
    }

    /** When the last came; null before the first. */
    synchronized @Nullable Instant last() {
        return arrivals.isEmpty() ? null : arrivals.get(arrivals.size() - 1).at();
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        consumer.close();
    }
}
