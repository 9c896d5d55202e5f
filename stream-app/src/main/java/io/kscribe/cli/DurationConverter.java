package io.kscribe.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as people write them: {@code 100ms}, {@code 2s}, {@code 1.5s}, {@code 2m}, {@code 24h}, {@code 7d}. */
final class DurationConverter implements ITypeConverter<Duration> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,9})(?:\\.(\\d{1,3}))?(ms|s|m|h|d)");

    @Override
    public Duration convert(String value) {
        Matcher form = FORM.matcher(value);
        if (!form.matches()) {
            throw new TypeConversionException("'" + value + "' is not a duration such as 100ms, 2s, 2m, 24h or 7d");
        }
        long unitMillis = millis(form.group(3));
        String fraction = form.group(2);
        long millis = Long.parseLong(form.group(1)) * unitMillis;
        if (fraction != null) {
            millis += Long.parseLong((fraction + "00").substring(0, 3)) * unitMillis / 1000;
        }
        return Duration.ofMillis(millis);
    }

    /** Writes a duration so, in the longest unit that needs no fraction. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        return Stream.of("d", "h", "m", "s")
                .filter(unit -> millis != 0 && millis % millis(unit) == 0)
                .findFirst()
                .map(unit -> millis / millis(unit) + unit)
                .orElse(millis + "ms");
    }

    private static long millis(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1000;
            case "m" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
    }
}
