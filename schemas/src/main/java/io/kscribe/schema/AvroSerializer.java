package io.kscribe.schema;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a record in Avro single-object encoding: {@code C3 01}, the schema's 64-bit Rabin fingerprint (little-endian), then
 * the record in Avro's binary encoding (Avro specification 1.12, "Single-object encoding"). Null is written as null, a
 * tombstone. Safe for use by several threads.
 *
 * @param <T> the record's class
 */
abstract class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {

    private final String name;
    private final BinaryMessageEncoder<T> encoder;

    AvroSerializer(Class<T> type) {
        SpecificData model = SpecificData.getForClass(type);
        this.name = type.getSimpleName();
        this.encoder = new BinaryMessageEncoder<>(model, model.getSchema(type));
    }

    /**
     * Encodes a record.
     *
     * @param topic named in errors
     * @param value the record; null gives null
     * @throws SerializationException if a field is missing or of the wrong type
     */
    @Override
    public byte @Nullable [] serialize(String topic, @Nullable T value) {
        if (value == null) {
            return null;
        }
        try {
            ByteBuffer encoded = encoder.encode(value);
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (IOException | RuntimeException e) {
            throw new SerializationException(
                    topic + ": expected a complete " + name + ", but it cannot be written: " + e.getMessage(), e);
        }
    }
}
