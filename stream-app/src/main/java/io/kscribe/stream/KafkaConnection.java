package io.kscribe.stream;

import io.kscribe.registry.SchemaRegistry;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Where Kafka is and how to get in: what every client of kscribe starts from.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param settings client settings as Kafka names them, for instance for TLS and SASL, and the schema registry's, if there is one, as Apicurio
 *     names them; kscribe's own needs win over them
 * @param timeout how long to wait for an answer before giving up; at least a millisecond
 */
public record KafkaConnection(String bootstrapServers, Map<String, String> settings, Duration timeout) {

    /** Where Kafka is taken to be when nobody says. */
    public static final String DEFAULT_BOOTSTRAP_SERVERS = "localhost:9092";

    /** How long to wait for an answer when nobody says. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    /** Longest timeout that Kafka's clients can express. */
    private static final Duration LONGEST_TIMEOUT = Duration.ofMillis(Integer.MAX_VALUE);

    public KafkaConnection {
        if (bootstrapServers.isBlank()) {
            throw new IllegalArgumentException("The bootstrap server is empty; expected host:port.");
        }
        if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    "The timeout is " + timeout.toMillis() + " ms; expected 1 to " + Integer.MAX_VALUE + " ms.");
        }
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** Kafka at these servers, without further settings. */
    public static KafkaConnection to(String bootstrapServers) {
        return new KafkaConnection(bootstrapServers, Map.of(), DEFAULT_TIMEOUT);
    }

    /** How values are written there: with a schema registry if the settings name one, as {@value SchemaRegistry#URL_SETTING}. */
    public WireFormat wireFormat() {
        String url = settings.get(SchemaRegistry.URL_SETTING);
        return url == null ? WireFormat.singleObject() : WireFormat.of(new SchemaRegistry(url, registrySettings(true)));
    }

    private Map<String, String> registrySettings(boolean wanted) {
        Map<String, String> some = new LinkedHashMap<>(settings);
        some.keySet().removeIf(name -> name.startsWith(SchemaRegistry.SETTINGS_PREFIX) != wanted);
        return some;
    }

    /** The settings that every client needs, as a new map to add to. */
    public Map<String, Object> clientConfig() {
        Map<String, Object> config = new LinkedHashMap<>(registrySettings(false));
        config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return config;
    }

    /**
     * A client for topics and their settings.
     *
     * @throws KafkaFailure if the settings are not usable
     */
    public Admin admin() {
        Map<String, Object> config = clientConfig();
        config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMillis());
        config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis());
        return open(() -> Admin.create(config));
    }

    /**
     * An idempotent producer, keyed by call, that waits for all in-sync replicas.
     *
     * @param linger how long to wait for more records before sending; zero for live audio
     * @throws KafkaFailure if the settings are not usable
     */
    public <V> Producer<String, V> producer(Serializer<V> values, Duration linger) {
        return producer(values, linger, Map.of());
    }

    /**
     * The same with other settings, for one that waits longer or keeps more.
     *
     * @param others win over kscribe's
     * @throws KafkaFailure if the settings are not usable
     */
    public <V> Producer<String, V> producer(Serializer<V> values, Duration linger, Map<String, Object> others) {
        Map<String, Object> config = clientConfig();
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.LINGER_MS_CONFIG, linger.toMillis());
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, timeoutMillis());
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis());
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int)
                Math.min(Integer.MAX_VALUE, timeoutMillis() + linger.toMillis()));
        config.putAll(others);
        return open(() -> new KafkaProducer<>(config, new StringSerializer(), values));
    }

    /**
     * A consumer that belongs to no group: it reads what it is assigned and commits nothing.
     *
     * @throws KafkaFailure if the settings are not usable
     */
    public <V> Consumer<String, V> reader(Deserializer<V> values, IsolationLevel isolation) {
        Map<String, Object> config = clientConfig();
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.toString());
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMillis());
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMillis());
        return open(() -> new KafkaConsumer<>(config, new StringDeserializer(), values));
    }

    private int timeoutMillis() {
        return (int) timeout.toMillis();
    }

    private <C> C open(Supplier<C> client) {
        try {
            return client.get();
        } catch (KafkaException unusable) {
            throw KafkaFailure.of(unusable, this);
        }
    }
}
