package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import java.time.Instant;

/**
 * Numbers of chunks that a producer takes from the time of day, since it cannot know how far another one had come before it: how many
 * chunks of {@link CallOptions#DEFAULT_CHUNK} there have been since 1970. They never go back, and what is missing between two of
 * them is as long as the time between them.
 */
public final class ClockNumbers {

    private ClockNumbers() {}

    /** The number of a chunk that is captured then. */
    public static long at(Instant time) {
        return Math.floorDiv(time.toEpochMilli(), CallOptions.DEFAULT_CHUNK.toMillis());
    }

    /**
     * Whether a chunk's number is of this kind.
     *
     * @param tolerance how many chunks it may be off, for audio that comes late, or faster than real time
     */
    public static boolean isOneOf(AudioChunk chunk, int tolerance) {
        return Math.abs(chunk.getSequence() - at(chunk.getCapturedAt())) <= tolerance;
    }
}
