package io.kscribe.stream;

import static io.kscribe.limits.NamedLimits.atLeastOne;
import static io.kscribe.limits.NamedLimits.notNegative;
import static io.kscribe.limits.NamedLimits.positive;

import io.kscribe.limits.Limit;
import io.kscribe.limits.NamedLimits;
import java.time.Duration;
import java.util.List;

/**
 * How much disorder the service puts up with, for how long it waits, and how much it keeps.
 *
 * @param longestCallId characters of a call's id; default 256
 * @param channels channels of a call; default 32
 * @param largestPayload bytes of a chunk's audio, below Kafka's usual limit of 1 MiB a record; default 800 000, which is more than 2 s at
 *     192 kHz and 16 bits
 * @param longestAttributes characters of all names and values of a chunk's attributes; default 16 384
 * @param longestLanguage characters of a language's code; default 35, as in a BCP 47 tag
 * @param largestHeaders bytes of all names and values of a record's headers that a dead letter takes along; default 16 384
 * @param reorderWait how long a chunk that came too early waits for those before it, by the wall clock; default 1 s
 * @param reorderChunks how many chunks of a channel may wait at once; default 100
 * @param reorderBytes bytes of audio of a channel that may wait at once; default 2 000 000
 * @param comparedChunks how many chunks back it is known which have come, and with what audio; default 100
 * @param longestGap a chunk whose sequence number leaves out more than this many chunks is not of this channel's stream; default 3000
 * @param longestSilence most silence that is put in for missing chunks at once; default 5 min
 * @param channelTimeout a channel that sends nothing for this long, by the wall clock, is ended, until it is heard of again; default 30 s
 * @param endedMemory how long an ended channel is remembered, so that a late duplicate does not begin it again, and one that was ended for
 *     its silence goes on; default 10 min
 * @param endedChannels how many ended channels of a partition are remembered; default 10 000
 * @param openCalls how many calls of a partition may be open at once; default 500
 * @param longestLead how much more audio than time a channel may bring, as a backlog or a recording does; default 3 h
 * @param undecodedAudio how much audio of a channel may have been heard and not yet been decoded; default 60 s
 * @param finalsAtOnce finals of a channel that may be with the workers at once; default 4
 * @param partialBacklog decodings that may wait for a worker before partials are left out, for each worker; default 32
 * @param decodingAttempts how often a final is tried to be decoded before it is published without text, flagged {@code failed}; default 3
 */
public record StreamLimits(
        @Limit(value = "characters of a call's id", unit = "characters")
        int longestCallId,

        @Limit(value = "channels of a call", unit = "channels")
        int channels,

        @Limit(value = "bytes of a chunk's audio", unit = "bytes")
        int largestPayload,

        @Limit(value = "characters of all names and values of a chunk's attributes", unit = "characters")
        int longestAttributes,

        @Limit(value = "characters of a language's code", unit = "characters")
        int longestLanguage,

        @Limit(value = "bytes of a record's headers that its dead letter takes along", unit = "bytes")
        int largestHeaders,

        @Limit("how long a chunk that came early waits for those before it")
        Duration reorderWait,

        @Limit(value = "how many chunks of a channel may wait at once", unit = "chunks")
        int reorderChunks,

        @Limit(value = "bytes of audio of a channel that may wait at once", unit = "bytes")
        int reorderBytes,

        @Limit(
                value = "how many chunks back it is known which came, and with what audio; a restart forgets it",
                unit = "chunks")
        int comparedChunks,

        @Limit(value = "how many chunks may be missing before one", unit = "chunks")
        int longestGap,

        @Limit("most silence that is put in for missing chunks at once")
        Duration longestSilence,

        @Limit("a channel that sends nothing for so long has ended")
        Duration channelTimeout,

        @Limit("how long an ended channel is remembered, so that a late chunk does not begin it again")
        Duration endedMemory,

        @Limit(value = "how many ended channels of a partition are remembered", unit = "channels")
        int endedChannels,

        @Limit(value = "how many calls of a partition may be open at once", unit = "calls")
        int openCalls,

        @Limit("how much more audio than time a channel may bring, as a backlog or a recording does")
        Duration longestLead,

        @Limit("how much audio of a channel may have been heard and not yet been decoded")
        Duration undecodedAudio,

        @Limit(value = "finals of a channel that may be with the workers at once", unit = "finals")
        int finalsAtOnce,

        @Limit(
                value = "decodings that may wait for a worker before partials are left out, for each worker",
                unit = "decodings")
        int partialBacklog,

        @Limit(
                value =
                        "how often a final is tried to be decoded before it is published without text, flagged `failed`",
                unit = "attempts")
        int decodingAttempts) {

    public StreamLimits {
        atLeastOne("characters of a call's id", longestCallId);
        atLeastOne("channels", channels);
        atLeastOne("bytes of a payload", largestPayload);
        notNegative("characters of attributes", longestAttributes);
        notNegative("characters of a language", longestLanguage);
        notNegative("bytes of headers", largestHeaders);
        positive("wait for missing chunks", reorderWait);
        atLeastOne("chunks that may wait", reorderChunks);
        atLeastOne("bytes that may wait", reorderBytes);
        atLeastOne("chunks that are compared", comparedChunks);
        notNegative("chunks of a gap", longestGap);
        positive("silence in a gap", longestSilence);
        positive("time-out of a channel", channelTimeout);
        positive("memory of ended channels", endedMemory);
        atLeastOne("ended channels", endedChannels);
        atLeastOne("open calls", openCalls);
        positive("lead of a channel", longestLead);
        positive("undecoded audio", undecodedAudio);
        atLeastOne("finals at once", finalsAtOnce);
        notNegative("partials that wait", partialBacklog);
        atLeastOne("attempts to decode", decodingAttempts);
    }

    /** The defaults. */
    public static StreamLimits standard() {
        return new StreamLimits(
                256,
                32,
                800_000,
                16_384,
                35,
                16_384,
                Duration.ofSeconds(1),
                100,
                2_000_000,
                100,
                3000,
                Duration.ofMinutes(5),
                Duration.ofSeconds(30),
                Duration.ofMinutes(10),
                10_000,
                500,
                Duration.ofHours(3),
                Duration.ofSeconds(60),
                4,
                32,
                3);
    }

    /** The names of all limits, as in {@code open-calls}, in the order of the record. */
    public static List<String> names() {
        return NamedLimits.names(StreamLimits.class);
    }

    /**
     * A limit by its name.
     *
     * @return an {@link Integer} or a {@link Duration}
     * @throws IllegalArgumentException if there is no such limit
     */
    public Object get(String name) {
        return NamedLimits.get(this, name);
    }

    /**
     * The same with another value of one limit.
     *
     * @param value an {@link Integer} or a {@link Duration}, as the limit is
     * @throws IllegalArgumentException if there is no such limit, or it may not have the value
     */
    public StreamLimits with(String name, Object value) {
        return NamedLimits.with(this, name, value);
    }
}
