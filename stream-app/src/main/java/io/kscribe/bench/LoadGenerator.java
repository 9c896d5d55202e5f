package io.kscribe.bench;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.KafkaFailure;
import io.kscribe.stream.SteadyClock.Sleeper;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Speaks a plan: one thread sends every channel's chunks through one producer, each within 10 ms of the moment at which its last
 * sample is captured. A delay on the way does not push back what follows, as it would not on a telephone line.
 */
final class LoadGenerator {
    /** How often the thread wakes up. */
    private static final Duration TICK = Duration.ofMillis(10);

    private static final int CHUNK_SAMPLES = (int) (BenchSettings.CHUNK.toMillis() * SpeechBank.RATE_HZ / 1000);

    private final Producer<String, AudioChunk> producer;
    private final KafkaConnection connection;
    private final String topic;
    private final InstantSource clock;
    private final Sleeper sleeper;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean stopped;

    /**
     * What was sent.
     *
     * @param chunks how many
     * @param bytes of audio in them
     * @param latest how long after the capture of its last sample the most belated chunk was sent
     */
    record Sent(long chunks, long bytes, Duration latest) {}

    LoadGenerator(
            Producer<String, AudioChunk> producer,
            KafkaConnection connection,
            String topic,
            InstantSource clock,
            Sleeper sleeper) {
        this.producer = producer;
        this.connection = connection;
        this.topic = topic;
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /** A channel on its way: what it sends next. */
    private static final class Speaker {
        private final BenchChannel channel;
        private final Instant started;
        private long sequence;
        private long sent;
        private Instant due;

        private Speaker(BenchChannel channel, Instant started) {
            this.channel = channel;
            this.started = started;
            this.due = capturedAt();
        }

        private int samples() {
            return (int) Math.min(CHUNK_SAMPLES, channel.script().samples() - sent);
        }

        private Instant capturedAt() {
            return started.plusNanos((sent + samples()) * 1_000_000_000L / SpeechBank.RATE_HZ);
        }

        private boolean ended() {
            return sent >= channel.script().samples();
        }

        private AudioChunk next() {
            byte[] payload = channel.script().codes(sent, samples());
            AudioChunk chunk = AudioChunk.newBuilder()
                    .setCallId(channel.callId())
                    .setChannel(channel.channel())
                    .setRole(channel.role())
                    .setSequence(sequence)
                    .setCapturedAt(due)
                    .setEncoding(AudioEncoding.MULAW)
                    .setSampleRate(SpeechBank.RATE_HZ)
                    .setPayload(ByteBuffer.wrap(payload))
                    .setEndOfStream(sent + payload.length >= channel.script().samples())
                    .build();
            sequence++;
            sent += payload.length;
            due = capturedAt();
            return chunk;
        }
    }

    /**
     * Speaks, to the plan's end or to {@link #stop}, and waits until Kafka has all of it.
     *
     * @param started when the run begins
     * @throws KafkaFailure if Kafka does not take a chunk in time
     */
    Sent speak(LoadPlan plan, Instant started) throws InterruptedException {
        PriorityQueue<Speaker> speakers = new PriorityQueue<>(Comparator.comparing((Speaker speaker) -> speaker.due));
        plan.channels().forEach(channel -> speakers.add(new Speaker(channel, started.plus(channel.start()))));
        long chunks = 0;
        long bytes = 0;
        Duration latest = Duration.ZERO;
        for (Speaker next = speakers.poll(); next != null && !stopped; next = speakers.poll()) {
            awaitTickAfter(next.due, started);
            Duration late = Duration.between(next.due, clock.instant());
            latest = late.compareTo(latest) > 0 ? late : latest;
            AudioChunk chunk = next.next();
            bytes += chunk.getPayload().remaining();
            send(chunk);
            chunks++;
            if (!next.ended()) {
                speakers.add(next);
            }
        }
        producer.flush();
        failFast();
        return new Sent(chunks, bytes, latest);
    }

    /** Ends {@link #speak} soon. May be called by any thread. */
    void stop() {
        stopped = true;
    }

    /** Chunks are sent in groups, at whole ticks: to wake up for each would take more of the processor than to send it. */
    private void awaitTickAfter(Instant due, Instant started) throws InterruptedException {
        if (!clock.instant().isBefore(due)) {
            return;
        }
        long ticks = (Duration.between(started, due).toNanos() + TICK.toNanos() - 1) / TICK.toNanos();
        Duration wait = Duration.between(clock.instant(), started.plus(TICK.multipliedBy(ticks)));
        if (!wait.isNegative() && !wait.isZero()) {
            sleeper.sleep(wait);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback hears of a failure
    private void send(AudioChunk chunk) {
        failFast();
        producer.send(
                new ProducerRecord<>(topic, null, chunk.getCapturedAt().toEpochMilli(), chunk.getCallId(), chunk),
                (metadata, failed) -> {
                    if (failed != null) {
                        failure.compareAndSet(null, failed);
                    }
                });
    }

    private void failFast() {
        Exception failed = failure.get();
        if (failed != null) {
            throw KafkaFailure.of(failed, connection);
        }
    }
}
