package io.kscribe.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a command that runs until Ctrl-C (or SIGTERM) end in order: a signal asks the work to stop, and the process stays until
 * this is closed.
 *
 * <p>Open it around everything that is to be closed: {@code try (Stopping stopping = new Stopping(); Work work = ...) {
 * stopping.by(work::stop); work.run(); }}.
 */
final class Stopping implements AutoCloseable {

    /** How long the process waits for the work to end. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stopAndWait, "kscribe-stop");
    private @Nullable Runnable stop;
    private boolean asked;

    /** Signals are heard from now on. */
    Stopping() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Says how to stop the work.
     *
     * @param stop makes the work end soon; called by another thread, or at once if a signal has already come
     */
    synchronized void by(Runnable stop) {
        this.stop = stop;
        if (asked) {
            stop.run();
        }
    }

    /** The work has ended. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyStopping) {
            // A signal is why we are here; the hook sees the latch.
            return;
        }
    }

    private synchronized void ask() {
        asked = true;
        if (stop != null) {
            stop.run();
        }
    }

    private void stopAndWait() {
        ask();
        try {
            if (!ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                System.err.println("kscribe: Gave up waiting for an orderly end after " + PATIENCE.toSeconds() + " s.");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
