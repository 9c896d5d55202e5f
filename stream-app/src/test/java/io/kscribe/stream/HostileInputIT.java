package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.engine.Transcription;
import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.recognizer.RecognizerSettings;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkDeserializer;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.KscribeSerdes;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptDeserializer;
import io.kscribe.schema.TranscriptSerializer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a call sends, its neighbours are heard as if it were not there, nothing stops, and what is rejected is among the dead letters
 * once. The whole topology, with the real detector, runs on a clock of its own.
 */
class HostileInputIT {
    private static final Topics TOPICS = Topics.standard();
    private static final String HOSTILE = "hostile";
    private static final String NEIGHBOUR = "neighbour";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** Less silence for a gap than usual: to hear it takes time. */
    private static final StreamLimits LIMITS = StreamLimits.standard()
            .with("longest-silence", Duration.ofSeconds(3))
            .with("open-calls", 5);

    /** Chunks of 100 ms in which the call says "And so, my fellow Americans". */
    private static final int CHUNKS = 32;

    private static final AudioChunkSerializer WRITER = new AudioChunkSerializer();
    private static final AudioChunkDeserializer READER = new AudioChunkDeserializer();

    /** What can be done to one of a call's records. */
    enum Kind {
        REPEAT,
        DROP,
        DELAY,
        SWAP,
        FLIP_BITS,
        TEAR,
        APPEND,
        JUNK,
        EMPTY,
        NO_VALUE,
        NO_PAYLOAD,
        GIANT,
        OTHER_AUDIO,
        OTHER_RATE,
        OTHER_ENCODING,
        OTHER_CHANNEL,
        OTHER_SEQUENCE,
        NEAR_SEQUENCE,
        OTHER_TIME,
        NO_KEY,
        OTHER_KEY,
        ENDLESS_ID,
        NEW_CALL,
        LONG_LANGUAGE,
        LONG_ATTRIBUTES,
        LOUD,
        END,
        TIME_PASSES,
        CLOCK_JUMPS
    }

    /**
     * Something that is done to a call.
     *
     * @param at which of its records
     * @param seed for what is random in it
     */
    record Mutation(Kind kind, int at, int seed) {}

    /**
     * What the topology sees: a record, or time.
     *
     * @param steps how many times 500 ms pass before it
     * @param jump milliseconds that pass at once before it
     */
    @SuppressWarnings("ArrayRecordComponent") // made, sent and dropped, never compared
    private record Event(byte @Nullable [] key, byte @Nullable [] value, int steps, long jump) {
        private Event of(byte @Nullable [] otherKey, byte @Nullable [] otherValue) {
            return new Event(otherKey, otherValue, steps, jump);
        }

        private Event of(AudioChunk chunk) {
            return new Event(chunk.getCallId().getBytes(StandardCharsets.UTF_8), bytes(chunk), steps, jump);
        }
    }

    @Provide
    Arbitrary<List<Mutation>> mutations() {
        return Combinators.combine(
                        Arbitraries.of(Kind.class), Arbitraries.integers().between(0, 10_000), Arbitraries.integers())
                .as(Mutation::new)
                .list()
                .ofMaxSize(25);
    }

    @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
    void shouldKeepNeighboursApartFromAnythingThatACallSends(@ForAll("mutations") List<Mutation> mutations)
            throws Exception {
        try (Run run = new Run(Fingerprints::of)) {
            run.play(mutated(mutations));

            assertThat(run.said(NEIGHBOUR)).isEqualTo(Expected.FINGERPRINTS);
            run.assertEveryRecordIsAccountedFor();
            run.assertNothingIsLeft();
        }
    }

    @Property(tries = 3, shrinking = ShrinkingMode.OFF)
    void shouldKeepNeighboursApartWithTheRealModel(@ForAll("mutations") List<Mutation> mutations) throws Exception {
        try (Run run = new Run(HostileInputIT::decoded)) {
            run.play(mutated(mutations));

            assertThat(run.said(NEIGHBOUR)).isEqualTo(Expected.WORDS);
            run.assertEveryRecordIsAccountedFor();
            run.assertNothingIsLeft();
        }
    }

    /** What the neighbour says when it is alone. */
    private static final class Expected {
        private static final List<Transcript> FINGERPRINTS = alone(Fingerprints::of);
        private static final List<Transcript> WORDS = alone(HostileInputIT::decoded);

        private static List<Transcript> alone(Function<RecognitionTask, Transcription> decoder) {
            try (Run run = new Run(decoder)) {
                run.play(List.of());
                List<Transcript> said = run.said(NEIGHBOUR);
                assertThat(said).isNotEmpty();
                return said;
            }
        }
    }

    private static Transcription decoded(RecognitionTask task) {
        return TinyModel.live().recognizer().decode(task);
    }

    private static List<AudioChunk> call(String callId) {
        try {
            List<AudioChunk> call = new ArrayList<>(KennedyCall.chunks(callId).subList(0, CHUNKS));
            call.set(
                    CHUNKS - 1,
                    AudioChunk.newBuilder(call.get(CHUNKS - 1))
                            .setEndOfStream(true)
                            .build());
            return call;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Event> mutated(List<Mutation> mutations) {
        List<Event> events = new ArrayList<>();
        Event nothing = new Event(null, null, 0, 0);
        call(HOSTILE).forEach(chunk -> events.add(nothing.of(chunk)));
        for (Mutation mutation : mutations) {
            if (!events.isEmpty()) {
                mutate(events, mutation.kind(), mutation.at() % events.size(), new Random(mutation.seed()));
            }
        }
        return events;
    }

    private static void mutate(List<Event> events, Kind kind, int at, Random random) {
        Event event = events.get(at);
        byte[] value = event.value() == null ? new byte[0] : event.value();
        switch (kind) {
            case REPEAT -> events.add(at + random.nextInt(events.size() - at), event);
            case DROP -> events.remove(at);
            case DELAY -> events.add(at + random.nextInt(events.size() - at), events.remove(at));
            case SWAP -> Collections.swap(events, at, random.nextInt(events.size()));
            case FLIP_BITS -> {
                byte[] flipped = value.clone();
                for (int i = 0; i < 1 + random.nextInt(4) && flipped.length > 0; i++) {
                    flipped[random.nextInt(Math.min(flipped.length, 64))] ^= (byte) (1 << random.nextInt(8));
                }
                events.set(at, event.of(event.key(), flipped));
            }
            case TEAR -> events.set(at, event.of(event.key(), Arrays.copyOf(value, random.nextInt(value.length + 1))));
            case APPEND ->
                events.set(at, event.of(event.key(), Arrays.copyOf(value, value.length + 1 + random.nextInt(100))));
            case JUNK -> {
                byte[] junk = new byte[random.nextInt(2000)];
                random.nextBytes(junk);
                events.add(at, new Event(event.key(), junk, 0, 0));
            }
            case EMPTY -> events.add(at, new Event(event.key(), new byte[0], 0, 0));
            case NO_VALUE -> events.add(at, new Event(event.key(), null, 0, 0));
            case NO_KEY -> events.set(at, event.of(null, event.value()));
            case OTHER_KEY -> events.set(at, event.of(new byte[] {(byte) random.nextInt()}, event.value()));
            case TIME_PASSES -> events.set(at, new Event(event.key(), event.value(), random.nextInt(8), event.jump()));
            case CLOCK_JUMPS ->
                events.set(
                        at, new Event(event.key(), event.value(), event.steps(), 2000 + random.nextInt(100_000_000)));
            default -> {
                AudioChunk chunk = readable(event);
                if (chunk != null) {
                    events.set(at, event.of(changed(AudioChunk.newBuilder(chunk), chunk, kind, random)));
                }
            }
        }
    }

    private static AudioChunk changed(AudioChunk.Builder chunk, AudioChunk was, Kind kind, Random random) {
        AudioEncoding[] encodings = AudioEncoding.values();
        switch (kind) {
            case NO_PAYLOAD -> chunk.setPayload(ByteBuffer.allocate(0));
            case GIANT -> chunk.setPayload(ByteBuffer.allocate(700_000 + random.nextInt(400_000)));
            case OTHER_AUDIO -> {
                byte[] noise = new byte[random.nextInt(2000)];
                random.nextBytes(noise);
                chunk.setPayload(ByteBuffer.wrap(noise));
            }
            case OTHER_RATE -> chunk.setSampleRate(random.nextInt(random.nextBoolean() ? 48_001 : 300_000));
            case OTHER_ENCODING -> chunk.setEncoding(encodings[random.nextInt(encodings.length)]);
            case OTHER_CHANNEL -> chunk.setChannel(random.nextInt(random.nextBoolean() ? 3 : 100) - 1);
            case OTHER_SEQUENCE -> chunk.setSequence(random.nextLong() >> random.nextInt(63));
            case NEAR_SEQUENCE -> chunk.setSequence(was.getSequence() + random.nextInt(20) - 10);
            case OTHER_TIME -> chunk.setCapturedAt(Instant.ofEpochMilli(random.nextLong() >> random.nextInt(40)));
            case ENDLESS_ID -> chunk.setCallId("i".repeat(1 + random.nextInt(20_000)));
            case NEW_CALL -> chunk.setCallId(HOSTILE + random.nextInt(20));
            case LONG_LANGUAGE -> chunk.setLanguage("l".repeat(random.nextInt(70)));
            case LONG_ATTRIBUTES -> chunk.setAttributes(Map.of("kscribe.end", "a".repeat(random.nextInt(30_000))));
            case LOUD -> {
                ByteBuffer samples = ByteBuffer.allocate(400).order(java.nio.ByteOrder.LITTLE_ENDIAN);
                while (samples.hasRemaining()) {
                    samples.putFloat(Float.intBitsToFloat(random.nextInt()));
                }
                chunk.setEncoding(AudioEncoding.PCM_F32LE)
                        .setPayload(samples.flip().order(java.nio.ByteOrder.BIG_ENDIAN));
            }
            case END -> chunk.setEndOfStream(!was.getEndOfStream());
            default -> throw new IllegalArgumentException("there is no " + kind);
        }
        return chunk.build();
    }

    private static @Nullable AudioChunk readable(Event event) {
        try {
            return event.value() == null ? null : READER.deserialize("", event.value());
        } catch (SerializationException unreadable) {
            return null;
        }
    }

    private static byte[] bytes(AudioChunk chunk) {
        return Objects.requireNonNull(WRITER.serialize("", chunk));
    }

    /** One run of the topology: the hostile call and its neighbour side by side. */
    private static final class Run implements AutoCloseable {
        private final InferencePool pool;
        private final TopologyTestDriver driver;
        private final TestInputTopic<byte[], byte[]> audio;
        private final TestOutputTopic<String, Transcript> finals;
        private final TestOutputTopic<byte[], byte[]> deadLetters;
        private final List<String> finished = new ArrayList<>();

        /** What was fed, by its offset. */
        private final List<Event> fed = new ArrayList<>();

        private Run(Function<RecognitionTask, Transcription> decoder) {
            Recognition tiny = TinyModel.live();
            RecognizerSettings finalsOnly = RecognizerSettings.live().toBuilder()
                    .partialInterval(Duration.ZERO)
                    .build();
            Recognition recognition = new Recognition(tiny.recognizer().with(finalsOnly), tiny.language());
            pool = new InferencePool(decoder, 1);
            driver = new TopologyTestDriver(
                    TranscriptionTopology.build(
                            TOPICS,
                            LIMITS,
                            recognition,
                            pool,
                            (callId, channel, said) -> finished.add(callId),
                            () -> Instant.EPOCH,
                            KscribeSerdes.audioChunk(),
                            new TranscriptSerializer(),
                            Upstream.READ,
                            Tracing.off()),
                    new Properties(),
                    Instant.EPOCH);
            audio = driver.createInputTopic(TOPICS.audio(), new ByteArraySerializer(), new ByteArraySerializer());
            finals = driver.createOutputTopic(
                    TOPICS.transcripts(), new StringDeserializer(), new TranscriptDeserializer());
            deadLetters = driver.createOutputTopic(
                    TOPICS.deadLetters(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }

        private void play(List<Event> hostile) {
            List<AudioChunk> neighbour = call(NEIGHBOUR);
            Event nothing = new Event(null, null, 0, 0);
            for (int i = 0; i < Math.max(hostile.size(), neighbour.size()); i++) {
                if (i < hostile.size()) {
                    feed(hostile.get(i));
                }
                if (i < neighbour.size()) {
                    feed(nothing.of(neighbour.get(i)));
                }
                driver.advanceWallClockTime(Duration.ofMillis(100));
            }
            pass(LIMITS.channelTimeout().plusSeconds(5));
            Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(LIMIT)
                    .until(() -> {
                        boolean idle = pool.idle();
                        driver.advanceWallClockTime(Duration.ofMillis(10));
                        return idle && pool.idle() && finished.contains(NEIGHBOUR);
                    });
            pass(LIMITS.endedMemory().plusSeconds(1));
        }

        private void feed(Event event) {
            pass(Duration.ofMillis(500L * event.steps()));
            if (event.jump() > 0) {
                driver.advanceWallClockTime(Duration.ofMillis(event.jump()));
            }
            fed.add(event);
            audio.pipeInput(event.key(), event.value());
        }

        private void pass(Duration time) {
            for (long millis = 0; millis < time.toMillis(); millis += 500) {
                driver.advanceWallClockTime(Duration.ofMillis(500));
            }
        }

        private List<Transcript> said(String callId) {
            return finals.readValuesToList().stream()
                    .filter(transcript -> transcript.getCallId().equals(callId))
                    .toList();
        }

        private void assertEveryRecordIsAccountedFor() {
            Map<Integer, TestRecord<byte[], byte[]>> letters = new HashMap<>();
            for (TestRecord<byte[], byte[]> letter : deadLetters.readRecordsToList()) {
                assertThat(header(letter, DeadLetters.REASON)).isNotBlank();
                assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo(TOPICS.audio());
                assertThat(header(letter, DeadLetters.PARTITION)).isEqualTo("0");
                int offset = Integer.parseInt(header(letter, DeadLetters.OFFSET));
                assertThat(letters.put(offset, letter))
                        .as("letters of offset " + offset)
                        .isNull();
                assertCameAs(fed.get(offset), letter);
            }
            ChunkRules rules = new ChunkRules(LIMITS);
            for (int offset = 0; offset < fed.size(); offset++) {
                Event event = fed.get(offset);
                if (event.value() == null) {
                    continue;
                }
                AudioChunk chunk = readable(event);
                String key = event.key() == null ? null : new String(event.key(), StandardCharsets.UTF_8);
                if (chunk == null || rules.fault(key, chunk).isPresent()) {
                    assertThat(letters).as("letters, one of which is of offset").containsKey(offset);
                } else if (chunk.getCallId().equals(NEIGHBOUR)) {
                    assertThat(letters).doesNotContainKey(offset);
                }
            }
            long values = fed.stream().filter(event -> event.value() != null).count();
            assertThat(count("chunks-total", "sequencer")
                            + count("duplicates-total", "sequencer")
                            + count("dead-letters-total", "sequencer"))
                    .isEqualTo(values);
            assertThat(letters).hasSize((int)
                    (count("dead-letters-total", "sequencer") + count("dead-letters-total", "frontend")));
        }

        private static void assertCameAs(Event event, TestRecord<byte[], byte[]> letter) {
            byte[] value = Objects.requireNonNull(event.value());
            assertThat(letter.key()).isEqualTo(event.key());
            AudioChunk chunk = readable(event);
            String key = event.key() == null ? "" : new String(event.key(), StandardCharsets.UTF_8);
            String call = chunk == null ? key : chunk.getCallId();
            assertThat(header(letter, DeadLetters.CALL))
                    .isEqualTo(call.substring(0, Math.min(call.length(), LIMITS.longestCallId())));
            if (letter.headers().lastHeader(DeadLetters.BYTES) == null) {
                assertThat(letter.value()).isEqualTo(value);
            } else {
                assertThat(value).hasSizeGreaterThan(LIMITS.largestPayload());
            }
        }

        private long count(String metric, String processor) {
            return driver.metrics().values().stream()
                    .filter(each -> each.metricName().name().equals(metric)
                            && processor.equals(each.metricName().tags().get("processor")))
                    .mapToLong(each -> ((Number) each.metricValue()).longValue())
                    .sum();
        }

        private void assertNothingIsLeft() {
            for (String store : List.of(Sequencer.WAITING, Frontend.AUDIO, Recognizer.SESSIONS)) {
                assertThat(driver.getKeyValueStore(store).all()).as(store).isExhausted();
            }
            assertThat(Metrics.total(driver.metrics(), "open-channels")).isZero();
            assertThat(Metrics.total(driver.metrics(), "open-calls")).isZero();
        }

        @Override
        public void close() {
            driver.close();
            pool.close();
        }
    }

    private static String header(TestRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
