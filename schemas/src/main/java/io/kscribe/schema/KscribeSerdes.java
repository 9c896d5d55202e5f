package io.kscribe.schema;

import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;

/** Makes the serdes of kscribe's records, for Kafka Streams. Each is safe for use by several threads. */
public final class KscribeSerdes {

    private KscribeSerdes() {}

    /** A serde of the values of {@code audio.chunks}. */
    public static Serde<AudioChunk> audioChunk() {
        return Serdes.serdeFrom(new AudioChunkSerializer(), new AudioChunkDeserializer());
    }

    /** A serde of the values of {@code transcripts} and {@code transcripts.partial}. */
    public static Serde<Transcript> transcript() {
        return Serdes.serdeFrom(new TranscriptSerializer(), new TranscriptDeserializer());
    }
}
