package io.kscribe.recognizer;

import io.kscribe.engine.DecodedToken;
import java.util.List;

/**
 * The words of an unfinished island that are stable: what its strict final must begin with, wherever the stream is continued.
 *
 * @param island where the island's speech begins, in samples of the channel
 * @param over whether the island is over, so that it will have no more partials
 * @param tokens the words' tokens
 * @param chars how many characters they are
 * @param audioMillis how much of the island has been decoded
 * @param endMillis where the last of the words ends, from the island's start
 */
public record StableText(
        long island, boolean over, List<DecodedToken> tokens, int chars, long audioMillis, long endMillis) {
    public StableText {
        if (island < 0 || chars < 0 || audioMillis < 0 || endMillis < 0) {
            throw new IllegalArgumentException("a stable text of " + chars + " characters cannot lie at sample "
                    + island + " and end after " + endMillis + " of " + audioMillis + " ms");
        }
        tokens = List.copyOf(tokens);
    }
}
