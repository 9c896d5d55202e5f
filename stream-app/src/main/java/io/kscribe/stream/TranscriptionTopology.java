package io.kscribe.stream;

import io.kscribe.schema.AudioChunkDeserializer;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.KscribeSerdes;
import io.kscribe.schema.TranscriptSerializer;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.WallclockTimestampExtractor;
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

    static Topology build(
            Topics topics, StreamLimits limits, Recognition recognition, InferencePool pool, ChannelListener listener) {
        return build(topics, limits, recognition, pool, listener, () -> true);
    }

    /**
     * The topology.
     *
     * @param kafkaAnswers whether Kafka can be reached; while it cannot, nobody's silence means anything
     */
    static Topology build(
            Topics topics,
            StreamLimits limits,
            Recognition recognition,
            InferencePool pool,
            ChannelListener listener,
            BooleanSupplier kafkaAnswers) {
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        SOURCE,
                        // Nothing here follows the records' own time, and a producer's clock may say anything.
                        new WallclockTimestampExtractor(),
                        new StringDeserializer(),
                        new AudioChunkDeserializer(),
                        topics.audio())
                .addProcessor(
                        SEQUENCER,
                        () -> new Sequencer(topics.audio(), limits, FRONTEND, DEAD_LETTERS, kafkaAnswers),
                        SOURCE)
                .addProcessor(FRONTEND, () -> new Frontend(topics.audio(), limits, RECOGNIZER, DEAD_LETTERS), SEQUENCER)
                .addProcessor(
                        RECOGNIZER,
                        () -> new Recognizer(recognition, pool, limits, listener, FINALS, PARTIALS),
                        FRONTEND)
                .addStateStore(store(Sequencer.POSITIONS, KscribeSerdes.audioChunk()), SEQUENCER)
                .addStateStore(store(Sequencer.WAITING, HeldChunk.serde()), SEQUENCER)
                .addStateStore(store(Frontend.AUDIO, KeptChunk.serde()), FRONTEND, RECOGNIZER)
                .addStateStore(store(Recognizer.SESSIONS, Serdes.ByteArray()), SEQUENCER, FRONTEND, RECOGNIZER)
                .addSink(FINALS, topics.transcripts(), new StringSerializer(), new TranscriptSerializer(), RECOGNIZER)
                .addSink(PARTIALS, topics.partials(), new StringSerializer(), new TranscriptSerializer(), RECOGNIZER)
                .addSink(
                        DEAD_LETTERS,
                        topics.deadLetters(),
                        new StringSerializer(),
                        new AudioChunkSerializer(),
                        SEQUENCER,
                        FRONTEND);
    }

    /** In memory with a changelog: under exactly-once an unclean stop discards local state in any case. */
    private static <V> StoreBuilder<KeyValueStore<String, V>> store(String name, Serde<V> values) {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), values)
                .withCachingDisabled();
    }
}
