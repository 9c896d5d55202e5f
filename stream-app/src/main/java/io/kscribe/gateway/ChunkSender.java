package io.kscribe.gateway;

import io.kscribe.schema.AudioChunk;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.KafkaFailure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.MetadataRecoveryStrategy;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Brings chunks to Kafka, in order and once each, and holds those that Kafka does not take yet, up to a limit for a call and one for
 * all. It never blocks: what would be too much is refused.
 *
 * <p>The producer is the buffer. Its memory is larger than what is let in here, so that it always has room; its batches wait
 * {@link GatewayLimits#deliveryWait} for a broker. It keeps what it knows of the topic and of the brokers' names when all of them are
 * away: one that forgets it to begin anew, as Kafka's clients otherwise do, lets whoever sends wait until it has asked. Thread-safe.
 */
final class ChunkSender implements AutoCloseable {

    /** What a record needs besides its audio: key, header, the chunk's other fields, at a guess. */
    private static final int RECORD_BYTES = 300;

    /** What the producer needs besides records: batches that are not full, of as many partitions as there may be. */
    private static final long SPARE_BYTES = 32L << 20;

    /** The producer forgets a topic that it has not sent to for so long, and must ask for it before it sends again. */
    private static final Duration TOPIC_MEMORY = Duration.ofDays(30);

    /** What of one call waits for Kafka. */
    static final class Waiting {
        private final AtomicLong bytes = new AtomicLong();

        long bytes() {
            return bytes.get();
        }
    }

    /** Hears what became of a chunk, on a thread of the producer's. */
    @FunctionalInterface
    interface Outcome {
        /** Kafka has it, if nothing failed. */
        void known(@Nullable Exception failure);
    }

    private final Producer<String, AudioChunk> producer;
    private final String topic;
    private final GatewayLimits limits;
    private final AtomicLong allBytes = new AtomicLong();

    ChunkSender(Producer<String, AudioChunk> producer, String topic, GatewayLimits limits) {
        this.producer = producer;
        this.topic = topic;
        this.limits = limits;
    }

    /**
     * Connects, and learns about the topic.
     *
     * @throws KafkaFailure if the settings are not usable
     */
    static ChunkSender open(KafkaConnection connection, String topic, GatewayLimits limits) {
        long requestMillis =
                Math.min(connection.timeout().toMillis(), limits.deliveryWait().toMillis());
        Producer<String, AudioChunk> producer = connection.producer(
                connection.wireFormat().chunkSerializer(),
                Duration.ZERO,
                Map.of(
                        ProducerConfig.BUFFER_MEMORY_CONFIG,
                        limits.gatewayBuffer() * 5L / 4 + SPARE_BYTES,
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                        (int) requestMillis,
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        (int) Math.min(Integer.MAX_VALUE, limits.deliveryWait().toMillis()),
                        ProducerConfig.METADATA_MAX_IDLE_CONFIG,
                        TOPIC_MEMORY.toMillis(),
                        CommonClientConfigs.METADATA_RECOVERY_STRATEGY_CONFIG,
                        MetadataRecoveryStrategy.NONE.name));
        try {
            producer.partitionsFor(topic);
        } catch (KafkaException unavailable) {
            producer.close(Duration.ZERO);
            throw KafkaFailure.of(unavailable, connection);
        }
        return new ChunkSender(producer, topic, limits);
    }

    /**
     * Takes a chunk, unless too much waits already.
     *
     * @param always take it in any case: a small one that ends something
     * @return whether it was taken; only then its outcome will be known
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the outcome hears of a failure
    boolean send(AudioChunk chunk, Waiting call, boolean always, Outcome outcome) {
        int bytes = chunk.getPayload().remaining() + RECORD_BYTES;
        if (!always && !hasRoom(call, bytes)) {
            return false;
        }
        call.bytes.addAndGet(bytes);
        allBytes.addAndGet(bytes);
        try {
            producer.send(
                    new ProducerRecord<>(topic, null, chunk.getCapturedAt().toEpochMilli(), chunk.getCallId(), chunk),
                    (metadata, failed) -> done(call, bytes, outcome, failed));
        } catch (KafkaException | IllegalStateException failed) {
            done(call, bytes, outcome, failed);
        }
        return true;
    }

    private boolean hasRoom(Waiting call, int bytes) {
        return call.bytes.get() + bytes <= limits.callBuffer() && allBytes.get() + bytes <= limits.gatewayBuffer();
    }

    private void done(Waiting call, int bytes, Outcome outcome, @Nullable Exception failed) {
        call.bytes.addAndGet(-bytes);
        allBytes.addAndGet(-bytes);
        outcome.known(failed);
    }

    /** How full the fuller of the two buffers is, from 0 to 1. */
    double fullness(Waiting call) {
        return Math.max(
                (double) call.bytes.get() / limits.callBuffer(), (double) allBytes.get() / limits.gatewayBuffer());
    }

    /** Bytes of all calls that wait. */
    long waitingBytes() {
        return allBytes.get();
    }

    /** Waits until Kafka has everything, or for so long. */
    void close(Duration patience) {
        producer.close(patience);
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }
}
