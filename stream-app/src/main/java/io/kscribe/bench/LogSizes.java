package io.kscribe.bench;

import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.KafkaFailure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.common.Node;

/**
 * What topics take on the brokers' disks, in bytes, by topic, all copies together.
 *
 * @param bytes by topic
 */
record LogSizes(Map<String, Long> bytes) {
    private static final String CHANGELOG = "-changelog";

    /**
     * Asks all brokers.
     *
     * @throws KafkaFailure if Kafka does not answer or does not allow it
     */
    static LogSizes ask(KafkaConnection connection) throws InterruptedException {
        Map<String, Long> bytes = new HashMap<>();
        try (Admin admin = connection.admin()) {
            List<Integer> brokers =
                    admin.describeCluster().nodes().get().stream().map(Node::id).toList();
            for (Map<String, LogDirDescription> directories :
                    admin.describeLogDirs(brokers).allDescriptions().get().values()) {
                for (LogDirDescription directory : directories.values()) {
                    directory
                            .replicaInfos()
                            .forEach((partition, replica) -> bytes.merge(partition.topic(), replica.size(), Long::sum));
                }
            }
        } catch (ExecutionException failed) {
            throw KafkaFailure.of(failed, connection);
        }
        return new LogSizes(Map.copyOf(bytes));
    }

    /** What a topic has grown by since. */
    long grown(String topic, LogSizes since) {
        return grown(topic::equals, since);
    }

    /** What the changelogs of an application have grown by since. */
    long changelogsGrown(String applicationId, LogSizes since) {
        return grown(topic -> topic.startsWith(applicationId + "-") && topic.endsWith(CHANGELOG), since);
    }

    private long grown(Predicate<String> topics, LogSizes since) {
        return bytes.entrySet().stream()
                .filter(topic -> topics.test(topic.getKey()))
                .mapToLong(topic -> topic.getValue() - since.bytes.getOrDefault(topic.getKey(), 0L))
                .sum();
    }
}
