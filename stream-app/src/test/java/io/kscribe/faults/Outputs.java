package io.kscribe.faults;

import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptDeserializer;
import io.kscribe.stream.KafkaConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Somebody who reads a topic of transcripts as they come, and notes when that was. */
final class Outputs implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile boolean closed;

    /** A transcript and when it was read. */
    record Seen(Transcript transcript, Instant at) {}

    /** Reads a topic from its beginning, in all partitions. */
    Outputs(String bootstrapServers, String topic, int partitions, IsolationLevel isolation, InstantSource clock) {
        KafkaConnection connection = new KafkaConnection(bootstrapServers, Map.of(), PATIENCE);
        thread = new Thread(
                () -> {
                    try (Consumer<String, Transcript> consumer =
                            connection.reader(new TranscriptDeserializer(), isolation)) {
                        List<TopicPartition> all = new ArrayList<>();
                        for (int i = 0; i < partitions; i++) {
                            all.add(new TopicPartition(topic, i));
                        }
                        consumer.assign(all);
                        consumer.seekToBeginning(all);
                        while (!closed) {
                            for (ConsumerRecord<String, Transcript> record : consumer.poll(POLL)) {
                                seen.add(new Seen(record.value(), clock.instant()));
                            }
                        }
                    }
                },
                "reads " + topic);
        thread.start();
    }

    /** What has been read so far, in the order of reading. */
    List<Seen> seen() {
        return List.copyOf(seen);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
