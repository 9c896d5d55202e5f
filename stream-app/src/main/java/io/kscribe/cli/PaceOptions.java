package io.kscribe.cli;

import io.kscribe.recognizer.RecognizerSettings;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how often and with how much live audio is decoded: what delay and accuracy cost in processor time. */
@Section("recognition")
final class PaceOptions {
    private static final List<String> NAMES = List.of("--partial-interval", "--endpoint", "--context");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--partial-interval",
            paramLabel = "DURATION",
            defaultValue = "500ms",
            converter = DurationConverter.class,
            description =
                    "Live: speech between two partials, when nothing else has to be done. Default: ${DEFAULT-VALUE}.")
    private Duration partialInterval;

    @Option(
            names = "--endpoint",
            paramLabel = "DURATION",
            defaultValue = "500ms",
            converter = DurationConverter.class,
            description = "Live: silence that ends a segment. Default: ${DEFAULT-VALUE}.")
    private Duration endpoint;

    @Option(
            names = "--context",
            paramLabel = "DURATION",
            defaultValue = "8s",
            converter = DurationConverter.class,
            description =
                    "Live: how far before the end of a segment what was said before it is heard again with it if the model is not sure "
                            + "of it, for the sake of accuracy; 0s: not at all, which serves more channels. Default: ${DEFAULT-VALUE}.")
    private Duration context;

    /** Settings with what was asked for. */
    RecognizerSettings applied(RecognizerSettings settings) {
        return UsageErrors.valid(
                command,
                () -> settings.toBuilder()
                        .partialInterval(partialInterval)
                        .endpoint(endpoint)
                        .context(context)
                        .build());
    }

    /** The same options as they are written on a command line. */
    List<String> arguments() {
        return List.of(
                "--partial-interval",
                DurationConverter.text(partialInterval),
                "--endpoint",
                DurationConverter.text(endpoint),
                "--context",
                DurationConverter.text(context));
    }

    /** Refuses what only live audio can have, if it was given. */
    void require(boolean live) {
        for (String name : NAMES) {
            if (!live && command.commandLine().getParseResult().hasMatchedOption(name)) {
                throw new ParameterException(command.commandLine(), name + " was given without --live.");
            }
        }
    }
}
