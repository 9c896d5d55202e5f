package io.kscribe.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps the SHA-256 of a checkpoint's files beside them, in the format of the tool {@code sha256sum}: what was fetched
 * from the hub has no pins of its own.
 */
final class HubManifest {

    private static final String FILE = "SHA256SUMS";
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  (.+)");

    private HubManifest() {}

    static void write(Path directory) throws IOException, ModelException {
        TreeMap<String, String> hashes = new TreeMap<>();
        for (String name : CheckpointLayout.filesIn(directory)) {
            hashes.put(name, Sha256.ofFile(directory.resolve(name)));
        }
        Files.writeString(directory.resolve(FILE), Sha256.sums(hashes));
    }

    /**
     * The hashes by file name.
     *
     * @throws ModelException if the manifest is not there or is none
     */
    static SortedMap<String, String> read(Path directory) throws IOException, ModelException {
        Path manifest = directory.resolve(FILE);
        TreeMap<String, String> hashes = new TreeMap<>();
        if (Files.isRegularFile(manifest)) {
            for (String line : Files.readAllLines(manifest)) {
                Matcher matcher = LINE.matcher(line);
                if (!matcher.matches()) {
                    throw new ModelException(
                            manifest + " has the line \"" + line + "\", expected a SHA-256 and a file name");
                }
                hashes.put(matcher.group(2), matcher.group(1));
            }
        }
        if (hashes.isEmpty()) {
            throw new ModelException(
                    manifest + " is missing or empty: delete " + directory + " and fetch the model again");
        }
        return hashes;
    }
}
