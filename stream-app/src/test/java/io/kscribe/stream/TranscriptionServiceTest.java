package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;

class TranscriptionServiceTest {
    private static final Path STATE = Path.of("state");

    @Test
    void shouldSetKafkaStreamsUpForFinalsExactlyOnceAndSoon() {
        Properties config = config(Map.of());

        assertThat(config)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("bootstrap.servers", "kafka:9092"),
                        Map.entry("application.id", "kscribe"),
                        Map.entry("state.dir", "state"),
                        Map.entry("num.stream.threads", 1),
                        Map.entry("processing.guarantee", "exactly_once_v2"),
                        Map.entry("commit.interval.ms", 100L),
                        Map.entry("poll.ms", 10L),
                        Map.entry("statestore.cache.max.bytes", 0L),
                        Map.entry("ensure.explicit.internal.resource.naming", true),
                        Map.entry("topic.message.timestamp.type", "LogAppendTime"),
                        Map.entry("topic.segment.bytes", "16777216"),
                        Map.entry("topic.segment.ms", "600000"),
                        Map.entry("topic.min.cleanable.dirty.ratio", "0.1"),
                        Map.entry("topic.delete.retention.ms", "600000"),
                        Map.entry("producer.linger.ms", 5),
                        Map.entry("producer.transaction.timeout.ms", 30_000),
                        Map.entry("main.consumer.max.poll.records", 32),
                        Map.entry("main.consumer.fetch.min.bytes", 32 * 1024),
                        Map.entry("main.consumer.fetch.max.wait.ms", 20),
                        Map.entry("session.timeout.ms", 30_000),
                        Map.entry("heartbeat.interval.ms", 100),
                        Map.entry("group.instance.id", "instance"),
                        Map.entry("restore.consumer.fetch.max.wait.ms", 50),
                        Map.entry("num.standby.replicas", 0),
                        Map.entry("max.task.idle.ms", -1L),
                        Map.entry("task.assignor.class", StayingAssignor.class.getName())));
    }

    @Test
    void shouldMeanWhatItSays() {
        StreamsConfig config =
                new StreamsConfig(config(Map.of("session.timeout.ms", "7000", "security.protocol", "SSL")));

        Map<String, Object> producer = config.getProducerConfigs("p");
        assertThat(producer).containsEntry("linger.ms", 5).containsEntry("transaction.timeout.ms", 30_000);
        Map<String, Object> consumer = config.getMainConsumerConfigs("g", "c", 0);
        assertThat(consumer)
                .containsEntry("max.poll.records", 32)
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("session.timeout.ms", "7000")
                .containsEntry("group.instance.id", "instance-0")
                .containsEntry("security.protocol", "SSL");
    }

    private static Properties config(Map<String, String> settings) {
        return TranscriptionService.config(
                new KafkaConnection("kafka:9092", settings, Duration.ofSeconds(1)),
                new ServiceSettings(
                        "kscribe",
                        STATE,
                        1,
                        2,
                        ServiceSettings.DEFAULT_COMMIT_INTERVAL,
                        ServiceSettings.DEFAULT_TRANSACTION_TIMEOUT),
                "instance",
                SessionTimeout.WATCHED);
    }
}
