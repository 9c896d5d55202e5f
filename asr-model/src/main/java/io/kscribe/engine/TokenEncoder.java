package io.kscribe.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text to tokens: byte pair encoding over UTF-8 bytes.
 *
 * <p>A text is divided into words, numbers, punctuation and white space by GPT-2's pattern; of each piece, at first single bytes,
 * the two neighbours that make the lowest token together are joined, until no two make one. Tokens are numbered in the order in which
 * they were learnt, so that the number of a token is its rank, as in OpenAI's {@code tiktoken}; the list of merges in
 * {@code tokenizer.json} says the same.
 */
final class TokenEncoder {
    /** Of {@code encoder.py} in GPT-2: contractions, words, numbers, other signs, each with the space before it, and white space. */
    private static final Pattern PIECES = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    /** Tokens by their bytes, as the characters U+0000 to U+00FF. */
    private final Map<String, Integer> tokens = new HashMap<>();

    /**
     * Makes an encoder.
     *
     * @param bytes each token's bytes by its number; those without any are never written
     */
    TokenEncoder(byte[][] bytes) {
        for (int id = 0; id < bytes.length; id++) {
            if (bytes[id].length > 0) {
                tokens.putIfAbsent(new String(bytes[id], StandardCharsets.ISO_8859_1), id);
            }
        }
    }

    /**
     * The tokens of a text.
     *
     * @throws IllegalArgumentException if there is a byte that no token stands for
     */
    List<Integer> encode(String text) {
        List<Integer> encoded = new ArrayList<>();
        Matcher piece = PIECES.matcher(text);
        while (piece.find()) {
            byte[] utf8 = piece.group().getBytes(StandardCharsets.UTF_8);
            for (String part : joined(new String(utf8, StandardCharsets.ISO_8859_1))) {
                Integer token = tokens.get(part);
                if (token == null) {
                    throw new IllegalArgumentException("the model has no tokens to write '" + piece.group() + "'");
                }
                encoded.add(token);
            }
        }
        return encoded;
    }

    private List<String> joined(String piece) {
        if (tokens.containsKey(piece)) {
            return List.of(piece);
        }
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < piece.length(); i++) {
            parts.add(piece.substring(i, i + 1));
        }
        for (int at = lowestPair(parts); at >= 0; at = lowestPair(parts)) {
            parts.set(at, parts.get(at) + parts.remove(at + 1));
        }
        return parts;
    }

    /** The first of the neighbours that make the lowest token together, or -1 if none make one. */
    private int lowestPair(List<String> parts) {
        int lowest = Integer.MAX_VALUE;
        int at = -1;
        for (int i = 0; i + 1 < parts.size(); i++) {
            int token = tokens.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
            if (token < lowest) {
                lowest = token;
                at = i;
            }
        }
        return at;
    }
}
