package io.kscribe.stream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How kscribe wants its topics to be: partitions, copies, and how long each keeps what it holds.
 *
 * @param topics their names
 * @param partitions of each topic; the most stream threads that can share the work
 * @param replication copies of each partition; 0 for {@link #SAFE_REPLICATION} where the cluster has as many brokers, else 1
 */
public record TopicPlan(Topics topics, int partitions, short replication) {

    /** Partitions of each topic when nobody says. */
    public static final int DEFAULT_PARTITIONS = 8;

    /** Copies of each partition on a cluster that has brokers for them. */
    public static final short SAFE_REPLICATION = 3;

    public static final Duration AUDIO_RETENTION = Duration.ofHours(24);
    public static final Duration PARTIALS_RETENTION = Duration.ofHours(1);
    public static final Duration TRANSCRIPTS_RETENTION = Duration.ofDays(7);
    public static final Duration DEAD_LETTERS_RETENTION = Duration.ofDays(7);

    /**
     * Records bear the time at which the broker got them. By their producers' clocks, a broker would refuse what is stamped an hour ahead, and
     * delete at once what is stamped long ago.
     */
    public static final String TIMESTAMP_TYPE = "LogAppendTime";

    /**
     * How the topics that keep state are to be. Nearly all of what is written there is deleted within a minute, and whoever takes over has to
     * read what has not been compacted yet: files are small and closed soon, since only closed ones are compacted.
     */
    public static final Map<String, String> CHANGELOG_SETTINGS = Map.of(
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
            TIMESTAMP_TYPE,
            TopicConfig.SEGMENT_BYTES_CONFIG,
            Integer.toString(16 << 20),
            TopicConfig.SEGMENT_MS_CONFIG,
            Long.toString(Duration.ofMinutes(10).toMillis()),
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            "0.1",
            TopicConfig.DELETE_RETENTION_MS_CONFIG,
            Long.toString(Duration.ofMinutes(10).toMillis()));

    /** A topic's file is closed after this part of its retention, because Kafka deletes only what is closed. */
    private static final int SEGMENTS_PER_RETENTION = 6;

    public TopicPlan {
        if (partitions < 1) {
            throw new IllegalArgumentException("The number of partitions is " + partitions + "; expected 1 or more.");
        }
        if (replication < 0) {
            throw new IllegalArgumentException(
                    "The replication is " + replication + "; expected 1 or more, or 0 to leave it to the cluster.");
        }
    }

    /** The standard topics in the standard number of partitions. */
    public static TopicPlan standard() {
        return new TopicPlan(Topics.standard(), DEFAULT_PARTITIONS, (short) 0);
    }

    /** The topics to create on a cluster of this many brokers, in the order of the flow. */
    public List<NewTopic> newTopics(int brokers) {
        return List.of(
                newTopic(topics.audio(), AUDIO_RETENTION, brokers),
                newTopic(topics.partials(), PARTIALS_RETENTION, brokers),
                newTopic(topics.transcripts(), TRANSCRIPTS_RETENTION, brokers),
                newTopic(topics.deadLetters(), DEAD_LETTERS_RETENTION, brokers));
    }

    /** Copies of each partition on a cluster of this many brokers. */
    public short replicationOn(int brokers) {
        if (replication > 0) {
            return replication;
        }
        return brokers < SAFE_REPLICATION ? 1 : SAFE_REPLICATION;
    }

    private NewTopic newTopic(String name, Duration retention, int brokers) {
        short copies = replicationOn(brokers);
        return new NewTopic(name, partitions, copies)
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(retention.toMillis()),
                        TopicConfig.SEGMENT_MS_CONFIG,
                        Long.toString(retention.toMillis() / SEGMENTS_PER_RETENTION),
                        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
                        TIMESTAMP_TYPE,
                        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                        copies < SAFE_REPLICATION ? "1" : "2"));
    }
}
