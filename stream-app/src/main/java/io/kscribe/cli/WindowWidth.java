package io.kscribe.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The width of the terminal's window in columns: {@code COLUMNS}, or what {@code stty} says, or 80. */
final class WindowWidth implements IntSupplier {

    static final int DEFAULT_COLUMNS = 80;

    /** How long an answer of {@code stty} is good for; asking starts a process. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long PATIENCE_MILLIS = 500;

    private static final Pattern ROWS_AND_COLUMNS = Pattern.compile("\\d+ ([1-9]\\d{0,4})");

    private final IntSupplier ask;
    private final LongSupplier nanoTime;
    private int columns;
    private long askedAtNanos;

    WindowWidth(IntSupplier ask, LongSupplier nanoTime) {
        this.ask = ask;
        this.nanoTime = nanoTime;
    }

    /** The width that the environment fixes, or else the window's. */
    static IntSupplier of(Map<String, String> environment) {
        OptionalInt fixed = columns("0 " + environment.getOrDefault("COLUMNS", ""));
        return fixed.isPresent() ? fixed::getAsInt : new WindowWidth(WindowWidth::stty, System::nanoTime);
    }

    @Override
    public int getAsInt() {
        long now = nanoTime.getAsLong();
        if (columns == 0 || now - askedAtNanos > FRESH_NANOS) {
            columns = ask.getAsInt();
            askedAtNanos = now;
        }
        return columns;
    }

    /** Reads {@code rows columns}. */
    static OptionalInt columns(String size) {
        Matcher matcher = ROWS_AND_COLUMNS.matcher(size.strip());
        return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }

    private static int stty() {
        try {
            Process process = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return DEFAULT_COLUMNS;
            }
            String size = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return columns(size).orElse(DEFAULT_COLUMNS);
        } catch (IOException absent) {
            return DEFAULT_COLUMNS;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return DEFAULT_COLUMNS;
        }
    }
}
