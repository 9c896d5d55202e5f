package io.kscribe.cli;

import io.kscribe.recognizer.RecognizerSettings;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of a live evaluation: how audio arrives, and the policy's settings that one would compare. */
final class SimulationOptions {
    private static final Duration LONGEST_CHUNK = Duration.ofSeconds(10);
    private static final List<String> OPTIONS = List.of("--chunk", "--stability-margin", "--stability-probability");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--chunk",
            paramLabel = "TIME",
            defaultValue = "100ms",
            converter = DurationConverter.class,
            description = "With --live: how much audio arrives together, up to 10s. Default: ${DEFAULT-VALUE}.")
    private Duration chunk;

    @Option(
            names = "--stability-margin",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "With --live: how much audio lies behind a word before it is stable. Default: 400ms.")
    private @Nullable Duration stabilityMargin;

    @Option(
            names = "--stability-probability",
            paramLabel = "SHARE",
            description =
                    "With --live: how likely the model must find each token of a word that is stable. Default: 0.35.")
    private @Nullable Float stabilityProbability;

    Duration chunk() {
        return chunk;
    }

    /** Settings with what was asked for. */
    RecognizerSettings applied(RecognizerSettings settings) {
        return UsageErrors.valid(command, () -> {
            RecognizerSettings.Builder applied = settings.toBuilder();
            if (stabilityMargin != null) {
                applied.stabilityMargin(stabilityMargin);
            }
            if (stabilityProbability != null) {
                applied.stabilityProbability(stabilityProbability);
            }
            return applied.build();
        });
    }

    /** Refuses what cannot be, and what was given though the evaluation is not live. */
    void require(boolean live) {
        if (!live) {
            for (String option : OPTIONS) {
                if (command.commandLine().getParseResult().hasMatchedOption(option)) {
                    throw new ParameterException(command.commandLine(), option + " was given without --live.");
                }
            }
        }
        if (chunk.isZero() || chunk.compareTo(LONGEST_CHUNK) > 0) {
            throw new ParameterException(
                    command.commandLine(),
                    "--chunk is " + chunk.toMillis() + " ms; expected 1 to " + LONGEST_CHUNK.toMillis() + " ms.");
        }
    }
}
