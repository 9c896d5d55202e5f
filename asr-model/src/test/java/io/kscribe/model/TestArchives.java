package io.kscribe.model;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/** Makes archives as npm packs them. */
final class TestArchives {

    private TestArchives() {}

    static Path write(Path file, Map<String, String> contentByEntry) throws IOException {
        try (TarArchiveOutputStream tar = open(file)) {
            for (Map.Entry<String, String> entry : contentByEntry.entrySet()) {
                byte[] content = entry.getValue().getBytes(StandardCharsets.UTF_8);
                TarArchiveEntry header = new TarArchiveEntry(entry.getKey(), true);
                header.setSize(content.length);
                tar.putArchiveEntry(header);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return file;
    }

    static Path writeLink(Path file, String entry, String linkTarget) throws IOException {
        try (TarArchiveOutputStream tar = open(file)) {
            TarArchiveEntry header = new TarArchiveEntry(entry, TarArchiveEntry.LF_SYMLINK);
            header.setLinkName(linkTarget);
            tar.putArchiveEntry(header);
            tar.closeArchiveEntry();
        }
        return file;
    }

    /** An archive whose only entry claims a length and has no content. */
    static Path writeClaim(Path file, String entry, long sizeBytes) throws IOException {
        TarArchiveEntry header = new TarArchiveEntry(entry);
        header.setSize(sizeBytes);
        byte[] block = new byte[512];
        header.writeEntryHeader(block, ZipEncodingHelper.getZipEncoding("UTF-8"), true);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(block);
        }
        return Files.write(file, compressed.toByteArray());
    }

    private static TarArchiveOutputStream open(Path file) throws IOException {
        return new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)), "UTF-8");
    }
}
