package io.kscribe.cli;

import io.kscribe.registry.SchemaRegistry;
import io.kscribe.stream.KafkaConnection;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command that talks to Kafka. */
@Section("kafka")
final class KafkaOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            defaultValue = "${KSCRIBE_BOOTSTRAP_SERVER:-" + KafkaConnection.DEFAULT_BOOTSTRAP_SERVERS + "}",
            description = "Where Kafka is; several are separated by commas. "
                    + "Default: $KSCRIBE_BOOTSTRAP_SERVER, else " + KafkaConnection.DEFAULT_BOOTSTRAP_SERVERS + ".")
    private String bootstrapServer;

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "Client settings as Kafka names them, one 'key=value' a line, for instance for TLS and SASL; "
                    + "they win over those of kafka.properties in kscribe.yaml.")
    private @Nullable Path commandConfig;

    @Option(
            names = "--schema-registry",
            paramLabel = "URL",
            defaultValue = "${KSCRIBE_SCHEMA_REGISTRY:-}",
            description = "Where the schema registry is, if values are to be written in the format of one. "
                    + "Default: $KSCRIBE_SCHEMA_REGISTRY, else none.")
    private String schemaRegistry;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "10s",
            description = "How long to wait for Kafka's answer. Default: ${DEFAULT-VALUE}.")
    private Duration timeout;

    /** Whether somebody said where Kafka is, wherever. */
    boolean isGiven() {
        return Configuration.of(command).isGiven(command, "--bootstrap-server");
    }

    /**
     * The connection that the options describe.
     *
     * @throws IOException if the file of settings cannot be read
     */
    KafkaConnection connection() throws IOException {
        Map<String, String> settings = settings();
        return UsageErrors.valid(command, () -> new KafkaConnection(bootstrapServer, settings, timeout));
    }

    private Map<String, String> settings() throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        Configuration.of(command)
                .settings()
                .clientProperties()
                .forEach((name, given) -> settings.put(name, given.text()));
        if (commandConfig != null) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(commandConfig)) {
                properties.load(reader);
            } catch (IllegalArgumentException malformed) {
                throw new IOException(
                        commandConfig + " is not a properties file: " + malformed.getMessage(), malformed);
            }
            properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        }
        if (!schemaRegistry.isEmpty()) {
            SchemaRegistry registry = UsageErrors.valid(command, () -> new SchemaRegistry(schemaRegistry, Map.of()));
            settings.put(SchemaRegistry.URL_SETTING, registry.url());
        }
        return settings;
    }
}
