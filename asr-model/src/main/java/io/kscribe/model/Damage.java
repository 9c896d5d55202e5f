package io.kscribe.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Says how an installed file differs from what was fetched.
 *
 * @param file the absolute file
 * @param expected the SHA-256 it should have
 * @param found the SHA-256 it has, or the word {@code nothing}
 */
public record Damage(Path file, String expected, String found) {

    static final String NOTHING = "nothing";

    /**
     * Hashes a file.
     *
     * @param expected the SHA-256 it should have
     * @return empty if it has it
     */
    public static Optional<Damage> find(Path file, String expected) throws IOException {
        String found = Files.isRegularFile(file) ? Sha256.ofFile(file) : NOTHING;
        return found.equals(expected) ? Optional.empty() : Optional.of(new Damage(file, expected, found));
    }

    @Override
    public String toString() {
        return file + ": expected SHA-256 " + expected + ", found " + found;
    }
}
