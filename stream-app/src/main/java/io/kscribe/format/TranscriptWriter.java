package io.kscribe.format;

import java.time.Duration;

/** Writes down what is said in a recording, as it becomes known. */
public interface TranscriptWriter {
    /** Writes the next segment. */
    default void said(Segment segment) {}

    /** Writes what can only be written at the end. */
    default void ended(Transcribed transcribed, Duration processing) {}
}
