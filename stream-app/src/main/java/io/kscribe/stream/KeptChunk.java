package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.KscribeSerdes;
import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * A chunk in its place in the channel, kept until nothing that is still to be said depends on it.
 *
 * @param start the first sample of the silence before it, or of its payload, in the channel at its own rate
 * @param silence samples of silence before it, for chunks that were missing
 * @param chunk the chunk
 */
record KeptChunk(long start, int silence, AudioChunk chunk) {
    /** As a store's value: 12 bytes and the chunk as on the topic. */
    static Serde<KeptChunk> serde() {
        Serde<AudioChunk> chunks = KscribeSerdes.audioChunk();
        return Serdes.serdeFrom(
                (topic, kept) -> {
                    byte[] chunk = chunks.serializer().serialize(topic, kept.chunk);
                    return ByteBuffer.allocate(Long.BYTES + Integer.BYTES + chunk.length)
                            .putLong(kept.start)
                            .putInt(kept.silence)
                            .put(chunk)
                            .array();
                },
                (topic, bytes) -> {
                    ByteBuffer in = ByteBuffer.wrap(bytes);
                    long start = in.getLong();
                    int silence = in.getInt();
                    byte[] chunk = new byte[in.remaining()];
                    in.get(chunk);
                    return new KeptChunk(start, silence, chunks.deserializer().deserialize(topic, chunk));
                });
    }
}
