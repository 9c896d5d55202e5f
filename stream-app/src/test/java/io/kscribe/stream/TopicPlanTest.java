package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

class TopicPlanTest {

    @Test
    void shouldPinItsDefaults() {
        assertThat(TopicPlan.standard().newTopics(1))
                .containsExactly(
                        topic("audio.chunks", 1, "86400000", "14400000", "1"),
                        topic("transcripts.partial", 1, "3600000", "600000", "1"),
                        topic("transcripts", 1, "604800000", "100800000", "1"),
                        topic("audio.dlq", 1, "604800000", "100800000", "1"));
    }

    @Test
    void shouldKeepThreeCopiesWhereThereAreBrokersForThem() {
        assertThat(TopicPlan.standard().replicationOn(1)).isEqualTo((short) 1);
        assertThat(TopicPlan.standard().replicationOn(2)).isEqualTo((short) 1);
        assertThat(TopicPlan.standard().replicationOn(3)).isEqualTo((short) 3);
        assertThat(TopicPlan.standard().replicationOn(9)).isEqualTo((short) 3);
        assertThat(TopicPlan.standard().newTopics(3))
                .first()
                .isEqualTo(topic("audio.chunks", 3, "86400000", "14400000", "2"));
    }

    @Test
    void shouldDoAsItIsTold() {
        TopicPlan plan = new TopicPlan(Topics.standard(), 3, (short) 2);

        assertThat(plan.newTopics(9)).allSatisfy(topic -> {
            assertThat(topic.numPartitions()).isEqualTo(3);
            assertThat(topic.replicationFactor()).isEqualTo((short) 2);
            assertThat(topic.configs()).containsEntry("min.insync.replicas", "1");
        });
    }

    @Test
    void shouldRefuseWhatCannotBe() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TopicPlan(Topics.standard(), 0, (short) 1))
                .withMessage("The number of partitions is 0; expected 1 or more.");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TopicPlan(Topics.standard(), 1, (short) -1))
                .withMessage("The replication is -1; expected 1 or more, or 0 to leave it to the cluster.");
    }

    private static NewTopic topic(String name, int replicas, String retention, String segment, String inSync) {
        return new NewTopic(name, 8, (short) replicas)
                .configs(Map.of(
                        "cleanup.policy", "delete",
                        "retention.ms", retention,
                        "segment.ms", segment,
                        "message.timestamp.type", "LogAppendTime",
                        "min.insync.replicas", inSync));
    }
}
