package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends chunks that cannot be used to the dead-letter topic, with the reason and where they came from in headers.
 *
 * <p>The headers are those that Kafka Streams itself writes for records that cannot be deserialised (KIP-1034), so that a reader of the
 * topic needs to know one convention. A chunk that is too large to be written once more goes without its payload and attributes.
 */
final class DeadLetters {
    static final String REASON = "__streams.errors.message";
    static final String EXCEPTION = "__streams.errors.exception";
    static final String TOPIC = "__streams.errors.topic";
    static final String PARTITION = "__streams.errors.partition";
    static final String OFFSET = "__streams.errors.offset";

    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

    private final ProcessorContext<String, ?> context;
    private final String sink;
    private final String topic;
    private final ChunkRules rules;

    /**
     * Makes the way there.
     *
     * @param sink the node that takes chunks to the dead-letter topic
     * @param topic where chunks come from
     */
    DeadLetters(ProcessorContext<String, ?> context, String sink, String topic, ChunkRules rules) {
        this.context = context;
        this.sink = sink;
        this.topic = topic;
        this.rules = rules;
    }

    /**
     * Rejects a chunk.
     *
     * @param record the chunk as it came; a null key stays null
     * @param offset where on this task's partition it came from
     */
    @SuppressWarnings("unchecked") // the sink takes chunks, whatever the processor's main output is
    void reject(Record<String, AudioChunk> record, long offset, String reason) {
        log.warn("A chunk goes to the dead letters: {}", reason);
        Headers headers = new RecordHeaders(record.headers());
        put(headers, REASON, reason);
        put(headers, EXCEPTION, IllegalArgumentException.class.getName());
        put(headers, TOPIC, topic);
        put(headers, PARTITION, Integer.toString(context.taskId().partition()));
        put(headers, OFFSET, Long.toString(offset));
        AudioChunk chunk = rules.isSmall(record.value()) ? record.value() : emptied(record.value());
        ((ProcessorContext<String, Object>) context)
                .forward(new Record<String, Object>(record.key(), chunk, record.timestamp(), headers), sink);
    }

    private static AudioChunk emptied(AudioChunk chunk) {
        return AudioChunk.newBuilder(chunk)
                .setPayload(ByteBuffer.allocate(0))
                .setAttributes(Map.of())
                .build();
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
