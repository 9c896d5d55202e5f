package io.kscribe.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/**
 * Puts directories in place whole or not at all. A directory is filled beside its target, on the same file system,
 * written through to the disk, and renamed in one step; so whoever sees the target sees all of it. Two threads or
 * processes that install the same target at once fill it once. What a crash left behind goes with the next attempt.
 */
public final class AtomicDirectory {

    private AtomicDirectory() {}

    /**
     * Writes a directory's files.
     *
     * @param <E> what it may throw besides {@link IOException}
     */
    @FunctionalInterface
    public interface Filler<E extends Exception> {

        /** Writes into a directory that exists and is empty; what it throws leaves nothing installed. */
        void fill(Path directory) throws IOException, E;
    }

    /**
     * Makes sure that a directory is there: at once if it exists, else by filling it.
     *
     * @param target the directory to be; its parents are made
     * @return the target, absolute
     * @throws E what the filler threw
     * @throws IOException if the files cannot be written, locked or moved
     */
    @SuppressWarnings("try") // the lock is held, not used
    public static <E extends Exception> Path install(Path target, Filler<E> filler) throws IOException, E {
        Path place = target.toAbsolutePath().normalize();
        if (Files.isDirectory(place)) {
            return place;
        }
        try (InstallLock lock = InstallLock.acquire(beside(place, ".lock"))) {
            if (!Files.isDirectory(place)) {
                fill(place, filler);
            }
        }
        return place;
    }

    /** Takes a directory away, if it is there; nobody ever sees a part of it in its place. */
    @SuppressWarnings("try") // the lock is held, not used
    public static void remove(Path target) throws IOException {
        Path place = target.toAbsolutePath().normalize();
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (InstallLock lock = InstallLock.acquire(beside(place, ".lock"))) {
            Path leaving = beside(place, ".partial");
            FileTrees.delete(leaving);
            if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(place, leaving, StandardCopyOption.ATOMIC_MOVE);
                FileTrees.delete(leaving);
            }
        }
    }

    private static <E extends Exception> void fill(Path place, Filler<E> filler) throws IOException, E {
        Path filling = beside(place, ".partial");
        FileTrees.delete(filling);
        Files.createDirectories(filling);
        try {
            filler.fill(filling);
            FileTrees.writeThrough(filling);
            Files.move(filling, place, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            FileTrees.delete(filling);
        }
    }

    private static Path beside(Path place, String suffix) {
        Path name = Objects.requireNonNull(place.getFileName(), "the root of a file system cannot be installed");
        return place.resolveSibling("." + name + suffix);
    }
}
