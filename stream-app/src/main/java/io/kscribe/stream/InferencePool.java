package io.kscribe.stream;

import io.kscribe.engine.Transcription;
import io.kscribe.recognizer.RecognitionTask;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The workers that decode, away from the stream threads: finals before partials, each kind in the order of asking.
 *
 * <p>Workers touch no store and forward nothing; they hand results to whoever asked. Thread-safe.
 */
final class InferencePool implements AutoCloseable {
    private final Function<RecognitionTask, Transcription> decoder;
    private final PriorityBlockingQueue<Job> queue = new PriorityBlockingQueue<>();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicLong order = new AtomicLong();
    private final List<Thread> workers = new ArrayList<>();
    private volatile boolean closed;

    /** What became of a task: a transcription, or the reason why there is none. */
    record Outcome(
            RecognitionTask task,
            @Nullable Transcription transcription,
            @Nullable Throwable failure) {}

    private record Job(RecognitionTask task, long order, Consumer<Outcome> done) implements Comparable<Job> {
        private static final Comparator<Job> FINALS_FIRST =
                Comparator.<Job, Boolean>comparing(job -> !job.task.isFinal()).thenComparingLong(Job::order);

        @Override
        public int compareTo(Job other) {
            return FINALS_FIRST.compare(this, other);
        }
    }

    /**
     * Starts the workers.
     *
     * @param decoder decodes a task; called by all of them
     * @param threads how many there are
     */
    InferencePool(Function<RecognitionTask, Transcription> decoder, int threads) {
        this.decoder = decoder;
        for (int i = 0; i < threads; i++) {
            Thread worker = new Thread(this::work, "kscribe-inference-" + i);
            worker.setDaemon(true);
            workers.add(worker);
            worker.start();
        }
    }

    /** Decodes a task soon; {@code done} is called on a worker's thread. */
    void submit(RecognitionTask task, Consumer<Outcome> done) {
        unanswered.incrementAndGet();
        queue.add(new Job(task, order.getAndIncrement(), done));
    }

    /** Tasks that wait for each worker, rounded down. */
    int backlog() {
        return queue.size() / workers.size();
    }

    /** True if nothing waits and nothing is being decoded. */
    boolean idle() {
        return unanswered.get() == 0;
    }

    private void work() {
        while (!closed) {
            try {
                Job job = queue.take();
                job.done().accept(outcome(job.task()));
                unanswered.decrementAndGet();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private Outcome outcome(RecognitionTask task) {
        try {
            return new Outcome(task, decoder.apply(task), null);
        } catch (RuntimeException | Error e) {
            // An error, too, is for whoever asked: a worker that died of it would leave them waiting.
            return new Outcome(task, null, e);
        }
    }

    /** Lets the workers finish what they are at, and forgets what waits: whoever asked has kept the audio. */
    @Override
    public void close() {
        closed = true;
        queue.clear();
        workers.forEach(Thread::interrupt);
        boolean interrupted = false;
        for (Thread worker : workers) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
