package io.kscribe.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;

/**
 * Where the file of settings is: where somebody said, or else in the working directory.
 *
 * <p>One that is just there could be anybody's, as in {@code /tmp}, and could send calls elsewhere. It has to be the user's or root's own, and
 * nobody else may write it.
 */
public final class SettingsLocation {

    /** The file's name where it is looked for. */
    public static final String NAME = "kscribe.yaml";

    private static final String ROOT = "root";

    private SettingsLocation() {}

    /**
     * Looks for the file.
     *
     * @param said where it is; empty if nobody said
     * @param directory the working directory
     * @param user who runs this
     * @throws SettingsException if one is there that could be anybody's
     * @throws IOException if that cannot be found out
     */
    public static Optional<Path> find(String said, Path directory, String user) throws IOException, SettingsException {
        if (!said.isEmpty()) {
            return Optional.of(Path.of(said));
        }
        Path file = directory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        requireTrusted(file, user);
        return Optional.of(file);
    }

    private static void requireTrusted(Path file, String user) throws IOException, SettingsException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return; // no such notion on this system
        }
        PosixFileAttributes attributes = view.readAttributes();
        String owner = attributes.owner().getName();
        boolean others = attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
        if (others || !(owner.equals(user) || owner.equals(ROOT))) {
            throw new SettingsException("The working directory has a " + NAME + " "
                    + (others ? "that everybody may write" : "of the user " + owner)
                    + "; give --config " + NAME + " if it is meant.");
        }
    }
}
