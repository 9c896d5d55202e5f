package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.KscribeSerdes;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptDeserializer;
import io.kscribe.schema.TranscriptSerializer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;
import org.awaitility.Awaitility;

/** The whole topology without a broker, whose time passes as it is told to, and what it keeps and writes. */
final class DrivenTopology implements AutoCloseable {
    private static final Topics TOPICS = Topics.standard();
    private static final String APPLICATION = "driven";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Map<String, Serde<?>> STORES = Map.of(
            Sequencer.POSITIONS, Position.serde(),
            Sequencer.WAITING, HeldChunk.serde(),
            Frontend.AUDIO, KeptChunk.serde(),
            Recognizer.SESSIONS, Serdes.ByteArray());

    private final InferencePool pool;
    private final TopologyTestDriver driver;
    private final TestInputTopic<String, byte[]> audio;
    private final TestOutputTopic<String, Transcript> finals;
    private final TestOutputTopic<String, Transcript> partials;

    /** Starts it with tiny's detector and recogniser. */
    DrivenTopology(InferencePool pool) {
        this(pool, Tracing.off());
    }

    DrivenTopology(InferencePool pool, Tracing tracing) {
        this.pool = pool;
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        driver = new TopologyTestDriver(
                TranscriptionTopology.build(
                        TOPICS,
                        StreamLimits.standard(),
                        TinyModel.live(),
                        pool,
                        ChannelListener.NONE,
                        () -> Instant.EPOCH,
                        KscribeSerdes.audioChunk(),
                        new TranscriptSerializer(),
                        Upstream.READ,
                        tracing),
                config,
                Instant.EPOCH);
        audio = driver.createInputTopic(TOPICS.audio(), new StringSerializer(), new ByteArraySerializer());
        finals = driver.createOutputTopic(TOPICS.transcripts(), new StringDeserializer(), new TranscriptDeserializer());
        partials = driver.createOutputTopic(TOPICS.partials(), new StringDeserializer(), new TranscriptDeserializer());
    }

    /** Publishes a chunk; tells how large the record is. */
    long send(AudioChunk chunk) {
        byte[] value = Objects.requireNonNull(new AudioChunkSerializer().serialize("", chunk));
        audio.pipeInput(chunk.getCallId(), value);
        return (long) chunk.getCallId().length() + value.length;
    }

    /** Publishes a chunk with headers. */
    void send(AudioChunk chunk, Headers headers) {
        byte[] value = Objects.requireNonNull(new AudioChunkSerializer().serialize("", chunk));
        audio.pipeInput(new TestRecord<>(chunk.getCallId(), value, headers));
    }

    void pass(Duration time) {
        driver.advanceWallClockTime(time);
    }

    /** Waits until the workers have nothing to do, and everything they have done has been said. */
    void settle() {
        Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(LIMIT)
                .until(() -> {
                    boolean idle = pool.idle();
                    pass(Duration.ofMillis(10));
                    return idle && pool.idle();
                });
    }

    /** The finals since the last time. */
    List<Transcript> takeFinals() {
        return finals.readValuesToList();
    }

    /** The same with their headers. */
    List<TestRecord<String, Transcript>> takeFinalRecords() {
        return finals.readRecordsToList();
    }

    /** The partials since the last time, with their headers. */
    List<TestRecord<String, Transcript>> takePartialRecords() {
        return partials.readRecordsToList();
    }

    /** The partials since the last time. */
    List<Transcript> takePartials() {
        return partials.readValuesToList();
    }

    /** How many bytes have been written to keep the state since the last time. */
    long takeChangelog() {
        long bytes = 0;
        for (String store : STORES.keySet()) {
            TestOutputTopic<byte[], byte[]> topic = driver.createOutputTopic(
                    APPLICATION + "-" + store + "-changelog", new ByteArrayDeserializer(), new ByteArrayDeserializer());
            for (TestRecord<byte[], byte[]> record : topic.readRecordsToList()) {
                bytes += record.key().length + (record.value() == null ? 0 : record.value().length);
            }
        }
        return bytes;
    }

    /** The size of all that is kept, as bytes. */
    @SuppressWarnings("unchecked")
    long state() {
        long bytes = 0;
        for (Map.Entry<String, Serde<?>> store : STORES.entrySet()) {
            Serde<Object> serde = (Serde<Object>) store.getValue();
            try (KeyValueIterator<String, Object> all =
                    driver.<String, Object>getKeyValueStore(store.getKey()).all()) {
                while (all.hasNext()) {
                    KeyValue<String, Object> next = all.next();
                    bytes += next.key.length() + serde.serializer().serialize("", next.value).length;
                }
            }
        }
        return bytes;
    }

    @Override
    public void close() {
        driver.close();
    }
}
