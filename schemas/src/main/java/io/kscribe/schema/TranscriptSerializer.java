package io.kscribe.schema;

/**
 * Writes {@link Transcript}s in Avro single-object encoding; the {@code value.serializer} of a producer of transcripts. Safe for use by
 * several threads.
 */
public final class TranscriptSerializer extends AvroSerializer<Transcript> {

    /** Makes a serializer; it takes no configuration. */
    public TranscriptSerializer() {
        super(Transcript.class);
    }
}
