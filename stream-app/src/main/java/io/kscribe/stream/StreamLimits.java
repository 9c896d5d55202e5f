package io.kscribe.stream;

import java.time.Duration;

/**
 * How much disorder the service puts up with, and for how long it waits.
 *
 * @param longestCallId characters of a call's id; default 256
 * @param channels channels of a call; default 32
 * @param largestPayload bytes of a chunk's audio, below Kafka's usual limit of 1 MiB a record; default 800 000, which is more than 2 s at
 *     192 kHz and 16 bits
 * @param longestAttributes characters of all names and values of a chunk's attributes; default 16 384
 * @param reorderWait how long a chunk that came too early waits for those before it, by the wall clock; default 1 s
 * @param reorderChunks how many chunks of a channel may wait at once; default 100
 * @param longestGap a chunk whose sequence number leaves out more than this many chunks is not of this channel's stream; default 3000
 * @param longestSilence most silence that is put in for missing chunks at once; default 5 min
 * @param channelTimeout a channel that sends nothing for this long, by the wall clock, is ended, until it is heard of again; default 30 s
 * @param endedMemory how long an ended channel is remembered, so that a late duplicate does not begin it again, and one that was ended for
 *     its silence goes on; default 10 min
 * @param partialBacklog decodings that may wait for a worker before partials are left out, for each worker; default 4
 * @param decodingAttempts how often a final is tried to be decoded before it is published without text, flagged {@code failed}; default 3
 */
public record StreamLimits(
        int longestCallId,
        int channels,
        int largestPayload,
        int longestAttributes,
        Duration reorderWait,
        int reorderChunks,
        int longestGap,
        Duration longestSilence,
        Duration channelTimeout,
        Duration endedMemory,
        int partialBacklog,
        int decodingAttempts) {
    /** The defaults. */
    public static StreamLimits standard() {
        return new StreamLimits(
                256,
                32,
                800_000,
                16_384,
                Duration.ofSeconds(1),
                100,
                3000,
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                4,
                3);
    }
}
