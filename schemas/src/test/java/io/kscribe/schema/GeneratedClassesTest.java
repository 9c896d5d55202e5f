package io.kscribe.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class GeneratedClassesTest {

    @Test
    void shouldFillInDefaults() {
        AudioChunk chunk = AudioChunk.newBuilder()
                .setCallId("call-7")
                .setChannel(0)
                .setSequence(0)
                .setCapturedAt(Instant.EPOCH)
                .setEncoding(AudioEncoding.ALAW)
                .setSampleRate(8000)
                .setPayload(ByteBuffer.allocate(0))
                .build();

        assertThat(chunk.getRole()).isEqualTo(Role.UNKNOWN);
        assertThat(chunk.getEndOfStream()).isFalse();
        assertThat(chunk.getLanguage()).isNull();
        assertThat(chunk.getAttributes()).isEqualTo(Map.of());
    }

    @Test
    void shouldTakeNullForALanguageToBeDetected() {
        AudioChunk chunk =
                AudioChunk.newBuilder(Samples.audioChunk()).setLanguage(null).build();

        assertThat(chunk.getLanguage()).isNull();
    }

    @Test
    void shouldCopyThroughABuilder() {
        Transcript revised =
                Transcript.newBuilder(Samples.transcript()).setRevision(3).build();

        assertThat(revised.getRevision()).isEqualTo(3);
        assertThat(revised.getWords()).isEqualTo(Samples.transcript().getWords());
    }

    @Test
    void shouldKnowTheClassOfEveryNamedTypeWithoutTrustingItJvmWide() {
        for (SpecificRecord sample : List.of(Samples.audioChunk(), Samples.transcript())) {
            SpecificData model = SpecificData.getForClass(sample.getClass());
            for (Schema.Field field : sample.getSchema().getFields()) {
                Schema schema = field.schema().getType() == Schema.Type.ARRAY
                        ? field.schema().getElementType()
                        : field.schema();
                assertThat(model.getClass(schema)).as(field.name()).isNotNull();
            }
        }
    }
}
