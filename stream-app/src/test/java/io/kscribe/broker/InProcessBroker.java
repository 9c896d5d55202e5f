package io.kscribe.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A real broker inside the tests' own JVM, for integration tests: one node on free ports with a temporary directory, with the
 * settings of {@link EmbeddedBroker}, up in about two seconds. One serves a whole test class; several can run side by side.
 */
public final class InProcessBroker implements AutoCloseable {

    private final Path directory;
    private final int port;
    private final int securePort;
    private final SingleNode node;

    private InProcessBroker(Path directory, int port, int securePort, SingleNode node) {
        this.directory = directory;
        this.port = port;
        this.securePort = securePort;
        this.node = node;
    }

    /** Starts a broker and waits until it serves clients. */
    public static InProcessBroker start() {
        try {
            Path directory = Files.createTempDirectory("kscribe-broker-");
            int[] ports = freePorts();
            return new InProcessBroker(directory, ports[0], 0, SingleNode.start(directory, ports[0], ports[1]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts a broker that has a door for strangers, too: TLS, and SASL's PLAIN.
     *
     * @param keyStore a PKCS #12 file with the broker's key
     * @param password of the file and of the user
     * @param user who may come in
     */
    public static InProcessBroker secured(Path keyStore, String password, String user) {
        try {
            Path directory = Files.createTempDirectory("kscribe-broker-");
            int[] ports = freePorts();
            String host = SingleNode.HOST;
            Map<String, String> settings = Map.of(
                    "listeners",
                    "CLIENT://" + host + ":" + ports[0] + ",SECURE://" + host + ":" + ports[2] + ",CONTROLLER://" + host
                            + ":" + ports[1],
                    "advertised.listeners",
                    "CLIENT://" + host + ":" + ports[0] + ",SECURE://" + host + ":" + ports[2],
                    "listener.security.protocol.map",
                    "CLIENT:PLAINTEXT,SECURE:SASL_SSL,CONTROLLER:PLAINTEXT",
                    "listener.name.secure.sasl.enabled.mechanisms",
                    "PLAIN",
                    "listener.name.secure.plain.sasl.jaas.config",
                    "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + user + "=\"" + password
                            + "\";",
                    "listener.name.secure.ssl.keystore.type",
                    "PKCS12",
                    "listener.name.secure.ssl.keystore.location",
                    keyStore.toString(),
                    "listener.name.secure.ssl.keystore.password",
                    password,
                    "listener.name.secure.ssl.key.password",
                    password);
            return new InProcessBroker(
                    directory, ports[0], ports[2], SingleNode.start(directory, ports[0], ports[1], settings));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where clients with a key and a name connect, as {@code host:port}. */
    public String secureServers() {
        return SingleNode.HOST + ":" + securePort;
    }

    /** Where clients connect, as {@code host:port}. */
    public String bootstrapServers() {
        return SingleNode.HOST + ":" + port;
    }

    /** Stops the broker and removes what it kept. */
    @Override
    public void close() {
        node.close();
        try (Stream<Path> kept = Files.walk(directory)) {
            List<Path> deepestFirst = kept.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[] freePorts() throws IOException {
        InetAddress host = InetAddress.getLoopbackAddress();
        try (ServerSocket clients = new ServerSocket(0, 1, host);
                ServerSocket controller = new ServerSocket(0, 1, host);
                ServerSocket secure = new ServerSocket(0, 1, host)) {
            return new int[] {clients.getLocalPort(), controller.getLocalPort(), secure.getLocalPort()};
        }
    }
}
