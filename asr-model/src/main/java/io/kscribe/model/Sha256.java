package io.kscribe.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;

/** Computes SHA-256 hashes (FIPS 180-4), written as 64 lower-case hexadecimal digits. */
public final class Sha256 {

    private Sha256() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The hash of a file, which is streamed. */
    public static String ofFile(Path file) throws IOException {
        MessageDigest digest = digest();
        try (InputStream content = new DigestInputStream(Files.newInputStream(file), digest)) {
            content.transferTo(OutputStream.nullOutputStream());
        }
        return hex(digest);
    }

    static String ofText(String text) {
        MessageDigest digest = digest();
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return hex(digest);
    }

    /** The hash of a set of files: of the lines {@code hash  name}, in the order of the names. */
    static String ofFiles(SortedMap<String, String> sha256ByName) {
        return ofText(sums(sha256ByName));
    }

    /** The lines {@code hash  name} that the tool {@code sha256sum} reads. */
    static String sums(SortedMap<String, String> sha256ByName) {
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, String> file : sha256ByName.entrySet()) {
            lines.append(file.getValue()).append("  ").append(file.getKey()).append('\n');
        }
        return lines.toString();
    }
}
