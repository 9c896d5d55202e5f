package io.kscribe.bench;

import io.kscribe.bench.BenchResult.Moment;
import io.kscribe.stream.KafkaFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Looks at lag, processors and memory once a second, on a thread of its own, from its making until it is closed. */
final class Sampler implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final GroupLag lag;
    private final List<ProcessMeter> processes;
    private final InstantSource clock;
    private final Instant started;
    private final Thread thread;
    private final List<Moment> samples = new ArrayList<>();
    private final Map<String, Duration> first = new LinkedHashMap<>();
    private final Map<String, Duration> latest = new LinkedHashMap<>();
    private Instant latestAt;
    private @Nullable KafkaFailure failure;
    private volatile boolean closed;

    Sampler(GroupLag lag, List<ProcessMeter> processes, InstantSource clock, Instant started) {
        this.lag = lag;
        this.processes = List.copyOf(processes);
        this.clock = clock;
        this.started = started;
        latestAt = clock.instant();
        for (ProcessMeter process : this.processes) {
            process.processorTime().ifPresent(used -> {
                first.put(process.name(), used);
                latest.put(process.name(), used);
            });
        }
        thread = new Thread(this::run, "kscribe-bench-sampler");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!closed) {
                TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
                look();
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } catch (KafkaFailure failed) {
            fail(failed);
        }
    }

    private void look() throws InterruptedException {
        long behind = lag.records();
        synchronized (this) {
            Instant now = clock.instant();
            double elapsed = Math.max(1, Duration.between(latestAt, now).toNanos());
            latestAt = now;
            Map<String, Double> processors = new LinkedHashMap<>();
            Map<String, Long> memory = new LinkedHashMap<>();
            for (ProcessMeter process : processes) {
                process.residentBytes().ifPresent(bytes -> memory.put(process.name(), bytes));
                process.processorTime().ifPresent(used -> {
                    Duration before = latest.put(process.name(), used);
                    if (before != null) {
                        processors.put(process.name(), used.minus(before).toNanos() / elapsed);
                    }
                });
            }
            samples.add(new Moment(Duration.between(started, now), behind, processors, memory));
        }
    }

    private synchronized void fail(KafkaFailure failed) {
        failure = failed;
    }

    /**
     * What was seen so far, in order.
     *
     * @throws KafkaFailure if Kafka stopped answering
     */
    synchronized List<Moment> samples() {
        if (failure != null) {
            throw failure;
        }
        return List.copyOf(samples);
    }

    /** Chunks that the service had not committed when it was last looked at. */
    synchronized long lastLag() {
        return samples.isEmpty()
                ? Long.MAX_VALUE
                : samples.get(samples.size() - 1).lag();
    }

    /** Processor time that each process has used since the sampler was made. */
    synchronized Map<String, Duration> processorTime() {
        Map<String, Duration> used = new LinkedHashMap<>();
        first.forEach((name, before) ->
                used.put(name, latest.getOrDefault(name, before).minus(before)));
        return used;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
