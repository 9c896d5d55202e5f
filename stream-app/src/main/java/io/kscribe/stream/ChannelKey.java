package io.kscribe.stream;

/**
 * One channel of one call.
 *
 * @param callId the call
 * @param channel the channel, from 0
 */
record ChannelKey(String callId, int channel) {
    /** As many as the largest sequence number has digits. */
    private static final String ZEROS = "0".repeat(Long.toString(Long.MAX_VALUE).length());

    /** The key of the channel's records in a store. The id's length goes first, so that no id can reach into another's range. */
    String storeKey() {
        return callId.length() + ":" + callId + "|" + channel;
    }

    /** The key of one of the channel's chunks: in order of sequence, all between {@link #firstChunk} and {@link #lastChunk}. */
    String chunk(long sequence) {
        String digits = Long.toString(sequence);
        return storeKey() + "|" + ZEROS.substring(digits.length()) + digits;
    }

    String firstChunk() {
        return chunk(0);
    }

    String lastChunk() {
        return chunk(Long.MAX_VALUE);
    }
}
