package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One channel of one call.
 *
 * @param callId the call
 * @param channel the channel, from 0
 */
record ChannelKey(String callId, int channel) {
    private static final int HEX = 16;

    /** Makes numbers of more digits come after those of fewer: a letter for how many there are. */
    private static final char DIGITS = 'a' - 1;

    /** Follows the key of a chunk that ends a silent channel: the next chunk may come yet. */
    private static final String END = "~";

    /** The key of the channel's records in a store. The id's length goes first, so that no id can reach into another's range. */
    String storeKey() {
        return callId.length() + ":" + callId + "|" + channel;
    }

    /** The key of one of the channel's chunks: in order of sequence, all between {@link #firstChunk} and {@link #lastChunk}. */
    String chunk(long sequence) {
        String digits = Long.toHexString(sequence);
        return storeKey() + "|" + (char) (DIGITS + digits.length()) + digits;
    }

    /** The key under which a chunk is kept: one that ends a silent channel comes after the channel's last and before the next. */
    String kept(AudioChunk chunk) {
        return chunk(chunk.getSequence()) + (Sequencer.timedOut(chunk) ? END : "");
    }

    String firstChunk() {
        return chunk(0);
    }

    String lastChunk() {
        return chunk(Long.MAX_VALUE);
    }

    /** As people read it in a log. */
    @Override
    public String toString() {
        return "Call " + callId + ", channel " + channel;
    }

    /** An event of the log that programs find by the channel. */
    LoggingEventBuilder in(LoggingEventBuilder event) {
        return event.addKeyValue("call", callId).addKeyValue("channel", channel);
    }

    /** The channel of a {@link #storeKey}, or of a {@link #chunk}. */
    static ChannelKey of(String key) {
        int colon = key.indexOf(':');
        int afterId = colon + 1 + Integer.parseInt(key.substring(0, colon));
        int afterChannel = key.indexOf('|', afterId + 1);
        String channel = key.substring(afterId + 1, afterChannel < 0 ? key.length() : afterChannel);
        return new ChannelKey(key.substring(colon + 1, afterId), Integer.parseInt(channel));
    }

    /** The sequence number of a {@link #chunk}, or of one that is {@link #kept}. */
    static long sequence(String key) {
        int end = key.endsWith(END) ? key.length() - END.length() : key.length();
        return Long.parseLong(key.substring(key.lastIndexOf('|') + 2, end), HEX);
    }
}
