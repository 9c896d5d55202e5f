package io.kscribe.engine;

/**
 * A stretch of text between two of the model's own time stamps: a sentence, or a part of one.
 *
 * @param startMillis when it starts, from the start of the window; exact to 20 ms
 * @param endMillis when it ends, from the start of the window; exact to 20 ms
 * @param text the text without surrounding white space, not empty
 */
public record TimedSegment(long startMillis, long endMillis, String text) {
    public TimedSegment {
        if (startMillis < 0 || endMillis < startMillis) {
            throw new IllegalArgumentException(
                    "a segment cannot last from " + startMillis + " to " + endMillis + " ms");
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException("a segment needs a text");
        }
    }
}
