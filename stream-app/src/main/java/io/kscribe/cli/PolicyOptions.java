package io.kscribe.cli;

import io.kscribe.recognizer.RecognizerSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how audio is followed, whoever follows it. */
final class PolicyOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--strict",
            description =
                    "Live: a final begins with the words that were shown as stable, so that none of them is taken back; "
                            + "it then depends on the partials before it, and errs more often.")
    private boolean strict;

    @Option(
            names = "--multilingual",
            description =
                    "Where no language is given, detect it anew for each segment of 2 s or more; else it is detected "
                            + "once for a channel.")
    private boolean multilingual;

    @Option(
            names = "--loudness-floor",
            paramLabel = "DBFS",
            description = "What is less loud than this is no speech, in decibels of full scale. Default: -70.")
    private @Nullable Float loudnessFloor;

    boolean strict() {
        return strict;
    }

    /** Settings with what was asked for. */
    RecognizerSettings applied(RecognizerSettings settings) {
        return UsageErrors.valid(command, () -> {
            RecognizerSettings.Builder applied =
                    settings.toBuilder().strict(strict).multilingual(multilingual);
            if (loudnessFloor != null) {
                applied.loudnessFloorDbfs(loudnessFloor);
            }
            return applied.build();
        });
    }

    /** Refuses what only live audio can have. */
    void require(boolean live) {
        if (strict && !live) {
            throw new ParameterException(command.commandLine(), "--strict was given without --live.");
        }
    }
}
