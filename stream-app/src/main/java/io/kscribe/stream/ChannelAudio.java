package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;

/**
 * A chunk's audio as the recogniser hears it.
 *
 * @param chunk the chunk, whose payload is these samples and those not final before
 * @param samples mono at 16 kHz
 * @param position the place of the first of them in the channel
 * @param gap true if chunks before this one were missing, and silence stands for them
 * @param endSecond the first whole second of the channel that lies after this chunk's audio
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bulk numbers, never compared
record ChannelAudio(AudioChunk chunk, float[] samples, long position, boolean gap, long endSecond) {
    ChannelKey channel() {
        return new ChannelKey(chunk.getCallId(), chunk.getChannel());
    }
}
