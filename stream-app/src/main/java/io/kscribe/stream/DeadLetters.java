package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import io.kscribe.stream.FlowMetrics.Count;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends records that cannot be used to the dead-letter topic as they came, with the reason and where they came from in headers.
 *
 * <p>The headers are those that Kafka Streams itself would write (KIP-1034), so that a reader of the topic needs to know one convention,
 * and three of kscribe's own. What is too large to be written once more goes without what makes it large: a record that Kafka refuses
 * would stop the stream thread.
 */
final class DeadLetters {
    static final String REASON = "__streams.errors.message";
    static final String EXCEPTION = "__streams.errors.exception";
    static final String TOPIC = "__streams.errors.topic";
    static final String PARTITION = "__streams.errors.partition";
    static final String OFFSET = "__streams.errors.offset";

    /** The call, as far as it is known; a longer id than is allowed is cut. */
    static final String CALL = "kscribe.call";

    /** The {@linkplain Fault.Reason#code() kind of fault}. */
    static final String FAULT = "kscribe.fault";

    /** How many bytes the value had, if it was too large to be kept as it came. */
    static final String BYTES = "kscribe.bytes";

    /** What a dead letter may have beside a payload of the largest size: the chunk's other fields. */
    private static final int BESIDE_PAYLOAD_BYTES = 100_000;

    /** Larger keys are left out: together with the rest they could be too large for Kafka. */
    private static final int LARGEST_KEY_BYTES = 32_768;

    private static final Duration WARNINGS_APART = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

    private final ProcessorContext<?, ?> context;
    private final String sink;
    private final String topic;
    private final StreamLimits limits;
    private final Serializer<AudioChunk> chunks;
    private final FlowMetrics metrics;
    private long warnedMillis = Long.MIN_VALUE;
    private long unsaid;

    /**
     * Makes the way there.
     *
     * @param sink the node that takes bytes to the dead-letter topic
     * @param topic where chunks come from
     * @param chunks writes chunks as they came
     */
    DeadLetters(
            ProcessorContext<?, ?> context,
            String sink,
            String topic,
            StreamLimits limits,
            Serializer<AudioChunk> chunks,
            FlowMetrics metrics) {
        this.context = context;
        this.sink = sink;
        this.topic = topic;
        this.limits = limits;
        this.chunks = chunks;
        this.metrics = metrics;
    }

    /**
     * Rejects a record as it came.
     *
     * @param chunk what it was read as; null if it could not be read
     * @param offset where on this task's partition it came from
     */
    void reject(Record<byte[], byte[]> record, @Nullable AudioChunk chunk, long offset, Fault fault) {
        byte[] key = record.key();
        String call = chunk != null ? chunk.getCallId() : key == null ? "" : new String(key, StandardCharsets.UTF_8);
        Headers headers = sized(record.headers()) > limits.largestHeaders()
                ? new RecordHeaders()
                : new RecordHeaders(record.headers());
        forward(key, record.value(), chunk, headers, call, offset, fault);
    }

    /**
     * Rejects a chunk that has waited or gone a step further.
     *
     * @param offset where on this task's partition it came from
     */
    void reject(AudioChunk chunk, long offset, Fault fault) {
        String call = chunk.getCallId();
        byte[] value = chunks.serialize(topic, chunk);
        forward(call.getBytes(StandardCharsets.UTF_8), value, chunk, new RecordHeaders(), call, offset, fault);
    }

    @SuppressWarnings("unchecked") // the sink takes bytes, whatever the processor's main output is
    private void forward(
            byte @Nullable [] key,
            byte[] value,
            @Nullable AudioChunk chunk,
            Headers headers,
            String call,
            long offset,
            Fault fault) {
        warn(fault);
        metrics.count(Count.DEAD_LETTERS, fault.reason().code());
        put(headers, REASON, fault.sentence());
        put(headers, EXCEPTION, IllegalArgumentException.class.getName());
        put(headers, TOPIC, topic);
        put(headers, PARTITION, Integer.toString(context.taskId().partition()));
        put(headers, OFFSET, Long.toString(offset));
        put(headers, CALL, call.substring(0, Math.min(call.length(), limits.longestCallId())));
        put(headers, FAULT, fault.reason().code());
        byte[] kept = value;
        if (!fits(value)) {
            put(headers, BYTES, Integer.toString(value.length));
            kept = chunk == null ? null : emptied(chunk);
        }
        byte[] keptKey = key == null || key.length > LARGEST_KEY_BYTES ? null : key;
        ((ProcessorContext<Object, Object>) context)
                .forward(
                        new Record<Object, Object>(keptKey, kept, Math.max(0, context.currentSystemTimeMs()), headers),
                        sink);
    }

    private boolean fits(byte[] value) {
        return value.length <= limits.largestPayload() + BESIDE_PAYLOAD_BYTES;
    }

    /** The chunk without its audio and attributes; null if it is too large even so. */
    private byte @Nullable [] emptied(AudioChunk chunk) {
        byte[] rest = chunks.serialize(
                topic,
                AudioChunk.newBuilder(chunk)
                        .setPayload(ByteBuffer.allocate(0))
                        .setAttributes(Map.of())
                        .build());
        return fits(rest) ? rest : null;
    }

    /** Says it at most once a second, so that a flood of bad records is none of the log's. */
    private void warn(Fault fault) {
        long now = context.currentSystemTimeMs();
        if (warnedMillis != Long.MIN_VALUE && Math.abs(now - warnedMillis) < WARNINGS_APART.toMillis()) {
            unsaid++;
            return;
        }
        log.warn(
                "A record goes to the dead letters{}: {}",
                unsaid == 0 ? "" : ", after " + unsaid + " more",
                fault.sentence());
        warnedMillis = now;
        unsaid = 0;
    }

    private static int sized(Headers headers) {
        return Stream.of(headers.toArray()).mapToInt(DeadLetters::sized).sum();
    }

    private static int sized(Header header) {
        return header.key().length() + (header.value() == null ? 0 : header.value().length);
    }

    private static void put(Headers headers, String name, String value) {
        headers.remove(name);
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
