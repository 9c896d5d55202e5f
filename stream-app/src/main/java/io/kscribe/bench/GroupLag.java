package io.kscribe.bench;

import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.KafkaFailure;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Asks Kafka how many records of a topic a consumer group has not committed yet. */
final class GroupLag implements AutoCloseable {
    private final Admin admin;
    private final KafkaConnection connection;
    private final String group;
    private final Map<TopicPartition, OffsetSpec> latest;

    /**
     * Connects.
     *
     * @throws KafkaFailure if Kafka does not answer, refuses, or lacks the topic
     */
    GroupLag(KafkaConnection connection, String topic, String group) throws InterruptedException {
        this.connection = connection;
        this.group = group;
        admin = connection.admin();
        try {
            int partitions = Objects.requireNonNull(admin.describeTopics(List.of(topic))
                            .topicNameValues()
                            .get(topic))
                    .get()
                    .partitions()
                    .size();
            latest = IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(topic, partition))
                    .collect(Collectors.toMap(Function.identity(), partition -> OffsetSpec.latest()));
        } catch (ExecutionException failed) {
            admin.close();
            throw KafkaFailure.of(failed, connection);
        }
    }

    /**
     * Records that are not committed, over all partitions; of partitions for which nothing was ever committed, all.
     *
     * @throws KafkaFailure if Kafka does not answer
     */
    long records() throws InterruptedException {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get();
            Map<TopicPartition, ListOffsetsResultInfo> ends =
                    admin.listOffsets(latest).all().get();
            long lag = 0;
            for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end : ends.entrySet()) {
                OffsetAndMetadata done = committed.get(end.getKey());
                lag += Math.max(0, end.getValue().offset() - (done == null ? 0 : done.offset()));
            }
            return lag;
        } catch (ExecutionException failed) {
            throw KafkaFailure.of(failed, connection);
        }
    }

    @Override
    public void close() {
        admin.close();
    }
}
