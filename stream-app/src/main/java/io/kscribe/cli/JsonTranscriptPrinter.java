package io.kscribe.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.format.AvroValues;
import io.kscribe.schema.Transcript;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/** Prints each transcript as a JSON object on a line of its own. */
final class JsonTranscriptPrinter implements TranscriptPrinter {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;

    JsonTranscriptPrinter(PrintWriter out) {
        this.out = out;
    }

    @Override
    public boolean wantsPartials() {
        return true;
    }

    @Override
    public void print(Transcript transcript) {
        try {
            // Ended alike on every platform: JSON lines are for programs.
            out.print(JSON.writeValueAsString(AvroValues.of(transcript)) + "\n");
            out.flush();
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    @Override
    public void close() {
        out.flush();
    }
}
