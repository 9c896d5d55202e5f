package io.kscribe.cli;

import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws transcripts on a terminal: finals scroll by, and below them one line for each channel that is speaking is redrawn in
 * place.
 *
 * <p>The lines below never reach the window's last column, so that each is one row and going up by their number leads back to
 * the first. The escape sequences are ECMA-48's: cursor up, erase to the end of the display, colours.
 */
final class LiveTranscriptPrinter implements TranscriptPrinter {

    /** Most lines that are redrawn; further speakers are heard but not shown until their final. */
    static final int MAX_LIVE_LINES = 8;

    /** Least columns for a partial's text; a prefix that leaves less is left out. */
    private static final int MIN_TEXT_COLUMNS = 20;

    private record Channel(String callId, int channel) {}

    private final PrintWriter out;
    private final Terminal terminal;
    private final Style style;
    private final CallColumn calls = new CallColumn();
    private final Map<Channel, Transcript> speaking = new LinkedHashMap<>();
    private int drawnLines;

    LiveTranscriptPrinter(PrintWriter out, Terminal terminal) {
        this.out = out;
        this.terminal = terminal;
        this.style = new Style(terminal.coloured());
    }

    @Override
    public boolean wantsPartials() {
        return true;
    }

    @Override
    public void print(Transcript transcript) {
        Channel channel = new Channel(transcript.getCallId(), transcript.getChannel());
        StringBuilder drawing = new StringBuilder();
        erase(drawing);
        if (transcript.getStatus() == TranscriptStatus.FINAL) {
            speaking.computeIfPresent(
                    channel, (key, shown) -> shown.getSegmentId() > transcript.getSegmentId() ? shown : null);
            drawing.append(finalLine(transcript)).append('\n');
        } else {
            speaking.merge(channel, transcript, LiveTranscriptPrinter::newer);
        }
        draw(drawing);
        write(drawing);
    }

    @Override
    public void close() {
        if (drawnLines > 0) {
            write(new StringBuilder("\n"));
            drawnLines = 0;
        }
    }

    private void erase(StringBuilder drawing) {
        if (drawnLines > 0) {
            drawing.append('\r');
            if (drawnLines > 1) {
                drawing.append("\u001B[").append(drawnLines - 1).append('A');
            }
            drawing.append("\u001B[J");
        }
    }

    private void draw(StringBuilder drawing) {
        List<Transcript> all = new ArrayList<>(speaking.values());
        List<Transcript> shown = all.subList(Math.max(0, all.size() - MAX_LIVE_LINES), all.size());
        int columns = Math.max(2, terminal.columns().getAsInt() - 1);
        drawnLines = shown.size();
        String separator = "";
        for (Transcript partial : shown) {
            drawing.append(separator).append(liveLine(partial, columns));
            separator = "\n";
        }
    }

    private void write(StringBuilder drawing) {
        out.print(drawing);
        out.flush();
    }

    private String finalLine(Transcript transcript) {
        return style.dim(calls.of(transcript) + TranscriptLine.times(transcript))
                + " "
                + style.of(transcript.getRole(), TranscriptLine.speaker(transcript))
                + " "
                + TranscriptLine.printable(transcript.getText())
                + style.dim(TranscriptLine.flags(transcript));
    }

    private String liveLine(Transcript partial, int columns) {
        String times = calls.of(partial) + TranscriptLine.times(partial);
        String speaker = TranscriptLine.speaker(partial);
        String prefix = style.dim(times) + " " + style.of(partial.getRole(), speaker) + " ";
        int left = columns - DisplayWidth.of(times) - DisplayWidth.of(speaker) - 2;
        if (left < MIN_TEXT_COLUMNS) {
            prefix = "";
            left = columns;
        }
        String text = TranscriptLine.printable(partial.getText());
        int start = DisplayWidth.endStart(text, left);
        int stable = Math.max(start, Math.min(partial.getStableChars(), text.length()));
        return prefix + (start > 0 ? "\u2026" : "") + text.substring(start, stable) + style.dim(text.substring(stable));
    }

    private static Transcript newer(Transcript shown, Transcript come) {
        if (come.getSegmentId() != shown.getSegmentId()) {
            return come.getSegmentId() > shown.getSegmentId() ? come : shown;
        }
        return come.getRevision() >= shown.getRevision() ? come : shown;
    }
}
