package io.kscribe.cli;

import io.kscribe.recognizer.RecognizerSettings;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how audio is followed, whoever follows it. */
@Section("recognition")
final class PolicyOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--strict",
            negatable = true,
            description =
                    "Live: a final begins with the words that were shown as stable, so that none of them is taken back; "
                            + "it then depends on the partials before it, and errs more often.")
    private boolean strict;

    @Option(
            names = "--multilingual",
            negatable = true,
            description =
                    "Where no language is given, detect it anew for each segment of 2 s or more; else it is detected "
                            + "once for a channel.")
    private boolean multilingual;

    @Option(
            names = "--loudness-floor",
            paramLabel = "DBFS",
            defaultValue = "-70",
            description =
                    "What is less loud than this is no speech, in decibels of full scale. Default: ${DEFAULT-VALUE}.")
    @Unit("dBFS")
    private float loudnessFloor;

    boolean strict() {
        return strict;
    }

    /** Settings with what was asked for. */
    RecognizerSettings applied(RecognizerSettings settings) {
        return UsageErrors.valid(
                command,
                () -> settings.toBuilder()
                        .strict(strict)
                        .multilingual(multilingual)
                        .loudnessFloorDbfs(loudnessFloor)
                        .build());
    }

    /** Refuses what only live audio can have; where it is set for live audio in general, this just is none. */
    void require(boolean live) {
        if (strict && !live) {
            if (command.commandLine().getParseResult().hasMatchedOption("--strict")) {
                throw new ParameterException(command.commandLine(), "--strict was given without --live.");
            }
            strict = false;
        }
    }
}
