package io.kscribe.faults;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.SteadyClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Calls that follow one another on a number of lines, published as they would be spoken. */
final class LiveCalls {
    /** Longer than any fault of the broker's: a producer that gave up would be a fault of its own. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final KafkaConnection connection;
    private final String topic;
    private final Speech speech;
    private final Random random;
    private final List<@Nullable ScriptedCall> lines = new ArrayList<>();
    private final ConcurrentLinkedQueue<ScriptedCall> calls = new ConcurrentLinkedQueue<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final SteadyClock clock;
    private final Instant start;
    private final Thread thread = new Thread(this::speak, "calls");
    private volatile boolean ending;

    LiveCalls(String bootstrapServers, String topic, Speech speech, Random random, int lines, SteadyClock clock) {
        this.connection = new KafkaConnection(bootstrapServers, Map.of(), PATIENCE);
        this.topic = topic;
        this.speech = speech;
        this.random = random;
        this.clock = clock;
        this.start = clock.instant();
        for (int i = 0; i < lines; i++) {
            this.lines.add(null);
        }
    }

    void start() {
        thread.start();
    }

    /** When the run's first tick began. */
    Instant startedAt() {
        return start;
    }

    /** Begins no more calls, and waits until those that are spoken have ended. */
    List<ScriptedCall> finish() throws InterruptedException {
        ending = true;
        thread.join();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a chunk could not be published", failed);
        }
        return List.copyOf(calls);
    }

    private void speak() {
        try (Producer<String, AudioChunk> producer = connection.producer(new AudioChunkSerializer(), Duration.ZERO)) {
            long tick = 0;
            while (tick(producer, tick)) {
                tick++;
                Duration wait =
                        Duration.between(clock.instant(), start.plusMillis((tick + 1) * ScriptedCall.TICK_MILLIS));
                if (!wait.isNegative() && !wait.isZero()) {
                    SteadyClock.Sleeper.system().sleep(wait);
                }
            }
        } catch (InterruptedException | RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Publishes a tick of all lines; false if nobody speaks any more. */
    private boolean tick(Producer<String, AudioChunk> producer, long tick) {
        boolean speaking = false;
        for (int line = 0; line < lines.size(); line++) {
            ScriptedCall call = lines.get(line);
            if (call == null && !ending) {
                call = ScriptedCall.random(ScriptedCall.NAMES + calls.size(), tick, speech, random);
                calls.add(call);
                lines.set(line, call);
            }
            if (call != null) {
                int sequence = (int) (tick - call.startTick());
                call.chunks(sequence, start).forEach(chunk -> publish(producer, chunk));
                if (sequence == call.chunks() - 1) {
                    lines.set(line, null);
                }
                speaking = true;
            }
        }
        return speaking || !ending;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of a failure
    private void publish(Producer<String, AudioChunk> producer, AudioChunk chunk) {
        producer.send(new ProducerRecord<>(topic, chunk.getCallId(), chunk), (metadata, failed) -> {
            if (failed != null) {
                failure.compareAndSet(null, failed);
            }
        });
    }
}
