package io.kscribe.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * Reads and writes as somebody does who knows nothing of kscribe: Confluent's wire format, by the letter of its documentation, and the registry's
 * interface for Confluent's clients.
 */
public final class ConfluentFormat {
    private static final String API = "/apis/ccompat/v7";
    private static final ObjectMapper JSON = new ObjectMapper();

    private ConfluentFormat() {}

    /** Registers a schema for a topic's values. */
    public static int register(RegistryProcess registry, String topic, Schema schema)
            throws IOException, InterruptedException {
        String body = JSON.writeValueAsString(Map.of("schema", schema.toString()));
        return JSON.readTree(registry.post(API + "/subjects/" + topic + "-value/versions", body))
                .get("id")
                .asInt();
    }

    /** Writes a record. */
    public static byte[] write(int id, GenericRecord record) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    /** Reads a record by the schema that it names. */
    public static GenericRecord read(RegistryProcess registry, byte[] bytes) throws IOException, InterruptedException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get() != 0) {
            throw new IOException("no magic byte");
        }
        String answer = registry.get(API + "/schemas/ids/" + in.getInt());
        Schema schema =
                new Schema.Parser().parse(JSON.readTree(answer).get("schema").asText());
        return new GenericDatumReader<GenericRecord>(schema)
                .read(null, DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null));
    }
}
