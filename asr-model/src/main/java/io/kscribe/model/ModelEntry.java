package io.kscribe.model;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Describes one thing that the {@link ModelStore} knows.
 *
 * @param name what {@link ModelStore#pull} and {@link ModelStore#verify} call it
 * @param kind what it is
 * @param source where it comes from, for people to read
 * @param sizeBytes the length of its files, installed
 * @param directory where it is installed; null if it is not
 */
public record ModelEntry(
        String name,
        Kind kind,
        String source,
        long sizeBytes,
        @Nullable Path directory) {

    /** What a store can hold. */
    public enum Kind {
        CHECKPOINT("models"),
        VOICE_ACTIVITY("models"),
        SAMPLE("samples");

        private final String folder;

        Kind(String folder) {
            this.folder = folder;
        }

        String folder() {
            return folder;
        }
    }

    public boolean installed() {
        return directory != null;
    }
}
