package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.KscribeSerdes;
import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/**
 * A chunk that came before its turn.
 *
 * @param offset where on its partition it came from, should it have to be rejected
 * @param chunk the chunk
 */
record HeldChunk(long offset, AudioChunk chunk) {
    /** As a store's value: 8 bytes and the chunk as on the topic. */
    static Serde<HeldChunk> serde() {
        Serde<AudioChunk> chunks = KscribeSerdes.audioChunk();
        return Serdes.serdeFrom(
                (topic, held) -> {
                    byte[] chunk = chunks.serializer().serialize(topic, held.chunk);
                    return ByteBuffer.allocate(Long.BYTES + chunk.length)
                            .putLong(held.offset)
                            .put(chunk)
                            .array();
                },
                (topic, bytes) -> {
                    ByteBuffer in = ByteBuffer.wrap(bytes);
                    long offset = in.getLong();
                    byte[] chunk = new byte[in.remaining()];
                    in.get(chunk);
                    return new HeldChunk(offset, chunks.deserializer().deserialize(topic, chunk));
                });
    }
}
