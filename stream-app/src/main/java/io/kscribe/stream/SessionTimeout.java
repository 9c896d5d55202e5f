package io.kscribe.stream;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long Kafka waits for a sign of life before it gives the calls of a crashed instance to another. */
final class SessionTimeout {
    /** Where nobody else tells who has died: as short as the brokers allow. This is the least that one allows as it comes. */
    static final Duration UNWATCHED = Duration.ofSeconds(6);

    /**
     * Where {@link InstanceWatch} tells it: longer than a broker takes to come back, so that all are still members then and nobody's calls
     * move. One that was killed and is started again at once serves after 14 s.
     */
    static final Duration WATCHED = Duration.ofSeconds(30);

    private static final String LEAST = "group.min.session.timeout.ms";

    private static final Logger log = LoggerFactory.getLogger(SessionTimeout.class);

    private SessionTimeout() {}

    /**
     * The wanted time, or the brokers' least if that is longer.
     *
     * @param watched whether instances watch over one another
     */
    static Duration allowed(KafkaConnection connection, boolean watched) throws InterruptedException {
        Duration wanted = watched ? WATCHED : UNWATCHED;
        Optional<Duration> least = least(connection);
        if (least.isEmpty() || least.get().compareTo(wanted) <= 0) {
            return wanted;
        }
        log.warn(
                "Kafka allows no session time-out below {} ms ({}): where instances cannot watch over one another, calls of one that"
                        + " was killed wait that long",
                least.get().toMillis(),
                LEAST);
        return least.get();
    }

    private static Optional<Duration> least(KafkaConnection connection) throws InterruptedException {
        try (Admin admin = connection.admin()) {
            Collection<Node> brokers = admin.describeCluster().nodes().get();
            List<ConfigResource> resources = brokers.stream()
                    .map(broker -> new ConfigResource(ConfigResource.Type.BROKER, broker.idString()))
                    .toList();
            return admin.describeConfigs(resources).all().get().values().stream()
                    .map(SessionTimeout::least)
                    .flatMap(Optional::stream)
                    .max(Duration::compareTo);
        } catch (ExecutionException failed) {
            log.debug("Kafka does not tell {}", LEAST, failed);
            return Optional.empty();
        }
    }

    private static Optional<Duration> least(Config config) {
        return Optional.ofNullable(config.get(LEAST))
                .map(ConfigEntry::value)
                .map(value -> Duration.ofMillis(Long.parseLong(value)));
    }
}
