package io.kscribe.broker;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The Kafka of an end-to-end test: a broker in the tests' own JVM; or one in a container, if {@code -Dkafka.image=apache/kafka:4.3.1}
 * names an image of it. Where that is asked for and there is no Docker, tests are skipped and say so.
 */
public final class TestKafka implements AutoCloseable {
    private static final String IMAGE = "kafka.image";

    private final String bootstrapServers;
    private final AutoCloseable broker;

    private TestKafka(String bootstrapServers, AutoCloseable broker) {
        this.bootstrapServers = bootstrapServers;
        this.broker = broker;
    }

    /** Starts it. */
    public static TestKafka start() {
        String image = System.getProperty(IMAGE, "");
        if (image.isEmpty()) {
            InProcessBroker broker = InProcessBroker.start();
            return new TestKafka(broker.bootstrapServers(), broker);
        }
        assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "There is no Docker: nothing is tested against " + image);
        KafkaContainer container =
                new KafkaContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("apache/kafka"));
        container.start();
        return new TestKafka(container.getBootstrapServers(), container);
    }

    /** Where clients connect, as {@code host:port}. */
    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() {
        try {
            broker.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
