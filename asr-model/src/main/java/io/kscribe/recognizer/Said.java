package io.kscribe.recognizer;

import java.util.List;

/**
 * An island whose final has been said: where its audio lies in the channel, and its text.
 *
 * @param start its first sample, from the channel's first, at 16 kHz
 * @param samples how many samples the final was made of
 * @param tokens the final's tokens, as the model numbers them
 * @param words the final's words in order
 */
public record Said(long start, int samples, List<Integer> tokens, List<String> words) {
    /** @throws IllegalArgumentException if there is no audio, or no text */
    public Said {
        tokens = List.copyOf(tokens);
        words = List.copyOf(words);
        if (start < 0 || samples < 1 || tokens.isEmpty() || words.isEmpty()) {
            throw new IllegalArgumentException(words.size() + " words of " + tokens.size()
                    + " tokens cannot have been said in " + samples + " samples from sample " + start + " on");
        }
    }

    String lastWord() {
        return words.get(words.size() - 1);
    }
}
