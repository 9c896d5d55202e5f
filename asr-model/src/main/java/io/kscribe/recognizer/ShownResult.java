package io.kscribe.recognizer;

import java.time.Duration;

/**
 * What a stream said, and when it was known.
 *
 * @param at from the moment at which the channel's first sample was spoken; not negative
 */
public record ShownResult(RecognitionResult result, Duration at) {
    public ShownResult {
        if (at.isNegative()) {
            throw new IllegalArgumentException("a result is shown from 0 ms on, not at " + at.toMillis() + " ms");
        }
    }
}
