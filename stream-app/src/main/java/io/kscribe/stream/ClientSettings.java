package io.kscribe.stream;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;

/** The settings of Kafka's clients, by the names that Kafka gives them. */
public final class ClientSettings {

    private ClientSettings() {}

    /** Those that Kafka's own clients know. */
    public static Set<String> known() {
        return names((config, name) -> true);
    }

    /** Those of them that are no passwords, keys or certificates. */
    public static Set<String> open() {
        Set<String> secret = names((config, name) ->
                Objects.requireNonNull(config.configKeys().get(name)).type() == ConfigDef.Type.PASSWORD);
        return names((config, name) -> !secret.contains(name));
    }

    private static Set<String> names(BiPredicate<ConfigDef, String> wanted) {
        Set<String> names = new TreeSet<>();
        Stream.of(
                        AdminClientConfig.configDef(),
                        ConsumerConfig.configDef(),
                        ProducerConfig.configDef(),
                        StreamsConfig.configDef())
                .forEach(config -> config.names().stream()
                        .filter(name -> wanted.test(config, name))
                        .forEach(names::add));
        return names;
    }
}
