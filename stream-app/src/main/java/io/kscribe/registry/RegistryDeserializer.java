package io.kscribe.registry;

import io.apicurio.registry.serde.avro.AvroKafkaDeserializer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads records in a registry's format; what does not begin as that does is another's to read. Null is read as null.
 *
 * <p>A registry is asked once for each number of a schema, and again after a while for one that it did not know: a flood of bad records is no
 * flood of questions.
 *
 * @param <T> the record's class
 */
final class RegistryDeserializer<T extends SpecificRecord> implements Deserializer<T> {
    private static final byte MAGIC = 0;
    private static final int HEADER_BYTES = 1 + Integer.BYTES;
    private static final Duration ASK_AGAIN = Duration.ofMinutes(1);
    private static final int MOST_UNKNOWN = 1000;

    private final AvroKafkaDeserializer<T> apicurio = new AvroKafkaDeserializer<>();
    private final Deserializer<T> others;
    private final Failures failures;
    private final String record;

    /** When the registry last said that it does not know a schema, in nanoseconds, by the schema's number; the oldest first. */
    private final Map<Integer, Long> unknown = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
            return size() > MOST_UNKNOWN;
        }
    };

    RegistryDeserializer(SchemaRegistry registry, String record, Deserializer<T> others) {
        this.record = record;
        this.others = others;
        this.failures = new Failures(registry, record);
        apicurio.configure(registry.config(), false);
    }

    @Override
    public synchronized @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        if (bytes.length == 0 || bytes[0] != MAGIC) {
            return others.deserialize(topic, bytes);
        }
        if (bytes.length < HEADER_BYTES) {
            throw new SerializationException(topic + ": expected " + record
                    + " in a schema registry's format (00, a 4-byte number, the record), but got " + bytes.length
                    + " bytes.");
        }
        int schema = ByteBuffer.wrap(bytes).getInt(1);
        Long asked = unknown.get(schema);
        if (asked != null && System.nanoTime() - asked < ASK_AGAIN.toNanos()) {
            throw failures.unknown(topic, schema);
        }
        try {
            return apicurio.deserialize(topic, bytes);
        } catch (RuntimeException failed) {
            if (Failures.notFound(failed)) {
                unknown.remove(schema);
                unknown.put(schema, System.nanoTime());
                throw failures.unknown(topic, schema);
            }
            throw failures.of(topic, failed);
        }
    }

    @Override
    public synchronized void close() {
        apicurio.close();
        others.close();
    }
}
