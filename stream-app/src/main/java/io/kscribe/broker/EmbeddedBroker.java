package io.kscribe.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * A Kafka broker for this machine alone: one KRaft node in a child process, on the loopback interface, from the Kafka classes
 * on this JVM's own class path. Its log stays in a directory, so that the next start finds what was written before.
 *
 * <p>The broker lives no longer than this JVM. {@link #close()} stops it; and when this JVM ends without that, by Ctrl-C or by
 * {@code kill -9}, the child sees its standard input end, and stops by itself. There is no shutdown hook on purpose: hooks run
 * side by side, and this one would take the broker away from those that still commit. Ctrl-C on a terminal does not reach the
 * broker either.
 */
public final class EmbeddedBroker implements AutoCloseable {

    /** How long a start may take before it counts as failed. */
    public static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** How long an orderly stop may take before the broker is killed. */
    public static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    /** The file in the broker's directory that keeps its warnings and errors. */
    public static final String LOG_FILE = "broker.log";

    /** The size at which a start begins the log file anew. */
    private static final long LOG_LIMIT_BYTES = 1L << 20;

    /** How many of the log's last lines, stack frames apart, explain a failure. */
    private static final int SHOWN_LINES = 20;

    private static final Duration PROBE_INTERVAL = Duration.ofMillis(50);
    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);
    private static final int HIGHEST_PORT = 65535;

    private final Path directory;
    private final int port;
    private final Process process;

    private EmbeddedBroker(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /**
     * Starts a broker on a free port; see {@link #start(Path, int)}.
     *
     * @param directory keeps the log; made when it does not exist
     * @throws BrokerException if the broker cannot run
     */
    public static EmbeddedBroker start(Path directory) throws BrokerException {
        return start(directory, 0);
    }

    /**
     * Starts a broker and waits until it answers.
     *
     * @param directory keeps the log; made and formatted when it is new
     * @param port where clients connect, on 127.0.0.1; 0 chooses a free one
     * @throws BrokerException if the port is taken, if another broker is using the directory, or if the broker ends or does
     *     not answer within {@link #START_LIMIT}; the message then has the last lines of its log
     */
    public static EmbeddedBroker start(Path directory, int port) throws BrokerException {
        return start(directory, port, Map.of());
    }

    /** The same with some of Kafka's settings of one's own. */
    static EmbeddedBroker start(Path directory, int port, Map<String, String> settings) throws BrokerException {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new BrokerException(
                    "The broker's port must be from 1 to 65535, or 0 for a free one; it is " + port + ".");
        }
        if (directory.toString().contains(",")) {
            throw new BrokerException(
                    "The broker's directory must not have a comma in its name, which Kafka takes for the"
                            + " beginning of another; it is " + directory + ".");
        }
        try {
            Files.createDirectories(directory);
            Path log = directory.resolve(LOG_FILE);
            if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
                Files.write(log, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
            }
            long logStart = Files.exists(log) ? Files.size(log) : 0;
            int[] ports = freePorts(port);
            Process process = new ProcessBuilder(command(directory, ports[0], ports[1], settings))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
            EmbeddedBroker broker = new EmbeddedBroker(directory, ports[0], process);
            try {
                broker.awaitReady(logStart);
            } catch (Throwable e) {
                process.destroyForcibly();
                throw e;
            }
            return broker;
        } catch (BrokerException e) {
            throw e;
        } catch (IOException e) {
            throw new BrokerException("The embedded broker cannot start in " + directory + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BrokerException("The embedded broker's start was interrupted.", e);
        }
    }

    /** Where clients connect, as {@code host:port}. */
    public String bootstrapServers() {
        return SingleNode.HOST + ":" + port;
    }

    /** The directory that keeps the broker's log. */
    public Path directory() {
        return directory;
    }

    /** The broker's process. */
    public ProcessHandle process() {
        return process.toHandle();
    }

    /** Stops the broker; kills it when it has not stopped within {@link #STOP_LIMIT}. Idempotent. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static List<String> command(Path directory, int port, int controllerPort, Map<String, String> settings) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "-Dlogback.configurationFile=io/kscribe/broker/logback-broker.xml",
                "-cp",
                System.getProperty("java.class.path"),
                BrokerProcess.class.getName(),
                directory.toString(),
                Integer.toString(port),
                Integer.toString(controllerPort)));
        settings.forEach((name, value) -> command.add(name + "=" + value));
        return command;
    }

    /** The clients' port, if it is free, or a free one for 0; and a free one for the controller. */
    private static int[] freePorts(int port) throws BrokerException {
        InetAddress host = InetAddress.getLoopbackAddress();
        try (ServerSocket clients = new ServerSocket(port, 1, host);
                ServerSocket controller = new ServerSocket(0, 1, host)) {
            return new int[] {clients.getLocalPort(), controller.getLocalPort()};
        } catch (IOException e) {
            throw new BrokerException(
                    "Port " + port + " on " + SingleNode.HOST + " is not free (" + e.getMessage()
                            + "): choose another for the embedded broker, or 0 for any.",
                    e);
        }
    }

    /** Waits until something accepts connections at the port, then until that is a broker that knows itself. */
    private void awaitReady(long logStart) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!accepts()) {
            if (process.waitFor(PROBE_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                throw ended(logStart);
            }
            checkTime(deadline, logStart);
        }
        Map<String, Object> client = Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers(),
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) PROBE_TIMEOUT.toMillis(),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) PROBE_TIMEOUT.toMillis());
        try (Admin admin = Admin.create(client)) {
            while (!isReady(admin)) {
                if (process.waitFor(PROBE_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw ended(logStart);
                }
                checkTime(deadline, logStart);
            }
        }
    }

    private boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PROBE_TIMEOUT.toMillis());
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isReady(Admin admin) throws InterruptedException {
        try {
            return !admin.describeCluster().nodes().get().isEmpty();
        } catch (ExecutionException e) {
            return false;
        }
    }

    private void checkTime(long deadline, long logStart) throws IOException {
        if (System.nanoTime() - deadline > 0) {
            throw new BrokerException("The embedded broker did not answer within " + START_LIMIT.toSeconds() + " s."
                    + lastLines(logStart));
        }
    }

    private BrokerException ended(long logStart) throws IOException {
        int status = process.exitValue();
        if (status == BrokerProcess.DIRECTORY_IN_USE) {
            String holder = Files.readString(directory.resolve(BrokerProcess.LOCK_FILE), StandardCharsets.US_ASCII);
            return new BrokerException("The directory " + directory + " is in use by another broker (process " + holder
                    + "): stop that one, or choose another directory.");
        }
        return new BrokerException(
                "The embedded broker ended with status " + status + " before it was ready." + lastLines(logStart));
    }

    /** The end of what this start wrote to the log file. */
    private String lastLines(long logStart) throws IOException {
        Path log = directory.resolve(LOG_FILE);
        byte[] all = Files.readAllBytes(log);
        int from = (int) Math.min(logStart, all.length);
        List<String> lines = new String(all, from, all.length - from, StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.startsWith("\tat "))
                .toList();
        if (lines.isEmpty()) {
            return " It wrote nothing to " + log + ".";
        }
        return " The end of its log (" + log + "):\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
    }
}
