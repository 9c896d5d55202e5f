package io.kscribe.schema;

import static org.apache.avro.SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE;
import static org.apache.avro.SchemaCompatibility.SchemaCompatibilityType.INCOMPATIBLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class EvolutionTest {

    private static final String TOPIC = "a.topic";

    /** The length of {@code C3 01} and the fingerprint. */
    private static final int HEADER_BYTES = 10;

    static final List<Arguments> RECORDS = List.of(
            Arguments.argumentSet("AudioChunk", Samples.audioChunk(), KscribeSerdes.audioChunk()),
            Arguments.argumentSet("Transcript", Samples.transcript(), KscribeSerdes.transcript()));

    static Stream<Arguments> releasedVersions() {
        return RECORDS.stream().flatMap(record -> {
            SpecificRecord sample = (SpecificRecord) Objects.requireNonNull(record.get()[0]);
            String name = sample.getSchema().getName();
            List<Schema> versions = ReleasedSchemas.of(name);
            return versions.stream()
                    .map(version -> Arguments.argumentSet(
                            name + "-" + (versions.indexOf(version) + 1), version, sample, record.get()[1]));
        });
    }

    @ParameterizedTest
    @FieldSource("RECORDS")
    void shouldHaveReleasedTheCurrentSchema(SpecificRecord sample, Serde<?> serde) {
        Schema current = sample.getSchema();
        List<Schema> released = ReleasedSchemas.of(current.getName());

        assertThat(released.stream().map(SchemaNormalization::parsingFingerprint64))
                .as(
                        "%s.avsc differs from every released version of it: release it as released/%s-%d.avsc",
                        current.getName(), current.getName(), released.size() + 1)
                .contains(SchemaNormalization.parsingFingerprint64(current));
    }

    @ParameterizedTest
    @FieldSource("RECORDS")
    void shouldHaveReleasedTheCurrentDefaultsAndLogicalTypes(SpecificRecord sample, Serde<?> serde) {
        Schema current = sample.getSchema();
        Schema asWritten =
                new Schema.Parser().parse(current.toString().replace(",\"avro.java.string\":\"String\"", ""));

        assertThat(ReleasedSchemas.of(current.getName()))
                .as("the fingerprint leaves out defaults and logical types, but readers depend on them")
                .contains(asWritten);
    }

    @ParameterizedTest
    @MethodSource("releasedVersions")
    void shouldBeCompatibleInBothDirectionsWithEveryReleasedVersion(
            Schema released, SpecificRecord sample, Serde<?> serde) {
        Schema current = sample.getSchema();

        assertThat(compatibility(current, released))
                .as("today's class reads data of the released version")
                .isEqualTo(COMPATIBLE);
        assertThat(compatibility(released, current))
                .as("a reader of the released version reads today's data")
                .isEqualTo(COMPATIBLE);
    }

    @ParameterizedTest
    @MethodSource("releasedVersions")
    <T extends SpecificRecord> void shouldExchangeDataWithEveryReleasedVersion(
            Schema released, T sample, Serde<T> serde) throws IOException {
        GenericRecord written = readAs(released, sample.getSchema(), serialize(serde, sample));

        byte[] bytes = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), released)
                .encode(written)
                .array();
        T readToday = serde.deserializer().deserialize(TOPIC, bytes);

        assertThat(readAs(released, sample.getSchema(), serialize(serde, readToday)))
                .isEqualTo(written);
    }

    @ParameterizedTest
    @FieldSource("RECORDS")
    <T extends SpecificRecord> void shouldReadTheBytesThatVersion1Published(T sample, Serde<T> serde)
            throws IOException {
        Schema current = sample.getSchema();
        Schema version1 = ReleasedSchemas.of(current.getName()).get(0);

        T read = serde.deserializer().deserialize(TOPIC, resource(current.getName() + "-1.hex"));

        assertThat(readAs(version1, current, serialize(serde, read)))
                .isEqualTo(readAs(version1, current, serialize(serde, sample)));
    }

    @ParameterizedTest
    @FieldSource("RECORDS")
    void shouldAcceptANewFieldWithADefaultInBothDirections(SpecificRecord sample, Serde<?> serde) {
        Schema current = sample.getSchema();
        Schema next = with(current, new Schema.Field("added", Schema.create(Schema.Type.INT), "New.", 0));

        assertThat(compatibility(next, current)).isEqualTo(COMPATIBLE);
        assertThat(compatibility(current, next)).isEqualTo(COMPATIBLE);
    }

    @ParameterizedTest
    @FieldSource("RECORDS")
    void shouldRefuseANewFieldWithoutADefault(SpecificRecord sample, Serde<?> serde) {
        Schema current = sample.getSchema();
        Schema next = with(current, new Schema.Field("added", Schema.create(Schema.Type.INT), "New."));

        assertThat(compatibility(next, current)).isEqualTo(INCOMPATIBLE);
    }

    @Test
    void shouldRefuseToDropAFieldThatReleasedReadersNeed() {
        Schema current = AudioChunk.getClassSchema();
        Schema next = Schema.createRecord(current.getName(), current.getDoc(), current.getNamespace(), false);
        next.setFields(current.getFields().stream()
                .filter(field -> !field.name().equals("payload"))
                .map(EvolutionTest::copy)
                .toList());

        assertThat(compatibility(current, next)).isEqualTo(INCOMPATIBLE);
    }

    @Test
    void shouldReadAnEncodingThatCameLaterAsUnknown() throws IOException {
        AudioChunk read = readWithNewSymbol("encoding", "OPUS");

        assertThat(read.getEncoding()).isEqualTo(AudioEncoding.UNKNOWN);
        assertThat(read.getPayload()).isEqualTo(Samples.audioChunk().getPayload());
    }

    @Test
    void shouldReadARoleThatCameLaterAsUnknown() throws IOException {
        AudioChunk read = readWithNewSymbol("role", "SUPERVISOR");

        assertThat(read.getRole()).isEqualTo(Role.UNKNOWN);
        assertThat(read.getEncoding()).isEqualTo(AudioEncoding.MULAW);
    }

    /** Writes a chunk under a schema whose enum has one symbol more, and reads it with today's class. */
    private static AudioChunk readWithNewSymbol(String enumField, String symbol) throws IOException {
        Schema current = AudioChunk.getClassSchema();
        Schema next = replace(current, enumField, old -> {
            List<String> symbols = new ArrayList<>(old.getEnumSymbols());
            symbols.add(symbol);
            return Schema.createEnum(old.getName(), old.getDoc(), old.getNamespace(), symbols, old.getEnumDefault());
        });
        GenericRecord chunk = readAs(next, current, serialize(KscribeSerdes.audioChunk(), Samples.audioChunk()));
        chunk.put(enumField, new GenericData.EnumSymbol(next.getField(enumField).schema(), symbol));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(next).write(chunk, encoder);
        encoder.flush();

        return new SpecificDatumReader<AudioChunk>(next, current, SpecificData.getForClass(AudioChunk.class))
                .read(null, DecoderFactory.get().binaryDecoder(out.toByteArray(), null));
    }

    private static SchemaCompatibilityType compatibility(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getType();
    }

    private static GenericRecord readAs(Schema reader, Schema writer, byte[] singleObject) throws IOException {
        return new GenericDatumReader<GenericRecord>(writer, reader)
                .read(
                        null,
                        DecoderFactory.get()
                                .binaryDecoder(singleObject, HEADER_BYTES, singleObject.length - HEADER_BYTES, null));
    }

    private static <T> byte[] serialize(Serde<T> serde, T value) {
        return serde.serializer().serialize(TOPIC, value);
    }

    private static Schema with(Schema record, Schema.Field added) {
        List<Schema.Field> fields = new ArrayList<>();
        record.getFields().forEach(field -> fields.add(copy(field)));
        fields.add(added);
        return Schema.createRecord(record.getName(), record.getDoc(), record.getNamespace(), false, fields);
    }

    private static Schema replace(Schema record, String name, UnaryOperator<Schema> change) {
        List<Schema.Field> fields = record.getFields().stream()
                .map(field -> field.name().equals(name)
                        ? new Schema.Field(name, change.apply(field.schema()), field.doc(), field.defaultVal())
                        : copy(field))
                .toList();
        return Schema.createRecord(record.getName(), record.getDoc(), record.getNamespace(), false, fields);
    }

    private static Schema.Field copy(Schema.Field field) {
        return new Schema.Field(field, field.schema());
    }

    private static byte[] resource(String name) throws IOException {
        try (var in = Objects.requireNonNull(EvolutionTest.class.getResourceAsStream(name), name)) {
            return HexFormat.of().parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
        }
    }
}
