package io.kscribe.broker;

import io.kscribe.process.Signal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The program of {@link EmbeddedBroker}'s child process. It serves until its standard input ends, which the system sees to
 * when the parent does, however the parent ends; so it never outlives its parent. Ctrl-C on a terminal reaches parent and
 * child at once: the child ignores it, for what still runs in the parent needs the broker until the parent is done.
 */
final class BrokerProcess {

    /** The exit status that says: another broker is using the directory. */
    static final int DIRECTORY_IN_USE = 3;

    /** The file whose lock says that a broker is using the directory; it holds the broker's process id. */
    static final String LOCK_FILE = "broker.lock";

    /** How long a predecessor, orphaned a moment ago, may take to leave the directory. */
    private static final Duration PREDECESSOR_LIMIT = Duration.ofSeconds(3);

    private static final Duration LOCK_RETRY = Duration.ofMillis(50);

    /** How long an orderly stop may take before this process halts. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private BrokerProcess() {}

    /**
     * Serves until standard input ends.
     *
     * @param args the directory, the clients' port, the controller's port, then settings of Kafka's as {@code name=value}
     */
    public static void main(String[] args) {
        Path directory = Path.of(args[0]);
        int port = Integer.parseInt(args[1]);
        int controllerPort = Integer.parseInt(args[2]);
        Map<String, String> settings = Arrays.stream(args)
                .skip(3)
                .map(setting -> setting.split("=", 2))
                .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1]));
        ignoreInterrupts();
        exitAtTheEndOf(System.in);
        try (FileLock lock = lock(directory)) {
            if (lock == null) {
                System.exit(DIRECTORY_IN_USE);
            }
            SingleNode node = SingleNode.start(directory, port, controllerPort, settings);
            Runtime.getRuntime().addShutdownHook(new Thread(node::close, "broker-stop"));
            node.awaitStop();
        } catch (Throwable e) {
            e.printStackTrace(System.out);
            System.exit(1);
        }
    }

    /** Takes the directory's lock for as long as this process lives; null if another process keeps it. */
    private static @Nullable FileLock lock(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        long start = System.nanoTime();
        FileLock lock = channel.tryLock();
        while (lock == null && System.nanoTime() - start < PREDECESSOR_LIMIT.toNanos()) {
            TimeUnit.NANOSECONDS.sleep(LOCK_RETRY.toNanos());
            lock = channel.tryLock();
        }
        if (lock != null) {
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
        }
        return lock;
    }

    private static void exitAtTheEndOf(InputStream in) {
        daemon("parent-watch", () -> {
            try {
                in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException e) {
                System.out.println("The pipe to the parent broke: " + e.getMessage());
            }
            daemon("stop-limit", () -> {
                try {
                    TimeUnit.NANOSECONDS.sleep(STOP_LIMIT.toNanos());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                Runtime.getRuntime().halt(1);
            });
            System.exit(0);
        });
    }

    private static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void ignoreInterrupts() {
        try {
            Signal.INT.ignore();
        } catch (UnsupportedOperationException e) {
            System.out.println("SIGINT cannot be ignored, so Ctrl-C will stop the broker with its parent: " + e);
        }
    }
}
