package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import java.nio.charset.StandardCharsets;
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
 * topic needs to know one convention.
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

    DeadLetters(ProcessorContext<String, ?> context, String sink) {
        this.context = context;
        this.sink = sink;
    }

    /** Rejects the record that is being processed. */
    @SuppressWarnings("unchecked") // the sink takes chunks, whatever the processor's main output is
    void reject(Record<String, AudioChunk> record, String reason) {
        log.warn("A chunk goes to the dead letters: {}", reason);
        Headers headers = new RecordHeaders(record.headers());
        put(headers, REASON, reason);
        put(headers, EXCEPTION, IllegalArgumentException.class.getName());
        context.recordMetadata().ifPresent(origin -> {
            put(headers, TOPIC, origin.topic());
            put(headers, PARTITION, Integer.toString(origin.partition()));
            put(headers, OFFSET, Long.toString(origin.offset()));
        });
        ((ProcessorContext<String, Object>) context)
                .forward(new Record<String, Object>(record.key(), record.value(), record.timestamp(), headers), sink);
    }

    private static void put(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
