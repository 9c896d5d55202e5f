package io.kscribe.cli;

import io.kscribe.engine.DecodingSettings;
import io.kscribe.engine.WhisperEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that say how texts are searched for. */
@Section("decoding")
final class DecodingOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--beam",
            paramLabel = "N",
            defaultValue = "1",
            description = "How many texts are followed at once, 1 to " + DecodingSettings.MOST_BEAMS
                    + ": 5 errs less than 1 and takes about half as long again. Default: ${DEFAULT-VALUE}.")
    @Unit("texts")
    private int beams;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            defaultValue = "",
            description = "What might have been said before, in the spelling and style that is wanted.")
    private String prompt;

    @Option(
            names = "--term",
            paramLabel = "TERM",
            split = ",",
            description =
                    "A name or other term that may well be said; can be given several times. Works best with --beam 5.")
    private List<String> terms = List.of();

    @Option(names = "--terms", paramLabel = "FILE", description = "Such terms, one a line, in UTF-8.")
    private @Nullable Path termsFile;

    /** Settings with what was asked for. */
    DecodingSettings applied(DecodingSettings settings, WhisperEngine engine) throws IOException {
        List<String> all = new ArrayList<>(terms);
        if (termsFile != null) {
            Files.readAllLines(termsFile).stream()
                    .filter(line -> !line.isBlank())
                    .forEach(all::add);
        }
        return UsageErrors.valid(command, () -> {
            DecodingSettings applied = settings.withBeams(beams).withPrompt(prompt);
            return all.isEmpty() ? applied : applied.withTerms(engine.keyTerms(all));
        });
    }
}
