package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.Transcript;
import java.time.InstantSource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The flow from audio to transcripts as one sub-topology: everything of a call is on one partition, because the call is the key.
 *
 * <pre>
 * audio.chunks -> sequencer -> frontend -> recognizer -> transcripts, transcripts.partial
 *                     |            |
 *                     +------------+--> audio.dlq
 * </pre>
 */
final class TranscriptionTopology {
    static final String SOURCE = "audio-chunks";
    static final String SEQUENCER = "sequencer";
    static final String FRONTEND = "frontend";
    static final String RECOGNIZER = "recognizer";
    static final String FINALS = "transcripts";
    static final String PARTIALS = "partials";
    static final String DEAD_LETTERS = "dead-letters";

    private TranscriptionTopology() {}

    /**
     * Builds it.
     *
     * @param clock says when a transcript was written
     * @param chunks how chunks are written on Kafka; used by several threads, closed by the caller
     * @param transcripts how transcripts are to be written; used by several threads, closed by the caller
     * @param upstream tells what a channel's silence means
     * @param tracing closed by the caller
     */
    static Topology build(
            Topics topics,
            StreamLimits limits,
            Recognition recognition,
            InferencePool pool,
            ChannelListener listener,
            InstantSource clock,
            Serde<AudioChunk> chunks,
            Serializer<Transcript> transcripts,
            Upstream upstream,
            Tracing tracing) {
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        SOURCE,
                        new ArrivalTime(),
                        // Bytes, so that the sequencer can reject what is no chunk as it rejects everything else.
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        topics.audio())
                .addProcessor(
                        SEQUENCER,
                        () -> new Sequencer(topics.audio(), chunks, limits, FRONTEND, DEAD_LETTERS, upstream, tracing),
                        SOURCE)
                .addProcessor(
                        FRONTEND,
                        () -> new Frontend(topics.audio(), chunks.serializer(), limits, RECOGNIZER, DEAD_LETTERS),
                        SEQUENCER)
                .addProcessor(
                        RECOGNIZER,
                        () -> new Recognizer(recognition, pool, limits, listener, tracing, clock, FINALS, PARTIALS),
                        FRONTEND)
                .addStateStore(store(Sequencer.POSITIONS, Position.serde()), SEQUENCER)
                .addStateStore(store(Sequencer.WAITING, HeldChunk.serde()), SEQUENCER)
                .addStateStore(store(Frontend.AUDIO, KeptChunk.serde()), FRONTEND, RECOGNIZER)
                .addStateStore(store(Recognizer.SESSIONS, Serdes.ByteArray()), SEQUENCER, FRONTEND, RECOGNIZER)
                .addSink(FINALS, topics.transcripts(), new StringSerializer(), transcripts, RECOGNIZER)
                .addSink(PARTIALS, topics.partials(), new StringSerializer(), transcripts, RECOGNIZER)
                .addSink(
                        DEAD_LETTERS,
                        topics.deadLetters(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer(),
                        SEQUENCER,
                        FRONTEND);
    }

    /** In memory with a changelog: under exactly-once an unclean stop discards local state in any case. */
    private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), values)
                .withCachingDisabled();
    }
}
