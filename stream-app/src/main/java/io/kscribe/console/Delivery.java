package io.kscribe.console;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes events to viewers, each on a thread of its own, so that nobody waits for another's connection. */
final class Delivery implements AutoCloseable {

    /** One viewer's connection; used by one thread. */
    interface Line {
        /** Sends an event, and waits until it is on its way. */
        void send(Event event) throws IOException;

        /** Lets the other side know that it is connected. */
        void beat() throws IOException;

        /** Hangs up; called once, at the end. */
        void close();
    }

    private static final Logger log = LoggerFactory.getLogger(Delivery.class);

    private final Duration heartbeat;
    private final AtomicLong threads = new AtomicLong();
    private final ExecutorService executor = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "kscribe-viewer-" + threads.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    /** @param heartbeat how often a viewer hears something at least */
    Delivery(Duration heartbeat) {
        this.heartbeat = heartbeat;
    }

    /** Sends what comes for a viewer until it is disconnected or goes. */
    void begin(Viewer viewer, Line line) {
        executor.execute(() -> {
            try {
                line.beat();
                while (!viewer.isClosed()) {
                    Event next = viewer.next(heartbeat);
                    if (next != null) {
                        line.send(next);
                    } else if (!viewer.isClosed()) {
                        line.beat();
                    }
                }
            } catch (IOException gone) {
                log.debug("A viewer has gone: {}", gone.getMessage());
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            } finally {
                viewer.close();
                line.close();
            }
        });
    }

    /** Hangs up everywhere. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
