package io.kscribe.operations;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How the process is. It is alive until its work has failed for good; it is ready while calls that come to it are recognised: not before the
 * model is loaded and the work is at hand, and not after it was asked to stop. Thread-safe.
 */
public final class Health {

    /**
     * How long the work may be held up before the process is no longer ready: sharing calls out among instances takes moments, in which
     * nobody should be sent elsewhere.
     */
    static final Duration HOLD_UP = Duration.ofSeconds(10);

    /** What the work is doing. */
    public enum Work {
        /** Calls are recognised. */
        RUNNING,
        /** Calls wait, for instance while they are shared out among instances. */
        HELD_UP,
        /** It has failed and will not go on. */
        FAILED
    }

    /**
     * An answer.
     *
     * @param well whether it is as it should be
     * @param reason a few words for people
     */
    public record Answer(boolean well, String reason) {}

    private final InstantSource clock;
    private @Nullable Supplier<Work> work;
    private boolean stopping;
    private boolean hasRun;
    private @Nullable Long heldUpSinceMillis;

    Health(InstantSource clock) {
        this.clock = clock;
    }

    /** The model is loaded and the work has begun. */
    public synchronized void working(Supplier<Work> state) {
        work = state;
    }

    /** The process was asked to stop, and finishes what it has. */
    public synchronized void stopping() {
        stopping = true;
    }

    /** Whether the process should go on; if not, nothing but a new one helps. */
    public synchronized Answer live() {
        return work != null && work.get() == Work.FAILED
                ? new Answer(false, "the work has failed for good")
                : new Answer(true, "alive");
    }

    /** Whether calls should come here. */
    public synchronized Answer ready() {
        if (stopping) {
            return new Answer(false, "stopping");
        }
        if (work == null) {
            return new Answer(false, "loading the model");
        }
        return switch (work.get()) {
            case FAILED -> new Answer(false, "the work has failed for good");
            case HELD_UP -> heldUp();
            case RUNNING -> running();
        };
    }

    private Answer running() {
        hasRun = true;
        heldUpSinceMillis = null;
        return new Answer(true, "ready");
    }

    private Answer heldUp() {
        long now = clock.millis();
        long since = Optional.ofNullable(heldUpSinceMillis).orElse(now);
        heldUpSinceMillis = since;
        return hasRun && now - since < HOLD_UP.toMillis()
                ? new Answer(true, "calls are being shared out")
                : new Answer(false, "waiting for its share of the calls");
    }
}
