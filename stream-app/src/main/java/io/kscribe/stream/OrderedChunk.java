package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;

/**
 * A chunk in its turn.
 *
 * @param chunk the chunk
 * @param missing how many chunks before it never came
 */
record OrderedChunk(AudioChunk chunk, int missing) {
    ChannelKey channel() {
        return new ChannelKey(chunk.getCallId(), chunk.getChannel());
    }
}
