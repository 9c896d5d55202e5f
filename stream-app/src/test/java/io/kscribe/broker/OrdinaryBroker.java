package io.kscribe.broker;

import java.nio.file.Path;
import java.util.Map;

/** The embedded broker, but as patient as Kafka is when nobody configures it: what the service has to live with elsewhere. */
public final class OrdinaryBroker {
    private static final Map<String, String> SETTINGS = Map.of(
            "group.initial.rebalance.delay.ms", "3000",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms", "10000");

    private OrdinaryBroker() {}

    /** As {@link EmbeddedBroker#start(Path, int)}. */
    public static EmbeddedBroker start(Path directory, int port) throws BrokerException {
        return EmbeddedBroker.start(directory, port, SETTINGS);
    }

    /** The embedded broker with a setting of Kafka's, on a free port. */
    public static EmbeddedBroker startWith(Path directory, String setting, String value) throws BrokerException {
        return EmbeddedBroker.start(directory, 0, Map.of(setting, value));
    }
}
