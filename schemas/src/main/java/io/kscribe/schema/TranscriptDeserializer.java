package io.kscribe.schema;

/**
 * Reads {@link Transcript}s of every released schema version from Avro single-object encoding; the {@code value.deserializer} of a
 * consumer of transcripts. Safe for use by several threads.
 */
public final class TranscriptDeserializer extends AvroDeserializer<Transcript> {

    /** Makes a deserializer; it takes no configuration. */
    public TranscriptDeserializer() {
        super(Transcript.class);
    }
}
