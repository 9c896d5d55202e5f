package io.kscribe.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class DocumentationTest {

    @Test
    void shouldDocumentEveryTypeAndField() {
        Set<String> seen = new TreeSet<>();
        Set<String> undocumented = new TreeSet<>();

        walk(AudioChunk.getClassSchema(), seen, undocumented);
        walk(Transcript.getClassSchema(), seen, undocumented);

        assertThat(undocumented).as("types and fields without \"doc\"").isEmpty();
        assertThat(seen)
                .contains(
                        "io.kscribe.schema.AudioChunk",
                        "io.kscribe.schema.AudioEncoding",
                        "io.kscribe.schema.Role",
                        "io.kscribe.schema.Transcript",
                        "io.kscribe.schema.TranscriptStatus",
                        "io.kscribe.schema.Word",
                        "io.kscribe.schema.Word.confidence");
    }

    private static void walk(Schema schema, Set<String> seen, Set<String> undocumented) {
        switch (schema.getType()) {
            case UNION -> schema.getTypes().forEach(branch -> walk(branch, seen, undocumented));
            case ARRAY -> walk(schema.getElementType(), seen, undocumented);
            case MAP -> walk(schema.getValueType(), seen, undocumented);
            case ENUM, FIXED -> note(schema.getFullName(), schema.getDoc(), seen, undocumented);
            case RECORD -> {
                note(schema.getFullName(), schema.getDoc(), seen, undocumented);
                for (Schema.Field field : schema.getFields()) {
                    note(schema.getFullName() + "." + field.name(), field.doc(), seen, undocumented);
                    walk(field.schema(), seen, undocumented);
                }
            }
            default -> {}
        }
    }

    private static void note(String name, String doc, Set<String> seen, Set<String> undocumented) {
        seen.add(name);
        if (doc == null || doc.isBlank()) {
            undocumented.add(name);
        }
    }
}
