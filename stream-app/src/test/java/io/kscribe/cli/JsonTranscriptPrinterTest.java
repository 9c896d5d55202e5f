package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.Word;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class JsonTranscriptPrinterTest {

    private final StringWriter written = new StringWriter();
    private final JsonTranscriptPrinter printer = new JsonTranscriptPrinter(new PrintWriter(written));

    @Test
    void shouldNameFieldsAsTheSchemaDoes() throws Exception {
        printer.print(Transcripts.finalOf(0, "Hi.")
                .setWords(List.of(new Word("Hi.", 3250L, 3500L, 0.5f, true)))
                .build());

        JsonNode json = new ObjectMapper().readTree(written.toString());
        assertThat(json.fieldNames()).toIterable().containsExactlyElementsOf(names(Transcript.getClassSchema()));
        assertThat(json.get("words").get(0).fieldNames())
                .toIterable()
                .containsExactlyElementsOf(names(Word.getClassSchema()));
    }

    @Test
    void shouldPrintEachTranscriptOnALineOfItsOwn() {
        printer.print(Transcripts.partialOf(2, 3, "\u00fcber", "\n\"all\"")
                .setFlags(List.of("gap"))
                .build());
        printer.print(Transcripts.finalOf(2, "\u00dcber alles.").build());

        assertThat(written.toString().split("\n", -1))
                .containsExactly(
                        "{\"callId\":\"c1\",\"channel\":1,\"role\":\"CUSTOMER\",\"segmentId\":2,\"revision\":3,\"status\":\"PARTIAL\","
                                + "\"text\":\"\u00fcber\\n\\\"all\\\"\",\"stableChars\":4,\"words\":[],\"startMillis\":3250,\"endMillis\":7900,"
                                + "\"language\":\"en\",\"confidence\":0.9,\"model\":\"base\",\"capturedAt\":1700000000123,"
                                + "\"emittedAt\":1700000000456,\"flags\":[\"gap\"]}",
                        "{\"callId\":\"c1\",\"channel\":1,\"role\":\"CUSTOMER\",\"segmentId\":2,\"revision\":1000000,\"status\":\"FINAL\","
                                + "\"text\":\"\u00dcber alles.\",\"stableChars\":11,\"words\":[],\"startMillis\":3250,\"endMillis\":7900,"
                                + "\"language\":\"en\",\"confidence\":0.9,\"model\":\"base\",\"capturedAt\":1700000000123,"
                                + "\"emittedAt\":1700000000456,\"flags\":[]}",
                        "");
    }

    private static List<String> names(Schema schema) {
        return schema.getFields().stream().map(Schema.Field::name).toList();
    }
}
