package io.kscribe.cli;

import io.kscribe.schema.Transcript;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows transcripts as they come. */
interface TranscriptPrinter extends AutoCloseable {

    /** The forms that transcripts are shown in. */
    enum Format {
        /** For people: one line a final; on a terminal also what is being spoken. */
        TEXT,
        /** For programs: one JSON object a line, with the names of the schema. */
        JSON;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A printer that fits what the output is connected to. */
    static TranscriptPrinter of(Format format, PrintWriter out, Terminal terminal) {
        return switch (format) {
            case JSON -> new JsonTranscriptPrinter(out);
            case TEXT ->
                terminal.interactive() ? new LiveTranscriptPrinter(out, terminal) : new PlainTranscriptPrinter(out);
        };
    }

    /** Whether the printer has a use for partials. */
    boolean wantsPartials();

    /** Shows a transcript at once. */
    void print(Transcript transcript);

    /** Leaves the output in a clean state; the output itself stays open. */
    @Override
    void close();
}
