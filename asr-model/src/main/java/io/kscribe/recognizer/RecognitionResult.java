package io.kscribe.recognizer;

import java.util.List;

/**
 * What a stream says about a segment.
 *
 * @param segment the segment's number within its channel, in the order of time
 * @param revision which version this is: a higher one replaces a lower one; it follows from the audio alone
 * @param isFinal true if the text stands; a partial without text takes the segment back
 * @param text the text without surrounding white space; empty in a final that {@linkplain #failed could not be had}
 * @param stableChars leading characters that later partials will not change
 * @param words the text's words in order
 * @param startMillis when the segment starts, from the channel's first sample
 * @param endMillis when the audio behind this result ends, from the channel's first sample
 * @param language ISO 639-1
 * @param confidence the mean probability of the text's tokens, 0 to 1
 * @param truncated true if the segment was cut at the longest allowed length
 */
public record RecognitionResult(
        long segment,
        int revision,
        boolean isFinal,
        String text,
        int stableChars,
        List<SpokenWord> words,
        long startMillis,
        long endMillis,
        String language,
        float confidence,
        boolean truncated) {
    public RecognitionResult {
        words = List.copyOf(words);
    }

    /** True if the segment's final was given up: nobody knows what was said. */
    public boolean failed() {
        return isFinal && text.isEmpty();
    }
}
