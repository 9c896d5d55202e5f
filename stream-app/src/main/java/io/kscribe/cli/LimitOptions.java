package io.kscribe.cli;

import java.time.Duration;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The option that changes {@linkplain AllLimits limits} by their names. */
final class LimitOptions {
    static final String NAME = "--limit";
    static final String VARIABLE = "KSCRIBE_LIMITS";
    static final String SECTION = "limits";

    private static final ITypeConverter<Duration> DURATIONS = new DurationConverter();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = NAME,
            paramLabel = "NAME=VALUE",
            split = ",",
            description =
                    "Change a limit, for instance open-calls=200 or channel-timeout=60s; can be given several times. "
                            + "'kscribe config' shows all of them. $KSCRIBE_LIMITS has others, separated by commas.")
    private List<String> changes = List.of();

    /** The limits as they are set elsewhere, with what was asked for. */
    AllLimits limits() {
        return UsageErrors.valid(command, () -> with(Configuration.of(command).limits(), changes));
    }

    /**
     * Changes limits.
     *
     * @param changes each as {@code open-calls=200}
     * @throws IllegalArgumentException if there is no such limit, or not with such a value
     */
    static AllLimits with(AllLimits limits, List<String> changes) {
        AllLimits changed = limits;
        for (String change : changes) {
            if (change.isBlank()) {
                continue;
            }
            int equals = change.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("'" + change + "' changes no limit; expected NAME=VALUE.");
            }
            String name = change.substring(0, equals).strip();
            String value = change.substring(equals + 1).strip();
            changed = changed.with(
                    name, changed.get(name) instanceof Duration ? duration(name, value) : number(name, value));
        }
        return changed;
    }

    private static Integer number(String name, String value) {
        try {
            return Integer.valueOf(value);
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException(
                    "The limit " + name + " is '" + value + "'; expected a number.", noNumber);
        }
    }

    private static Duration duration(String name, String value) {
        try {
            return DURATIONS.convert(value);
        } catch (TypeConversionException noDuration) {
            throw new IllegalArgumentException("The limit " + name + ": " + noDuration.getMessage() + ".", noDuration);
        } catch (Exception impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
