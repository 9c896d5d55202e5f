package io.kscribe.model;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Draws a bar on a terminal; elsewhere it writes one line when a download starts and one when it ends. */
public final class ConsoleProgress implements DownloadProgress {

    private static final int BAR_CELLS = 28;
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final double BYTES_PER_MEGABYTE = 1e6;
    private static final String SPINNER = "|/-\\";
    private static final String ERASE_LINE = "\r\u001b[K";

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanoTime;

    private String name = "";
    private long totalBytes;
    private long lastBytes;
    private long drawnNanos;
    private int turns;

    /**
     * Writes to a stream.
     *
     * @param terminal whether the stream understands carriage return and the escape sequence that erases a line
     */
    public ConsoleProgress(PrintStream out, boolean terminal) {
        this(out, terminal, System::nanoTime);
    }

    ConsoleProgress(PrintStream out, boolean terminal, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
    }

    /** Writes to standard error, with a bar if that is a terminal. */
    public static ConsoleProgress onStandardError() {
        return new ConsoleProgress(System.err, standardErrorIsTerminal());
    }

    /** Asks the shell's {@code test -t 2}, since Java itself cannot tell; where there is no shell, no bar is drawn. */
    private static boolean standardErrorIsTerminal() {
        try {
            return new ProcessBuilder("sh", "-c", "test -t 2")
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void start(String name, long totalBytes) {
        this.name = name;
        this.totalBytes = totalBytes;
        this.lastBytes = 0;
        this.turns = 0;
        if (terminal) {
            draw();
        } else {
            out.println("Fetching " + name + (totalBytes >= 0 ? " (" + megabytes(totalBytes) + " MB)" : ""));
        }
    }

    @Override
    public void advanced(long bytes) {
        lastBytes = bytes;
        if (terminal && nanoTime.getAsLong() - drawnNanos >= REDRAW_NANOS) {
            draw();
        }
    }

    @Override
    public void done() {
        out.println((terminal ? ERASE_LINE : "") + "Fetched " + name);
    }

    @Override
    public void failed() {
        if (terminal) {
            out.print(ERASE_LINE);
            out.flush();
        }
    }

    private void draw() {
        drawnNanos = nanoTime.getAsLong();
        out.print(ERASE_LINE + "Fetching " + name + " " + (totalBytes > 0 ? bar() : spinner()));
        out.flush();
    }

    private String bar() {
        int full = (int) Math.min(BAR_CELLS, BAR_CELLS * lastBytes / totalBytes);
        return "[" + "#".repeat(full) + "-".repeat(BAR_CELLS - full) + "] " + megabytes(lastBytes) + " of "
                + megabytes(totalBytes) + " MB";
    }

    private char spinner() {
        return SPINNER.charAt(turns++ % SPINNER.length());
    }

    private static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / BYTES_PER_MEGABYTE);
    }
}
