package io.kscribe.model;

import java.nio.file.Path;

/**
 * Says how an installed file differs from what was fetched.
 *
 * @param file the absolute file
 * @param expected the SHA-256 it should have
 * @param found the SHA-256 it has, or the word {@code nothing}
 */
public record Damage(Path file, String expected, String found) {

    static final String NOTHING = "nothing";

    @Override
    public String toString() {
        return file + ": expected SHA-256 " + expected + ", found " + found;
    }
}
