package io.kscribe.schema;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record from Avro single-object encoding (see {@link AvroSerializer}), whichever released version of its schema it
 * was written with. Fields that the version lacks take their defaults. Null is read as null. Safe for use by several threads.
 *
 * <p>The bytes decide nothing about memory: Avro's own single-object decoder reads from a stream and allocates what a length
 * claims, up to 2 GiB. This one reads from the array, which lets Avro hold each length against the bytes that are there.
 *
 * @param <T> the record's class
 */
abstract class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {

    private static final byte[] MARKER = {(byte) 0xC3, 0x01};
    private static final int HEADER_BYTES = MARKER.length + Long.BYTES;

    /** How many of a foreign record's first bytes an error shows. */
    private static final int SHOWN_BYTES = 10;

    private final String name;
    private final int newestVersion;
    private final Map<Long, DatumReader<T>> readersByFingerprint;

    AvroDeserializer(Class<T> type) {
        SpecificData model = SpecificData.getForClass(type);
        Schema current = model.getSchema(type);
        List<Schema> released = ReleasedSchemas.of(type.getSimpleName());
        Map<Long, DatumReader<T>> readers = new HashMap<>();
        for (Schema written : released) {
            readers.put(fingerprint(written), new SpecificDatumReader<>(written, current, model));
        }
        readers.put(fingerprint(current), new SpecificDatumReader<>(current, current, model));
        this.name = type.getSimpleName();
        this.newestVersion = released.size();
        this.readersByFingerprint = Map.copyOf(readers);
    }

    /**
     * Decodes a record.
     *
     * @param topic named in errors
     * @param bytes the whole value of a Kafka record; null gives null
     * @throws SerializationException if the bytes are anything but one record in a released schema
     */
    @Override
    public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        DatumReader<T> reader = readerFor(topic, bytes);
        BinaryDecoder decoder =
                DecoderFactory.get().binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null);
        T value;
        int trailing;
        try {
            value = reader.read(null, decoder);
            trailing = decoder.remainingBytes();
        } catch (IOException | RuntimeException e) {
            throw new SerializationException(
                    "%s: expected a whole %s, but its %d bytes cannot be decoded: %s"
                            .formatted(topic, name, bytes.length, e.getMessage() == null ? e : e.getMessage()),
                    e);
        }
        if (trailing > 0) {
            throw new SerializationException(
                    "%s: expected one %s, but %d more bytes follow it.".formatted(topic, name, trailing));
        }
        return value;
    }

    private DatumReader<T> readerFor(String topic, byte[] bytes) {
        if (bytes.length < HEADER_BYTES || bytes[0] != MARKER[0] || bytes[1] != MARKER[1]) {
            throw new SerializationException(
                    "%s: expected %s in Avro single-object encoding (c3 01, an 8-byte schema fingerprint, the record), but got %s."
                            .formatted(topic, name, describe(bytes)));
        }
        long fingerprint = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(MARKER.length);
        DatumReader<T> reader = readersByFingerprint.get(fingerprint);
        if (reader == null) {
            throw new SerializationException(
                    "%s: expected %s in a schema version from 1 to %d, but got schema fingerprint 0x%016x, which is none of them."
                            .formatted(topic, name, newestVersion, fingerprint));
        }
        return reader;
    }

    private static String describe(byte[] bytes) {
        if (bytes.length == 0) {
            return "0 bytes";
        }
        String shown = HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(bytes.length, SHOWN_BYTES));
        return bytes.length + " bytes that start with " + shown;
    }

    private static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }
}
