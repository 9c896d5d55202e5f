package io.kscribe.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hashes the files of users' own directories, and remembers the hash for as long as no file changes its length or its time
 * of modification, since hashing gigabytes takes seconds.
 */
final class Fingerprints {

    private static final Logger LOG = LoggerFactory.getLogger(Fingerprints.class);

    private final Path memory;

    /** @param memory the directory where hashes are remembered; it is made */
    Fingerprints(Path memory) {
        this.memory = memory;
    }

    /** The hash of the set of files, as {@link Checkpoint#sha256()} has it. */
    String of(Path directory, List<String> files) throws IOException {
        Path note = memory.resolve(Sha256.ofText(directory.toString()) + ".txt");
        String state = state(directory, files);
        if (Files.isRegularFile(note)) {
            String known = Files.readString(note);
            int end = known.indexOf('\n');
            if (end >= 0 && known.substring(end + 1).equals(state)) {
                return known.substring(0, end);
            }
        }
        TreeMap<String, String> hashes = new TreeMap<>();
        for (String file : files) {
            hashes.put(file, Sha256.ofFile(directory.resolve(file)));
        }
        String sha256 = Sha256.ofFiles(hashes);
        remember(note, sha256 + "\n" + state);
        return sha256;
    }

    private static String state(Path directory, List<String> files) throws IOException {
        StringBuilder state = new StringBuilder(directory.toString()).append('\n');
        for (String name : files) {
            Path file = directory.resolve(name);
            state.append(name + " " + Files.size(file) + " " + Files.getLastModifiedTime(file) + "\n");
        }
        return state.toString();
    }

    private void remember(Path note, String text) {
        try {
            Files.createDirectories(memory);
            Path written = Files.createTempFile(memory, "note", ".tmp");
            Files.writeString(written, text, StandardCharsets.UTF_8);
            Files.move(written, note, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("The hash of a model's files cannot be remembered, so it is computed each time: {}", e.toString());
        }
    }
}
