package io.kscribe.cli;

import io.kscribe.process.Signal;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a command end in order when a signal comes ({@link Signal}). The signal does nothing but ask the work to stop: the command's own
 * thread then closes everything, one after the other, and the process ends as if nothing had happened. Shutdown hooks, which run beside
 * everything that is at work, have no part in it.
 *
 * <p>A second signal ends the process at once, and so does the first if the work has not ended within {@link #PATIENCE}. Before there is work
 * that can be asked, signals do what they do to any Java program.
 *
 * <p>Open it around everything that is to be closed: {@code try (Stopping stopping = kscribe.stopping(); Work work = ...) {
 * stopping.by(work::stop); work.run(); }}.
 */
final class Stopping implements AutoCloseable {

    /** How long the process waits for the work to end. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(Stopping.class);

    private final Duration patience;
    private final PrintWriter err;
    private final IntConsumer halt;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Signal.Handled> handled = new ArrayList<>();
    private @Nullable Signal asked;

    /**
     * Hears nothing yet.
     *
     * @param err is told when an orderly end is given up
     * @param halt ends the process at once, with a status
     */
    Stopping(PrintWriter err, IntConsumer halt) {
        this(PATIENCE, err, halt);
    }

    Stopping(Duration patience, PrintWriter err, IntConsumer halt) {
        this.patience = patience;
        this.err = err;
        this.halt = halt;
    }

    /**
     * Hears signals from now on.
     *
     * @param stop makes the work end soon; called by another thread
     */
    void by(Runnable stop) {
        for (Signal signal : Signal.values()) {
            try {
                handled.add(signal.handle(() -> asked(signal, stop)));
            } catch (UnsupportedOperationException notHere) {
                log.debug("{} does what Java does with it", signal, notHere);
            }
        }
    }

    /** The exit status of a command that a signal would cut short: what the signal makes of it, or what it would have been. */
    synchronized int status(int uninterrupted) {
        return asked == null ? uninterrupted : asked.status();
    }

    /** A signal has come. */
    void asked(Signal signal, Runnable stop) {
        if (!isFirst(signal)) {
            halt.accept(signal.status());
            return;
        }
        Thread limit = new Thread(() -> limit(signal), "kscribe-stop-limit");
        limit.setDaemon(true);
        limit.start();
        stop.run();
    }

    private synchronized boolean isFirst(Signal signal) {
        if (asked != null) {
            return false;
        }
        asked = signal;
        return true;
    }

    private void limit(Signal signal) {
        try {
            if (!ended.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                err.println("kscribe: Gave up waiting for an orderly end after " + patience.toSeconds() + " s.");
                halt.accept(signal.status());
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The work has ended; signals do again what they did before. */
    @Override
    public void close() {
        ended.countDown();
        handled.forEach(Signal.Handled::asBefore);
    }
}
