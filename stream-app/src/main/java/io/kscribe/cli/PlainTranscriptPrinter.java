package io.kscribe.cli;

import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import java.io.PrintWriter;

/** Prints finals as lines of text, for files and pipes. */
final class PlainTranscriptPrinter implements TranscriptPrinter {

    private final PrintWriter out;
    private final CallColumn calls = new CallColumn();

    PlainTranscriptPrinter(PrintWriter out) {
        this.out = out;
    }

    @Override
    public boolean wantsPartials() {
        return false;
    }

    @Override
    public void print(Transcript transcript) {
        if (transcript.getStatus() != TranscriptStatus.FINAL) {
            return;
        }
        out.println(calls.of(transcript)
                + TranscriptLine.times(transcript)
                + " "
                + TranscriptLine.speaker(transcript)
                + " "
                + TranscriptLine.printable(transcript.getText())
                + TranscriptLine.flags(transcript));
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }
}
