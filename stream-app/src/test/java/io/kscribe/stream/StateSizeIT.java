package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.audio.AudioFile;
import io.kscribe.audio.SampleEncoding;
import io.kscribe.audio.StreamingResampler;
import io.kscribe.recognizer.RecognizerSettings;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.KscribeSerdes;
import io.kscribe.schema.TranscriptSerializer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.test.TestRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the state costs: bytes that are written to Kafka to keep it, by those that came in, and bytes that a channel keeps. */
class StateSizeIT {
    private static final Topics TOPICS = Topics.standard();
    private static final String APPLICATION = "state";
    private static final String CALL = "call-01c9d1f2-53aa";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final double MOST_CHANGELOG = 1.5;

    /** Where "And so, my fellow Americans" is spoken, in seconds. */
    private static final double SPOKEN_FROM = 0.35;

    private static final double SPOKEN_TO = 2.1;

    /** Long enough that an island reaches its longest three times. */
    private static final Duration SPEECH = Duration.ofSeconds(50);

    private static final Map<String, Serde<?>> STORES = Map.of(
            Sequencer.POSITIONS, Position.serde(),
            Sequencer.WAITING, HeldChunk.serde(),
            Frontend.AUDIO, KeptChunk.serde(),
            Recognizer.SESSIONS, Serdes.ByteArray());

    @ParameterizedTest
    @CsvSource({
        "MULAW, 8000, 100, 1000000",
        "MULAW, 8000, 20, 1000000",
        "PCM_S16LE, 16000, 100, 1000000",
        "PCM_S16LE, 16000, 20, 1000000",
        "PCM_S16LE, 48000, 100, 3000000",
        "PCM_F32LE, 48000, 100, 6000000"
    })
    void shouldWriteAndKeepLittle(
            SampleEncoding encoding, int rateHz, int chunkMillis, long mostState, TestReporter reporter)
            throws Exception {
        float[] speech = speech(rateHz);
        try (InferencePool pool = new InferencePool(Fingerprints::of, 1);
                TopologyTestDriver driver = driver(pool)) {
            TestInputTopic<String, byte[]> audio =
                    driver.createInputTopic(TOPICS.audio(), new StringSerializer(), new ByteArraySerializer());
            int chunk = rateHz * chunkMillis / 1000;
            long input = 0;
            long largestState = 0;
            for (int from = 0; from + chunk <= speech.length; from += chunk) {
                byte[] value = chunk(encoding, rateHz, from / chunk, Arrays.copyOfRange(speech, from, from + chunk));
                audio.pipeInput(CALL, value);
                input += CALL.length() + value.length;
                driver.advanceWallClockTime(Duration.ofMillis(chunkMillis));
                if (from / chunk % 10 == 0) {
                    settle(driver, pool);
                    largestState = Math.max(largestState, state(driver));
                }
            }
            settle(driver, pool);
            double written = (double) changelog(driver) / input;
            reporter.publishEntry(String.format(
                    Locale.ROOT,
                    "%s at %d Hz in chunks of %d ms: changelog %.2f of the input, state up to %d bytes",
                    encoding,
                    rateHz,
                    chunkMillis,
                    written,
                    largestState));

            assertThat(written).isBetween(1.0, MOST_CHANGELOG);
            assertThat(largestState)
                    .isGreaterThan(
                            (long) (RecognizerSettings.live().longestIsland().toMillis()
                                    * rateHz
                                    * encoding.bytesPerSample()
                                    / 1000.0
                                    * 0.9))
                    .isLessThan(mostState);
        }
    }

    private static TopologyTestDriver driver(InferencePool pool) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        return new TopologyTestDriver(
                TranscriptionTopology.build(
                        TOPICS,
                        StreamLimits.standard(),
                        TinyModel.live(),
                        pool,
                        ChannelListener.NONE,
                        () -> Instant.EPOCH,
                        KscribeSerdes.audioChunk(),
                        new TranscriptSerializer(),
                        () -> true),
                config,
                Instant.EPOCH);
    }

    private static void settle(TopologyTestDriver driver, InferencePool pool) {
        Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .atMost(LIMIT)
                .until(() -> {
                    boolean idle = pool.idle();
                    driver.advanceWallClockTime(Duration.ofMillis(10));
                    return idle && pool.idle();
                });
    }

    /** Speech without a pause. */
    private static float[] speech(int rateHz) throws Exception {
        float[] recorded;
        int recordedHz;
        try (AudioFile file = AudioFile.open(KennedyCall.file())) {
            recordedHz = file.sampleRateHz();
            recorded = file.read((int) (SPOKEN_TO * recordedHz))[0];
        }
        float[] spoken = Arrays.copyOfRange(recorded, (int) (SPOKEN_FROM * recordedHz), recorded.length);
        StreamingResampler resampler = new StreamingResampler(recordedHz, rateHz);
        float[] at = resampler.accept(spoken);
        float[] all = new float[(int) (SPEECH.toSeconds() * rateHz)];
        for (int i = 0; i < all.length; i++) {
            all[i] = at[i % at.length];
        }
        return all;
    }

    private static byte[] chunk(SampleEncoding encoding, int rateHz, long sequence, float[] samples) {
        AudioChunk chunk = TestChunks.silence(CALL, 0, sequence)
                .setEncoding(AudioEncoding.valueOf(encoding.name()))
                .setSampleRate(rateHz)
                .setPayload(ByteBuffer.wrap(encoding.encode(samples, 0, samples.length)))
                .build();
        return Objects.requireNonNull(new AudioChunkSerializer().serialize("", chunk));
    }

    private static long changelog(TopologyTestDriver driver) {
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

    @SuppressWarnings("unchecked")
    private static long state(TopologyTestDriver driver) {
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
}
