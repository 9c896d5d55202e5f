package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;

/**
 * A chunk in its turn.
 *
 * @param chunk the chunk
 * @param missing how many chunks before it never came
 * @param offset where on its partition it came from; {@link #NOWHERE} for a chunk that the sequencer made up
 */
record OrderedChunk(AudioChunk chunk, int missing, long offset) {
    static final long NOWHERE = -1;

    ChannelKey channel() {
        return new ChannelKey(chunk.getCallId(), chunk.getChannel());
    }
}
