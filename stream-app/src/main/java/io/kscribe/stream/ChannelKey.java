package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import java.util.Locale;

/**
 * One channel of one call.
 *
 * @param callId the call
 * @param channel the channel, from 0
 */
record ChannelKey(String callId, int channel) {
    /** The key of the channel's records in a store. The id's length goes first, so that no id can reach into another's range. */
    String storeKey() {
        return callId.length() + ":" + callId + "|" + channel;
    }

    /** The key of one of the channel's chunks: in order of sequence, all between {@link #firstChunk} and {@link #lastChunk}. */
    String chunk(long sequence) {
        return String.format(Locale.ROOT, "%s|%019d", storeKey(), sequence);
    }

    /** The key under which a chunk is kept: one that ends a silent channel comes after the channel's last and before the next. */
    String kept(AudioChunk chunk) {
        return chunk(chunk.getSequence()) + (Sequencer.timedOut(chunk) ? "e" : "");
    }

    String firstChunk() {
        return chunk(0);
    }

    String lastChunk() {
        return chunk(Long.MAX_VALUE);
    }
}
