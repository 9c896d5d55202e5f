package io.kscribe.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates the topics of a {@link TopicPlan}, and says in what they differ from it. */
public final class TopicAdmin implements AutoCloseable {

    private static final Duration VISIBILITY_POLL = Duration.ofMillis(20);

    private static final String HOW_TO_CREATE = "'kscribe topics create' creates kscribe's topics.";

    private final KafkaConnection connection;
    private final Admin admin;

    /**
     * Connects.
     *
     * @throws KafkaFailure if the settings are not usable
     */
    public TopicAdmin(KafkaConnection connection) {
        this.connection = connection;
        this.admin = connection.admin();
    }

    /**
     * Creates the topics that do not exist, leaves the others as they are, and waits until all can be used.
     *
     * @return the names of those that were created, in the order of the flow
     * @throws KafkaFailure if Kafka does not answer or refuses
     */
    public List<String> create(TopicPlan plan) throws InterruptedException {
        List<NewTopic> wanted = plan.newTopics(brokers());
        Set<String> created = new LinkedHashSet<>();
        for (var result : admin.createTopics(wanted).values().entrySet()) {
            answers(result.getValue().thenApply(nothing -> result.getKey()), TopicExistsException.class)
                    .ifPresent(created::add);
        }
        awaitVisible(plan.topics().names());
        return plan.topics().names().stream().filter(created::contains).toList();
    }

    /**
     * Compares the topics with the plan.
     *
     * @return one sentence for each thing that keeps kscribe from working as planned; empty if all is well
     * @throws KafkaFailure if Kafka does not answer or refuses
     */
    public List<String> check(TopicPlan plan) throws InterruptedException {
        Map<String, TopicDescription> found = describe(plan.topics().names());
        Map<String, Config> settings = settings(found.keySet());
        short copies = plan.replicationOn(brokers());
        List<String> problems = new ArrayList<>();
        for (String topic : plan.topics().names()) {
            TopicDescription is = found.get(topic);
            if (is == null) {
                problems.add("Topic " + topic + " does not exist.");
                continue;
            }
            int partitions = is.partitions().size();
            if (partitions < plan.partitions()) {
                problems.add("Topic " + topic + " has " + count(partitions, "partition") + "; expected "
                        + plan.partitions() + " or more.");
            }
            int replication = is.partitions().stream()
                    .mapToInt(partition -> partition.replicas().size())
                    .min()
                    .orElse(0);
            if (replication < copies) {
                problems.add("Topic " + topic + " has " + count(replication, "replica") + " of a partition; expected "
                        + copies + " or more.");
            }
            String stamped = setting(settings, topic, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG);
            if (!stamped.equals(TopicPlan.TIMESTAMP_TYPE)) {
                problems.add("Topic " + topic + " has message.timestamp.type=" + stamped
                        + ", which refuses the records of a writer whose clock is an hour ahead; expected "
                        + TopicPlan.TIMESTAMP_TYPE + ".");
            }
            String policy = setting(settings, topic, TopicConfig.CLEANUP_POLICY_CONFIG);
            if (policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                problems.add("Topic " + topic + " has cleanup.policy=" + policy
                        + ", which keeps only the last record of a call; expected delete.");
            }
        }
        return problems;
    }

    /**
     * Makes sure that a topic exists.
     *
     * @throws KafkaFailure if it does not, or if Kafka does not answer or refuses
     */
    public void require(String topic) throws InterruptedException {
        if (describe(List.of(topic)).isEmpty()) {
            throw missing(topic, connection);
        }
    }

    /**
     * Makes sure that the service can work with its topics.
     *
     * @param streamThreads that are to share the audio's partitions
     * @return one sentence for each thing that is not as planned but does not keep the service from working
     * @throws KafkaFailure if a topic is missing or the audio has too few partitions, or if Kafka does not answer or refuses
     */
    public List<String> requireFit(Topics topics, int streamThreads) throws InterruptedException {
        Map<String, TopicDescription> found = describe(topics.names());
        List<String> missing =
                topics.names().stream().filter(name -> !found.containsKey(name)).toList();
        if (missing.size() > 1) {
            throw new KafkaFailure("Topics " + String.join(", ", missing) + " do not exist on Kafka at "
                    + connection.bootstrapServers() + "; " + HOW_TO_CREATE);
        }
        for (String name : missing) {
            throw missing(name, connection);
        }
        TopicDescription audio = found.get(topics.audio());
        int partitions = audio == null ? 0 : audio.partitions().size();
        if (partitions < streamThreads) {
            throw new KafkaFailure("Topic " + topics.audio() + " has " + count(partitions, "partition")
                    + ", too few for " + streamThreads
                    + " stream threads; add partitions while no call is open, or start "
                    + "fewer threads.");
        }
        return check(new TopicPlan(topics, 1, (short) 0));
    }

    static KafkaFailure missing(String topic, KafkaConnection connection) {
        return new KafkaFailure("Topic " + topic + " does not exist on Kafka at " + connection.bootstrapServers() + "; "
                + HOW_TO_CREATE);
    }

    @Override
    public void close() {
        admin.close();
    }

    /** A topic is created by the controller; brokers hear of it a moment later. */
    private void awaitVisible(List<String> topics) throws InterruptedException {
        long deadline = System.nanoTime() + connection.timeout().toNanos();
        while (describe(topics).size() < topics.size()) {
            if (System.nanoTime() - deadline > 0) {
                throw new KafkaFailure(
                        "Kafka at " + connection.bootstrapServers() + " created topics but does not show "
                                + "them after " + connection.timeout().toMillis() + " ms.");
            }
            TimeUnit.NANOSECONDS.sleep(VISIBILITY_POLL.toNanos());
        }
    }

    private int brokers() throws InterruptedException {
        return get(admin.describeCluster().nodes()).size();
    }

    private Map<String, TopicDescription> describe(List<String> names) throws InterruptedException {
        Map<String, TopicDescription> found = new TreeMap<>();
        for (var result : admin.describeTopics(names).topicNameValues().entrySet()) {
            answers(result.getValue(), UnknownTopicOrPartitionException.class)
                    .ifPresent(description -> found.put(result.getKey(), description));
        }
        return found;
    }

    private Map<String, Config> settings(Set<String> topics) throws InterruptedException {
        List<ConfigResource> resources = topics.stream()
                .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                .toList();
        return get(admin.describeConfigs(resources).all()).entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue));
    }

    private static String setting(Map<String, Config> settings, String topic, String name) {
        Config config = settings.get(topic);
        return config == null ? "" : String.valueOf(config.get(name).value());
    }

    private static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    private <T> T get(KafkaFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (ExecutionException failed) {
            throw KafkaFailure.of(failed, connection);
        }
    }

    /** The future's value, or nothing if it failed as a caller is prepared for. */
    private <T> Optional<T> answers(KafkaFuture<T> future, Class<? extends Exception> expected)
            throws InterruptedException {
        try {
            return Optional.of(future.get());
        } catch (ExecutionException failed) {
            if (expected.isInstance(failed.getCause())) {
                return Optional.empty();
            }
            throw KafkaFailure.of(failed, connection);
        }
    }
}
