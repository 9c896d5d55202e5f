package io.kscribe.stream;

import io.kscribe.engine.Transcription;
import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.recognizer.RecognitionTask.Kind;
import io.kscribe.stream.InferenceQueue.Job;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The workers that decode, away from the stream threads, for all tasks and threads of the service: the most urgent first
 * ({@link InferenceQueue}), several at once where that pays. What has become obsolete is left out.
 *
 * <p>Workers touch no store and forward nothing; they hand results to whoever asked. Thread-safe.
 */
final class InferencePool implements MeterBinder, AutoCloseable {
    private final TaskDecoder decoder;
    private final InferenceLimits limits;
    private final InferenceQueue queue;
    private final Lock lock = new ReentrantLock();
    private final Condition asked = lock.newCondition();
    private final Map<Kind, Long> decoded = new EnumMap<>(Kind.class);
    private final List<Thread> workers = new ArrayList<>();
    private int busy;
    private long batches;
    private long leftOut;
    private long busyNanos;
    private boolean closed;

    /** What became of a task: a transcription, or the reason why there is none, or neither if it had become obsolete and was left out. */
    record Outcome(
            RecognitionTask task,
            @Nullable Transcription transcription,
            @Nullable Throwable failure) {}

    /**
     * What the workers have to do, and have done since they were started.
     *
     * @param waiting tasks that wait
     * @param waitingFinals those of them that may become finals
     * @param age how long the task that was asked for first has waited
     * @param decoded tasks that were decoded, by what they were when they were chosen
     * @param leftOut tasks that were not, because they had become obsolete or were taken back
     * @param batches how often a worker set to work: on one task or on several
     * @param busy how long workers have worked, all together
     */
    record Load(
            int waiting,
            int waitingFinals,
            Duration age,
            Map<Kind, Long> decoded,
            long leftOut,
            long batches,
            Duration busy) {
        Load {
            decoded = Map.copyOf(decoded);
        }
    }

    /**
     * Starts the workers.
     *
     * @param decoder decodes tasks; called by all of them
     * @param threads how many there are
     * @param clock tells how long tasks wait
     */
    InferencePool(TaskDecoder decoder, int threads, InferenceLimits limits, InstantSource clock) {
        this.decoder = decoder;
        this.limits = limits;
        queue = new InferenceQueue(clock);
        for (int i = 0; i < threads; i++) {
            Thread worker = new Thread(this::work, "kscribe-inference-" + i);
            worker.setDaemon(true);
            workers.add(worker);
            worker.start();
        }
    }

    /** The same with a decoder that takes one task at a time, and the system's clock. */
    InferencePool(Function<RecognitionTask, Transcription> decoder, int threads) {
        this(TaskDecoder.each(decoder), threads, new InferenceLimits(1, 1), InstantSource.system());
    }

    /** Decodes a task soon; {@code done} is called on a worker's thread. */
    void submit(RecognitionTask task, InferenceQueue.Done done) {
        locked(() -> {
            queue.add(task, done);
            asked.signal();
        });
    }

    /** Decodes a task in the place of one that was {@linkplain #withdraw taken back}, and had waited since some time. */
    void submit(RecognitionTask task, InferenceQueue.Done done, long sinceMillis) {
        locked(() -> {
            queue.add(task, done, sinceMillis);
            asked.signal();
        });
    }

    /**
     * Takes a task back that has not been begun; its {@code done} is not called.
     *
     * @return since when it has waited, in milliseconds of the clock; empty if it is too late
     */
    OptionalLong withdraw(RecognitionTask task) {
        lock.lock();
        try {
            OptionalLong since = queue.remove(task);
            leftOut += since.isPresent() ? 1 : 0;
            return since;
        } finally {
            lock.unlock();
        }
    }

    /** Tasks that wait for each worker, rounded down. */
    int backlog() {
        lock.lock();
        try {
            return queue.size() / workers.size();
        } finally {
            lock.unlock();
        }
    }

    /** How long the task that was asked for first has waited. */
    Duration age() {
        lock.lock();
        try {
            return queue.age();
        } finally {
            lock.unlock();
        }
    }

    /** What there is to do, and what has been done. */
    Load load() {
        lock.lock();
        try {
            return new Load(
                    queue.size(), queue.finals(), queue.age(), decoded, leftOut, batches, Duration.ofNanos(busyNanos));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("kscribe.inference.workers", workers::size)
                .description("Threads that decode.")
                .register(registry);
        waiting(registry, "final", Load::waitingFinals);
        waiting(registry, "partial", load -> load.waiting() - load.waitingFinals());
        Gauge.builder("kscribe.inference.age", this, pool -> seconds(pool.age()))
                .baseUnit("seconds")
                .description("How long the task that was asked for first has waited.")
                .register(registry);
        counter("kscribe.inference.busy", load -> seconds(load.busy()))
                .baseUnit("seconds")
                .description("Time that workers have worked; its rate by that of audio is the real-time factor.")
                .register(registry);
        counter("kscribe.inference.batches", Load::batches)
                .description("How often a worker set to work; decoded tasks by batches are a batch's size.")
                .register(registry);
        counter("kscribe.inference.left.out", Load::leftOut)
                .description("Tasks that had become obsolete before their turn.")
                .register(registry);
        for (Kind kind : Kind.values()) {
            counter("kscribe.inference.decoded", load -> load.decoded().getOrDefault(kind, 0L))
                    .tag("kind", kind.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .description("Tasks that were decoded.")
                    .register(registry);
        }
    }

    private void waiting(MeterRegistry registry, String kind, ToDoubleFunction<Load> number) {
        Gauge.builder("kscribe.inference.waiting", this, pool -> number.applyAsDouble(pool.load()))
                .tag("kind", kind)
                .description("Tasks that wait for a worker.")
                .register(registry);
    }

    private FunctionCounter.Builder<InferencePool> counter(String name, ToDoubleFunction<Load> number) {
        return FunctionCounter.builder(name, this, pool -> number.applyAsDouble(pool.load()));
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }

    /** True if nothing waits and nothing is being decoded. */
    boolean idle() {
        lock.lock();
        try {
            return queue.size() == 0 && busy == 0;
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable action) {
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            while (true) {
                List<Job> obsolete = new ArrayList<>();
                List<Job> jobs = take(obsolete);
                obsolete.forEach(job -> job.done().accept(new Outcome(job.task(), null, null)));
                if (!jobs.isEmpty()) {
                    decode(jobs);
                }
                locked(() -> busy--);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for something to do; says by {@code busy} that it is being done. */
    private List<Job> take(List<Job> obsolete) throws InterruptedException {
        lock.lock();
        try {
            while (!closed && queue.size() == 0) {
                asked.await();
            }
            if (closed) {
                throw new InterruptedException();
            }
            busy++;
            obsolete.addAll(queue.takeObsolete());
            leftOut += obsolete.size();
            List<Job> jobs = queue.takeNext(share());
            if (!jobs.isEmpty()) {
                batches++;
                decoded.merge(jobs.get(0).task().kind(), (long) jobs.size(), Long::sum);
            }
            return jobs;
        } finally {
            lock.unlock();
        }
    }

    /** As many tasks as pay together, but none that another worker could begin now. */
    private Map<Kind, Integer> share() {
        int free = workers.size() - busy + 1;
        int fair = Math.max(1, (queue.size() + free - 1) / free);
        int finals = Math.min(fair, limits.finalsTogether());
        return Map.of(
                Kind.FINAL,
                finals,
                Kind.SPECULATIVE_FINAL,
                finals,
                Kind.PARTIAL,
                Math.min(fair, limits.partialsTogether()));
    }

    private void decode(List<Job> jobs) {
        long begun = System.nanoTime();
        List<Outcome> outcomes = outcomes(jobs.stream().map(Job::task).toList());
        long took = System.nanoTime() - begun;
        locked(() -> busyNanos += took);
        for (int i = 0; i < jobs.size(); i++) {
            jobs.get(i).done().accept(outcomes.get(i));
        }
    }

    private List<Outcome> outcomes(List<RecognitionTask> tasks) {
        List<Outcome> outcomes = new ArrayList<>();
        try {
            List<Transcription> texts = decoder.decode(tasks);
            for (int i = 0; i < tasks.size(); i++) {
                outcomes.add(new Outcome(tasks.get(i), texts.get(i), null));
            }
        } catch (RuntimeException | Error e) {
            // An error, too, is for whoever asked: a worker that died of it would leave them waiting.
            outcomes.clear();
            if (tasks.size() > 1) {
                // One that fails is no fault of those beside it.
                tasks.forEach(task -> outcomes.addAll(outcomes(List.of(task))));
            } else {
                outcomes.add(new Outcome(tasks.get(0), null, e));
            }
        }
        return outcomes;
    }

    /** Lets the workers finish what they are at, and forgets what waits: whoever asked has kept the audio. */
    @Override
    public void close() {
        locked(() -> {
            closed = true;
            queue.clear();
            asked.signalAll();
        });
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
