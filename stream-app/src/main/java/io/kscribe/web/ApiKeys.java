package io.kscribe.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The keys that let a client in, of which only SHA-256 hashes are known here. A key is meant to be random, of 128 bits or more:
 * there is nothing to guess, so a slow hash would protect nothing.
 */
public final class ApiKeys {

    private static final Pattern LINE = Pattern.compile("(\\S+)\\s+([0-9a-fA-F]{64})");

    private record Known(String name, String hash) {}

    private final List<Known> known;

    private ApiKeys(List<Known> known) {
        this.known = List.copyOf(known);
    }

    /** No keys: everybody is let in. */
    public static ApiKeys none() {
        return new ApiKeys(List.of());
    }

    /**
     * Reads keys from a file: a line each, a name and the key's SHA-256 in hexadecimal, parted by blanks; {@code #} begins a
     * comment.
     *
     * @throws IOException if it cannot be read, or a line is not of that form; the message never has the line
     */
    public static ApiKeys read(Path file) throws IOException {
        List<Known> known = new ArrayList<>();
        List<String> lines = Files.readAllLines(file);
        for (int line = 0; line < lines.size(); line++) {
            String text = lines.get(line).replaceFirst("#.*", "").strip();
            if (text.isEmpty()) {
                continue;
            }
            Matcher parts = LINE.matcher(text);
            if (!parts.matches()) {
                throw new WebException("Line " + (line + 1) + " of " + file
                        + " is no API key; expected a name and the key's SHA-256 as 64 hexadecimal digits.");
            }
            known.add(new Known(parts.group(1), parts.group(2).toLowerCase(Locale.ROOT)));
        }
        if (known.isEmpty()) {
            throw new WebException(file + " has no API keys; expected one a line.");
        }
        return new ApiKeys(known);
    }

    /** Whether a key is needed at all. */
    public boolean areRequired() {
        return !known.isEmpty();
    }

    /** The name of a key, if it is one; takes as long whichever it is, and whether it is one or not. */
    public Optional<String> nameOf(String key) {
        byte[] hash = bytes(sha256(key));
        Optional<String> name = Optional.empty();
        for (Known one : known) {
            if (MessageDigest.isEqual(bytes(one.hash), hash)) {
                name = Optional.of(one.name);
            }
        }
        return name;
    }

    private static String sha256(String key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(key)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
