package io.kscribe.schema;

/**
 * Reads {@link AudioChunk}s of every released schema version from Avro single-object encoding; the {@code value.deserializer} of a
 * consumer of chunks of audio. Safe for use by several threads.
 */
public final class AudioChunkDeserializer extends AvroDeserializer<AudioChunk> {

    /** Makes a deserializer; it takes no configuration. */
    public AudioChunkDeserializer() {
        super(AudioChunk.class);
    }
}
