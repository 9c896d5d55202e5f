package io.kscribe.broker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka cluster of one node inside this JVM: broker and KRaft controller in one, on the loopback interface only, its log
 * kept in a directory. It is configured to start fast and to stay small: a single replica of everything, few threads, few
 * partitions of internal topics, no waiting for further members when a group forms.
 */
final class SingleNode implements AutoCloseable {

    static final String HOST = "127.0.0.1";

    private final KafkaRaftServer server;

    private SingleNode(KafkaRaftServer server) {
        this.server = server;
    }

    /**
     * Starts the node and waits until it serves clients.
     *
     * @param directory keeps the log; formatted when it is not yet
     * @param port where clients connect, on {@value #HOST}
     * @param controllerPort where the node's own controller listens, on {@value #HOST}
     * @throws IOException if the directory cannot be formatted
     */
    static SingleNode start(Path directory, int port, int controllerPort) throws IOException {
        return start(directory, port, controllerPort, Map.of());
    }

    /** The same with further settings, or others. */
    static SingleNode start(Path directory, int port, int controllerPort, Map<String, String> further)
            throws IOException {
        Properties settings = settings(directory, port, controllerPort);
        settings.putAll(further);
        format(directory, settings);
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        try {
            server.startup();
        } catch (Throwable e) {
            server.shutdown();
            throw e;
        }
        return new SingleNode(server);
    }

    /** Waits until the node has stopped. */
    void awaitStop() {
        server.awaitShutdown();
    }

    /** Stops the node, its log closed cleanly. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static Properties settings(Path directory, int port, int controllerPort) {
        Properties settings = new Properties();
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", "1");
        settings.setProperty("controller.quorum.voters", "1@" + HOST + ":" + controllerPort);
        settings.setProperty(
                "listeners", "CLIENT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort);
        settings.setProperty("advertised.listeners", "CLIENT://" + HOST + ":" + port);
        settings.setProperty("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.setProperty("inter.broker.listener.name", "CLIENT");
        settings.setProperty("controller.listener.names", "CONTROLLER");
        settings.setProperty(
                "log.dirs", directory.resolve("log").toAbsolutePath().toString());

        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.setProperty(topic + ".replication.factor", "1");
            settings.setProperty(topic + ".num.partitions", "4");
        }
        settings.setProperty("transaction.state.log.min.isr", "1");
        settings.setProperty("share.coordinator.state.topic.min.isr", "1");
        settings.setProperty("default.replication.factor", "1");
        settings.setProperty("min.insync.replicas", "1");
        settings.setProperty("auto.create.topics.enable", "false");

        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        settings.setProperty("group.streams.initial.rebalance.delay.ms", "0");
        // How soon a killed writer's transaction stops holding back readers of committed records, past its own timeout.
        settings.setProperty("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

        settings.setProperty("num.network.threads", "2");
        settings.setProperty("num.io.threads", "2");
        settings.setProperty("background.threads", "2");
        settings.setProperty("group.coordinator.threads", "1");
        settings.setProperty("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
        settings.setProperty("metric.reporters", "");
        return settings;
    }

    /** Formats the log's directory, or leaves it as it is when a node has been there before. */
    private static void format(Path directory, Properties settings) throws IOException {
        Files.createDirectories(directory);
        Path file = directory.resolve("server.properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            settings.store(out, "The embedded broker's settings, written at each start.");
        }
        // Kafka writes this file last.
        if (Files.exists(Path.of(settings.getProperty("log.dirs"), "meta.properties"))) {
            return;
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String[] command = {"format", "--cluster-id", Uuid.randomUuid().toString(), "--config", file.toString()};
        int status = StorageTool.execute(command, new PrintStream(said, true, StandardCharsets.UTF_8));
        if (status != 0) {
            throw new IOException("Kafka cannot format the directory " + directory + ": "
                    + said.toString(StandardCharsets.UTF_8).strip());
        }
    }
}
