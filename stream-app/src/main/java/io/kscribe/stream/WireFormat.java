package io.kscribe.stream;

import io.kscribe.registry.SchemaRegistry;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkDeserializer;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptDeserializer;
import io.kscribe.schema.TranscriptSerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * How values are written on kscribe's topics: in Avro's single-object encoding, or, where there is a schema registry, in its format. Where there
 * is one, chunks and transcripts in either form are read.
 */
public final class WireFormat {
    private final @Nullable SchemaRegistry registry;

    private WireFormat(@Nullable SchemaRegistry registry) {
        this.registry = registry;
    }

    /** Avro's single-object encoding. */
    public static WireFormat singleObject() {
        return new WireFormat(null);
    }

    /** A schema registry's format. */
    public static WireFormat of(SchemaRegistry registry) {
        return new WireFormat(registry);
    }

    /** Writes values of {@code audio.chunks}. Safe for use by several threads; closed by the caller. */
    public Serializer<AudioChunk> chunkSerializer() {
        return registry == null ? new AudioChunkSerializer() : registry.serializer(AudioChunk.class);
    }

    /** Reads values of {@code audio.chunks}. Safe for use by several threads; closed by the caller. */
    public Deserializer<AudioChunk> chunkDeserializer() {
        AudioChunkDeserializer singleObject = new AudioChunkDeserializer();
        return registry == null ? singleObject : registry.deserializer(AudioChunk.class, singleObject);
    }

    /** Writes values of {@code transcripts} and {@code transcripts.partial}. Safe for use by several threads; closed by the caller. */
    public Serializer<Transcript> transcriptSerializer() {
        return registry == null ? new TranscriptSerializer() : registry.serializer(Transcript.class);
    }

    /** Reads values of {@code transcripts} and {@code transcripts.partial}. Safe for use by several threads; closed by the caller. */
    public Deserializer<Transcript> transcriptDeserializer() {
        TranscriptDeserializer singleObject = new TranscriptDeserializer();
        return registry == null ? singleObject : registry.deserializer(Transcript.class, singleObject);
    }
}
