package io.kscribe.stream;

import io.kscribe.stream.TranscriptTail.Start;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordDeserializationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows all partitions of one topic. It belongs to no consumer group and commits nothing; what cannot be decoded is skipped with a
 * warning. It belongs to one thread.
 */
public final class TopicTail<V> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(TopicTail.class);

    private final KafkaConnection connection;
    private final String topic;
    private final Consumer<String, V> consumer;

    /**
     * Connects and takes up its position, so that with {@link Start#NOW} everything written from here on is delivered.
     *
     * @throws KafkaFailure if Kafka does not answer, refuses, or lacks the topic
     */
    public TopicTail(
            KafkaConnection connection, String topic, Deserializer<V> values, IsolationLevel isolation, Start start) {
        this.connection = connection;
        this.topic = topic;
        this.consumer = connection.reader(values, isolation);
        try {
            List<TopicPartition> partitions = partitions();
            if (partitions.isEmpty()) {
                throw TopicAdmin.missing(topic, connection);
            }
            consumer.assign(partitions);
            offsets(partitions, start).forEach(consumer::seek);
        } catch (KafkaException | KafkaFailure failure) {
            consumer.close();
            throw KafkaFailure.of(failure, connection);
        }
    }

    /**
     * What has come, in the order of each partition.
     *
     * @param wait how long to wait if nothing has
     * @throws KafkaFailure if Kafka refuses
     */
    public List<V> poll(Duration wait) {
        List<V> come = new ArrayList<>();
        try {
            for (ConsumerRecord<String, V> record : consumer.poll(wait)) {
                if (record.value() != null) {
                    come.add(record.value());
                }
            }
        } catch (RecordDeserializationException unreadable) {
            Throwable reason = unreadable.getCause() == null ? unreadable : unreadable.getCause();
            log.warn(
                    "Skipped record {} of {}, which cannot be read: {}",
                    unreadable.offset(),
                    unreadable.topicPartition(),
                    reason.getMessage());
            consumer.seek(unreadable.topicPartition(), unreadable.offset() + 1);
        } catch (KafkaException failure) {
            throw KafkaFailure.of(failure, connection);
        }
        return come;
    }

    @Override
    public void close() {
        consumer.close();
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, Start start) {
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

    private List<TopicPartition> partitions() {
        try {
            return consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
        } catch (UnknownTopicOrPartitionException missing) {
            return List.of();
        }
    }
}
