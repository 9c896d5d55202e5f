package io.kscribe.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkDeserializer;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Role;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The registry's format against a real registry, and against the letter of Confluent's documentation. */
class SchemaRegistryIT {
    private static final String TOPIC = "audio.chunks";

    private static RegistryProcess registry;
    private static Serializer<AudioChunk> serializer;
    private static Deserializer<AudioChunk> deserializer;

    @BeforeAll
    static void start() throws Exception {
        registry = RegistryProcess.start();
        serializer = at(registry.url()).serializer(AudioChunk.class);
        deserializer = at(registry.url()).deserializer(AudioChunk.class, new AudioChunkDeserializer());
    }

    @AfterAll
    static void stop() {
        serializer.close();
        deserializer.close();
        registry.close();
    }

    @Test
    void shouldReadWhatItWrites() {
        AudioChunk chunk = chunk();

        assertThat(deserializer.deserialize(TOPIC, bytes(chunk))).isEqualTo(chunk);
        assertThat(serializer.serialize(TOPIC, null)).isNull();
        assertThat(deserializer.deserialize(TOPIC, null)).isNull();
    }

    @Test
    void shouldWriteWhatConfluentsClientsRead() throws Exception {
        GenericRecord read = ConfluentFormat.read(registry, bytes(chunk()));

        assertThat(read.get("callId")).hasToString("c1");
        assertThat(read.get("encoding")).hasToString("MULAW");
        assertThat(read.get("payload")).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(registry.get("/apis/ccompat/v7/subjects")).contains("\"audio.chunks-value\"");
    }

    /** A producer has its own idea of the schema: fields in another order, some left out, none that is the same class. */
    @Test
    void shouldReadWhatConfluentsClientsWrite() throws Exception {
        Schema contract = AudioChunk.getClassSchema();
        Schema theirs = Schema.createRecord(
                "AudioChunk",
                null,
                "com.example.telephony",
                false,
                contract.getFields().stream()
                        .filter(field -> !field.name().matches("role|attributes|language|endOfStream"))
                        .sorted((one, other) -> other.name().compareTo(one.name()))
                        .map(field -> new Schema.Field(field.name(), field.schema(), null, field.defaultVal()))
                        .collect(Collectors.toList()));
        GenericRecord record = new GenericRecordBuilder(theirs)
                .set("callId", "c1")
                .set("channel", 0)
                .set("sequence", 7L)
                .set("capturedAt", 1_700_000_000_000L)
                .set(
                        "encoding",
                        new GenericData.EnumSymbol(theirs.getField("encoding").schema(), "MULAW"))
                .set("sampleRate", 8000)
                .set("payload", ByteBuffer.wrap(new byte[] {1, 2, 3}))
                .build();
        int id = ConfluentFormat.register(registry, TOPIC + ".theirs", theirs);

        AudioChunk expected =
                AudioChunk.newBuilder(chunk()).setRole(Role.UNKNOWN).build();
        assertThat(deserializer.deserialize(TOPIC, ConfluentFormat.write(id, record)))
                .isEqualTo(expected);
    }

    @Test
    void shouldReadSingleObjectsToo() {
        byte[] single = Objects.requireNonNull(new AudioChunkSerializer().serialize(TOPIC, chunk()));

        assertThat(deserializer.deserialize(TOPIC, single)).isEqualTo(chunk());
    }

    @Test
    void shouldRefuseWhatIsNoRecord() throws Exception {
        byte[] whole = bytes(chunk());
        assertRefused(Arrays.copyOf(whole, 3), "3 bytes");
        assertRefused(Arrays.copyOf(whole, 12), "expected a whole AudioChunk");
        assertRefused(new byte[] {0, 0, 0, 99, 99, 1, 2}, "does not know number 25443");
        assertRefused(new byte[] {0, 0, 0, 99, 99, 1, 2}, "does not know number 25443");
        assertRefused(new byte[] {7}, "single-object encoding");
        assertRefused(new byte[0], "0 bytes");

        Schema other = Schema.createRecord("Invoice", null, "com.example", false);
        other.setFields(java.util.List.of());
        int id = ConfluentFormat.register(registry, "invoices", other);
        assertRefused(ConfluentFormat.write(id, new GenericData.Record(other)), "com.example.Invoice");
    }

    @Test
    void shouldNotTakeTheRegistrysAbsenceForTheRecordsFault() throws Exception {
        byte[] whole = bytes(chunk());
        Deserializer<AudioChunk> lonely =
                at("http://127.0.0.1:1").deserializer(AudioChunk.class, new AudioChunkDeserializer());
        Serializer<AudioChunk> mute = at("http://127.0.0.1:1").serializer(AudioChunk.class);

        assertThatThrownBy(() -> lonely.deserialize(TOPIC, whole))
                .isInstanceOf(TimeoutException.class)
                .hasMessage(
                        "No answer from the schema registry at http://127.0.0.1:1/apis/registry/v3 about audio.chunks.");
        assertThatThrownBy(() -> mute.serialize(TOPIC, chunk())).isInstanceOf(TimeoutException.class);
        lonely.close();
        mute.close();
    }

    @Test
    void shouldKnowAUrlWhenItSeesOne() {
        assertThat(at("http://registry:8080").url()).isEqualTo("http://registry:8080/apis/registry/v3");
        assertThat(at("https://registry/").url()).isEqualTo("https://registry/apis/registry/v3");
        assertThat(at("https://registry/apis/registry/v2").url()).isEqualTo("https://registry/apis/registry/v2");
        for (String wrong : new String[] {"registry:8080", "ftp://registry", "http://", "a b"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> at(wrong))
                    .withMessageContaining("is not the URL of a schema registry");
        }
    }

    private static void assertRefused(byte[] bytes, String reason) {
        assertThatThrownBy(() -> deserializer.deserialize(TOPIC, bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining(reason);
    }

    private static SchemaRegistry at(String url) {
        return new SchemaRegistry(url, Map.of());
    }

    private static byte[] bytes(AudioChunk chunk) {
        return Objects.requireNonNull(serializer.serialize(TOPIC, chunk));
    }

    private static AudioChunk chunk() {
        return AudioChunk.newBuilder()
                .setCallId("c1")
                .setChannel(0)
                .setRole(Role.CUSTOMER)
                .setSequence(7)
                .setCapturedAt(Instant.ofEpochMilli(1_700_000_000_000L))
                .setEncoding(AudioEncoding.MULAW)
                .setSampleRate(8000)
                .setPayload(ByteBuffer.wrap(new byte[] {1, 2, 3}))
                .build();
    }
}
