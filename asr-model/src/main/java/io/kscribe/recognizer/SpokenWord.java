package io.kscribe.recognizer;

/**
 * A word as it was spoken on a channel.
 *
 * @param text the word with the punctuation attached to it
 * @param startMillis when it starts, from the channel's first sample
 * @param endMillis when it ends, from the channel's first sample
 * @param confidence the mean probability of its tokens, 0 to 1
 * @param stable true if later partials of the segment will not change it
 */
public record SpokenWord(String text, long startMillis, long endMillis, float confidence, boolean stable) {}
