package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * How far a channel has come.
 *
 * @param sequence of the last chunk that was passed on
 * @param capturedAtMillis when its last sample was captured, by the producer's clock
 * @param ended whether the channel ended with it
 * @param mayGoOn whether it did for its silence, so that it goes on should it be heard of again
 */
record Position(long sequence, long capturedAtMillis, boolean ended, boolean mayGoOn) {
    private static final byte VERSION = 1;
    private static final int MOST_BYTES = 22;
    private static final int ENDED = 1;
    private static final int MAY_GO_ON = 2;

    static Position of(AudioChunk chunk) {
        return new Position(
                chunk.getSequence(),
                chunk.getCapturedAt().toEpochMilli(),
                chunk.getEndOfStream(),
                Sequencer.timedOut(chunk));
    }

    Position end(boolean forSilence) {
        return new Position(sequence, capturedAtMillis, true, forSilence);
    }

    /** An empty chunk that ends the channel. It has the last one's number: the next is that of a chunk that may come yet. */
    AudioChunk endingChunk(ChannelKey key, String by) {
        return AudioChunk.newBuilder()
                .setCallId(key.callId())
                .setChannel(key.channel())
                .setSequence(sequence)
                .setCapturedAt(Instant.ofEpochMilli(capturedAtMillis))
                .setEncoding(AudioEncoding.MULAW)
                .setSampleRate(CallOptions.TELEPHONE_RATE_HZ)
                .setPayload(ByteBuffer.allocate(0))
                .setEndOfStream(true)
                .setAttributes(Map.of(Sequencer.ENDED_BY, by))
                .build();
    }

    /** As a store's value: about 10 bytes. It is written for every chunk. */
    static Serde<Position> serde() {
        return Serdes.serdeFrom((topic, position) -> position.toBytes(), (topic, bytes) -> fromBytes(bytes));
    }

    private byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(MOST_BYTES);
        out.put(VERSION).put((byte) ((ended ? ENDED : 0) | (mayGoOn ? MAY_GO_ON : 0)));
        ByteUtils.writeVarlong(sequence, out);
        ByteUtils.writeVarlong(capturedAtMillis, out);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    private static Position fromBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        byte version = in.get();
        if (version != VERSION) {
            throw new IllegalStateException("a position of version " + version + " is not of version " + VERSION);
        }
        byte flags = in.get();
        return new Position(
                ByteUtils.readVarlong(in), ByteUtils.readVarlong(in), (flags & ENDED) != 0, (flags & MAY_GO_ON) != 0);
    }
}
