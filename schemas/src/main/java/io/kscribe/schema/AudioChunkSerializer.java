package io.kscribe.schema;

/**
 * Writes {@link AudioChunk}s in Avro single-object encoding; the {@code value.serializer} of a producer of chunks of audio. Safe for use by
 * several threads.
 */
public final class AudioChunkSerializer extends AvroSerializer<AudioChunk> {

    /** Makes a serializer; it takes no configuration. */
    public AudioChunkSerializer() {
        super(AudioChunk.class);
    }
}
