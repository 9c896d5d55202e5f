package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.broker.InProcessBroker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TopicAdminIT {

    private static InProcessBroker broker;
    private static KafkaConnection connection;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.start();
        connection = KafkaConnection.to(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldCreateWhatItThenFindsFit() throws Exception {
        TopicPlan plan = plan("fresh");
        try (TopicAdmin topics = new TopicAdmin(connection)) {
            assertThat(topics.create(plan)).isEqualTo(plan.topics().names());
            assertThat(topics.check(plan)).isEmpty();
        }
        assertThat(setting("fresh.audio", "retention.ms")).isEqualTo("86400000");
        assertThat(setting("fresh.partials", "segment.ms")).isEqualTo("600000");
    }

    @Test
    void shouldLeaveWhatExistsAsItIs() throws Exception {
        TopicPlan plan = plan("again");
        try (Admin admin = connection.admin();
                TopicAdmin topics = new TopicAdmin(connection)) {
            admin.createTopics(Set.of(new NewTopic("again.transcripts", 2, (short) 1)))
                    .all()
                    .get();

            assertThat(topics.create(plan)).containsExactly("again.audio", "again.partials", "again.dlq");
            assertThat(topics.create(plan)).isEmpty();
            assertThat(topics.check(plan))
                    .containsExactly(
                            "Topic again.transcripts has 2 partitions; expected 8 or more.",
                            "Topic again.transcripts has message.timestamp.type=CreateTime, which refuses the records "
                                    + "of a writer whose clock is an hour ahead; expected LogAppendTime.");
            assertThat(topics.requireFit(plan.topics(), 8))
                    .singleElement()
                    .asString()
                    .startsWith("Topic again.transcripts has message.timestamp.type=CreateTime");
        }
    }

    @Test
    void shouldNotLetTheServiceStartWithTooFewPartitionsOrTopics() throws Exception {
        TopicPlan plan = plan("few");
        try (TopicAdmin topics = new TopicAdmin(connection)) {
            assertThatThrownBy(() -> topics.requireFit(plan.topics(), 1))
                    .isInstanceOf(KafkaFailure.class)
                    .hasMessage("Topics few.audio, few.partials, few.transcripts, few.dlq do not exist on Kafka at "
                            + broker.bootstrapServers() + "; 'kscribe topics create' creates kscribe's topics.");

            topics.create(plan);
            assertThat(topics.requireFit(plan.topics(), 8)).isEmpty();
            assertThatThrownBy(() -> topics.requireFit(plan.topics(), 9))
                    .isInstanceOf(KafkaFailure.class)
                    .hasMessage("Topic few.audio has 8 partitions, too few for 9 stream threads; add partitions while "
                            + "no call is open, or start fewer threads.");
        }
    }

    @Test
    void shouldSayWhatIsMissing() throws Exception {
        try (TopicAdmin topics = new TopicAdmin(connection)) {
            assertThat(topics.check(plan("nowhere")))
                    .containsExactly(
                            "Topic nowhere.audio does not exist.",
                            "Topic nowhere.partials does not exist.",
                            "Topic nowhere.transcripts does not exist.",
                            "Topic nowhere.dlq does not exist.");
        }
    }

    @Test
    void shouldSayWhatWouldLoseDataAndWhatIsNotSafe() throws Exception {
        Topics names = new Topics("compacted", "unfit.partials", "unfit.transcripts", "unfit.dlq");
        try (Admin admin = connection.admin();
                TopicAdmin topics = new TopicAdmin(connection)) {
            NewTopic compacted = new NewTopic("compacted", 8, (short) 1);
            admin.createTopics(Set.of(compacted.configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
            topics.create(new TopicPlan(names, 8, (short) 1));

            List<String> problems = topics.check(new TopicPlan(names, 8, (short) 2));

            assertThat(problems)
                    .hasSize(6)
                    .contains(
                            "Topic compacted has cleanup.policy=compact, which keeps only the last record of a call; expected delete.",
                            "Topic unfit.dlq has 1 replica of a partition; expected 2 or more.");
        }
    }

    @Test
    void shouldSayThatTheClusterIsTooSmall() {
        TopicPlan plan = new TopicPlan(plan("big").topics(), 1, (short) 3);
        try (TopicAdmin topics = new TopicAdmin(connection)) {
            assertThatThrownBy(() -> topics.create(plan))
                    .isInstanceOf(KafkaFailure.class)
                    .hasMessageContaining("Kafka at " + broker.bootstrapServers() + " failed: ")
                    .hasMessageContaining("replication");
        }
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        KafkaConnection nobody = new KafkaConnection("127.0.0.1:1", Map.of(), Duration.ofMillis(300));
        try (TopicAdmin topics = new TopicAdmin(nobody)) {
            assertThatThrownBy(() -> topics.check(TopicPlan.standard()))
                    .isInstanceOf(KafkaFailure.class)
                    .hasMessage("No answer from Kafka at 127.0.0.1:1 within 300 ms; is a broker listening there?");
        }
    }

    private static TopicPlan plan(String prefix) {
        return new TopicPlan(
                new Topics(prefix + ".audio", prefix + ".partials", prefix + ".transcripts", prefix + ".dlq"),
                TopicPlan.DEFAULT_PARTITIONS,
                (short) 0);
    }

    private static String setting(String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = connection.admin()) {
            Config config = Objects.requireNonNull(
                    admin.describeConfigs(Set.of(resource)).all().get().get(resource));
            return config.get(name).value();
        }
    }
}
