package io.kscribe.engine;

/**
 * A word of a transcription and when it was said.
 *
 * @param text the word with the punctuation attached to it, without white space
 * @param startMillis when it starts, from the start of the window
 * @param endMillis when it ends, from the start of the window
 * @param confidence the mean probability of its tokens, 0 to 1
 * @param endToken how many of the transcription's tokens end with it
 * @param endChar how many of the text's characters end with it
 */
public record TimedWord(String text, long startMillis, long endMillis, float confidence, int endToken, int endChar) {
    /** The word said at another time. */
    TimedWord at(long otherStartMillis, long otherEndMillis) {
        return new TimedWord(text, otherStartMillis, otherEndMillis, confidence, endToken, endChar);
    }
}
