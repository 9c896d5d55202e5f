package io.kscribe.compiler;

import io.kscribe.model.Checkpoint;
import io.kscribe.model.Damage;
import io.kscribe.model.ModelException;
import io.kscribe.model.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Says beside compiled graphs what they are, in a text for people whose last lines, hash and file, are as {@code sha256sum} writes them.
 * The same graphs of the same checkpoint give the same bytes.
 */
final class ModelSummary {
    private static final String FILE = "summary.txt";
    private static final Pattern HASH = Pattern.compile("([0-9a-f]{64})  (.+)");

    private ModelSummary() {}

    /** Writes the summary of a directory that holds graphs and nothing else. */
    static void write(
            Path directory,
            Checkpoint checkpoint,
            WhisperConfig config,
            int alignmentHeads,
            Precision encoder,
            Precision decoder)
            throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("model       " + checkpoint.name());
        lines.add("checkpoint  " + checkpoint.sha256());
        lines.add("compiler    version " + GraphCompiler.VERSION);
        lines.add("parameters  " + (GraphSize.encoderParameters(config) + GraphSize.decoderParameters(config)));
        lines.add("width       " + config.modelWidth());
        lines.add("mel bins    " + config.melBins());
        lines.add("vocabulary  " + config.vocabulary());
        lines.add("encoder     " + config.encoderLayers() + " layers of " + config.encoderHeads() + " heads, "
                + encoder.label());
        lines.add("decoder     " + config.decoderLayers() + " layers of " + config.decoderHeads() + " heads, "
                + decoder.label() + ", words timed by " + alignmentHeads + " heads");
        List<Path> files = files(directory);
        for (Path file : files) {
            lines.add("file        " + file.getFileName() + ", " + Files.size(file) + " bytes");
        }
        for (Path file : files) {
            lines.add(Sha256.ofFile(file) + "  " + file.getFileName());
        }
        Files.writeString(directory.resolve(FILE), String.join("\n", lines) + "\n");
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    /**
     * The summary in a directory.
     *
     * @throws ModelException if there is none
     */
    static List<String> read(Path directory) throws ModelException {
        try {
            return Files.readAllLines(directory.resolve(FILE));
        } catch (IOException e) {
            throw new ModelException(directory + " has no readable " + FILE + ", delete it: " + e, e);
        }
    }

    /**
     * Hashes the files that a directory's summary names.
     *
     * @return those that are not what was written
     * @throws ModelException if the summary or a file cannot be read, or if the summary names none
     */
    static List<Damage> verify(Path directory) throws ModelException {
        List<Damage> damages = new ArrayList<>();
        int hashes = 0;
        for (String line : read(directory)) {
            Matcher hash = HASH.matcher(line);
            if (hash.matches()) {
                hashes++;
                try {
                    Damage.find(directory.resolve(hash.group(2)), hash.group(1)).ifPresent(damages::add);
                } catch (IOException e) {
                    throw new ModelException(directory.resolve(hash.group(2)) + " cannot be read: " + e, e);
                }
            }
        }
        if (hashes == 0) {
            throw new ModelException(directory.resolve(FILE) + " names no file, delete " + directory);
        }
        return List.copyOf(damages);
    }
}
