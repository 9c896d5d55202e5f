package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.audio.AudioFile;
import io.kscribe.broker.TestKafka;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.Role;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import io.kscribe.schema.Word;
import io.kscribe.stream.RecordingPublisher.Rate;
import io.kscribe.stream.SteadyClock.Sleeper;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A real call over a real Kafka, in this process or in a container ({@link TestKafka}), through a real model. */
class TranscriptionServiceIT {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** A chunk in the middle of the third stretch of speech, and how much of the call a partial of it covers at least. */
    private static final int MID_SPEECH = 73;

    private static final long MID_SPEECH_MILLIS = 6500;

    private static TestKafka broker;

    @TempDir
    private Path directory;

    private ServiceBench bench;

    @BeforeAll
    static void startBroker() {
        broker = TestKafka.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void createTopics(TestInfo test) throws Exception {
        bench = new ServiceBench(
                broker.bootstrapServers(), test.getTestMethod().orElseThrow().getName());
    }

    @AfterEach
    void closeClients() {
        bench.close();
    }

    @Test
    void shouldSayEverySegmentOfACallOnceAndInOrder() throws Exception {
        Instant before = Instant.now().minusMillis(5);
        try (TranscriptionService service = bench.service(directory);
                AudioFile recording = AudioFile.open(KennedyCall.file());
                RecordingPublisher publisher = RecordingPublisher.open(
                        bench.connection(), bench.topics().audio(), Rate.MAX)) {
            assertThat(service.awaitRunning(START_LIMIT)).isTrue();
            publisher.publish(recording, CallOptions.telephone("kennedy"));
            bench.awaitFinished("kennedy", 0);
        }

        List<Transcript> finals = bench.finals("kennedy");
        assertThat(finals)
                .extracting(Transcript::getSegmentId)
                .containsExactlyElementsOf(
                        LongStream.range(0, finals.size()).boxed().toList());
        assertThat(KennedyCall.wordsIn(text(finals))).isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
        assertWordTimesIncrease(finals);
        assertThat(finals).allSatisfy(transcript -> {
            assertThat(transcript.getStatus()).isEqualTo(TranscriptStatus.FINAL);
            assertThat(transcript.getChannel()).isZero();
            assertThat(transcript.getRole()).isEqualTo(Role.CUSTOMER);
            assertThat(transcript.getLanguage()).isEqualTo("en");
            assertThat(transcript.getModel()).isEqualTo("tiny");
            assertThat(transcript.getConfidence()).isBetween(0.3f, 1f);
            assertThat(transcript.getStableChars())
                    .isEqualTo(transcript.getText().length());
            assertThat(transcript.getWords()).allMatch(Word::getStable);
            assertThat(transcript.getFlags()).isEmpty();
            assertThat(transcript.getCapturedAt()).isBetween(before, Instant.now());
            assertThat(transcript.getEmittedAt()).isBetween(before, Instant.now());
        });
        assertThat(bench.deadLetters()).isEmpty();
    }

    @Test
    void shouldShowAGrowingTextWhileSomebodySpeaks() throws Exception {
        int speed = 2;
        InstantSource clock = new SteadyClock();
        Instant started = clock.instant();
        InstantSource fastClock = () -> {
            Instant now = clock.instant();
            return now.plus(Duration.between(started, now).multipliedBy(speed - 1L));
        };
        Sleeper shortSleeper = wait -> Sleeper.system().sleep(wait.dividedBy(speed));
        Producer<String, AudioChunk> producer = bench.connection().producer(new AudioChunkSerializer(), Duration.ZERO);
        try (TranscriptionService service = bench.service(directory);
                AudioFile recording = AudioFile.open(KennedyCall.file());
                RecordingPublisher publisher = new RecordingPublisher(
                        producer, bench.connection(), bench.topics().audio(), Rate.REALTIME, fastClock, shortSleeper)) {
            assertThat(service.awaitRunning(START_LIMIT)).isTrue();
            publisher.publish(recording, CallOptions.telephone("kennedy"));
            bench.awaitFinished("kennedy", 0);
        }

        List<Transcript> finals = bench.finals("kennedy");
        List<Transcript> partials = bench.partials("kennedy");
        assertThat(KennedyCall.wordsIn(text(finals))).isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
        assertThat(partials).hasSizeGreaterThan(finals.size());
        Map<Long, Transcript> last = new HashMap<>();
        boolean grown = false;
        for (Transcript partial : partials) {
            assertThat(partial.getStatus()).isEqualTo(TranscriptStatus.PARTIAL);
            Transcript before = last.put(partial.getSegmentId(), partial);
            if (before != null) {
                grown |= partial.getWords().size() > before.getWords().size();
                assertThat(partial.getRevision()).isGreaterThan(before.getRevision());
                assertThat(partial.getText()).startsWith(before.getText().substring(0, before.getStableChars()));
                assertThat(partial.getStableChars()).isGreaterThanOrEqualTo(before.getStableChars());
            }
        }
        assertThat(grown).isTrue();
        for (Transcript transcript : finals) {
            Transcript partial = last.get(transcript.getSegmentId());
            if (partial != null) {
                assertThat(transcript.getRevision()).isGreaterThan(partial.getRevision());
            }
        }
    }

    @Test
    void shouldSayTheSameWhenItIsRestartedInMidCall() throws Exception {
        List<AudioChunk> call = KennedyCall.chunks("call");
        try (TranscriptionService first = bench.service(directory.resolve("first"))) {
            assertThat(first.awaitRunning(START_LIMIT)).isTrue();
            bench.publish(call.subList(0, MID_SPEECH));
            bench.awaitPartial("call", MID_SPEECH_MILLIS);
        }
        List<Transcript> saidBefore = bench.finals("call");
        try (TranscriptionService second = bench.service(directory.resolve("second"))) {
            assertThat(second.awaitRunning(START_LIMIT)).isTrue();
            bench.publish(call.subList(MID_SPEECH, call.size()));
            bench.awaitFinished("call", 0);
        }

        List<Transcript> finals = bench.finals("call");
        assertThat(saidBefore).isNotEmpty().hasSizeLessThan(finals.size());
        assertThat(finals).startsWith(saidBefore.toArray(Transcript[]::new));
        assertThat(timeless(finals)).containsExactlyElementsOf(timeless(undisturbed(call)));
    }

    @Test
    void shouldSayTheSameWhenItIsKilledInMidCall() throws Exception {
        List<AudioChunk> call = KennedyCall.chunks("call");
        Process first = bench.process(directory.resolve("first"));
        try {
            bench.publish(call.subList(0, MID_SPEECH));
            bench.awaitPartial("call", MID_SPEECH_MILLIS);
        } finally {
            first.destroyForcibly().waitFor();
        }
        try (TranscriptionService second = bench.service(directory.resolve("second"))) {
            bench.publish(call.subList(MID_SPEECH, call.size()));
            bench.awaitFinished("call", 0);
            assertThat(second.failure()).isNull();
        }

        assertThat(timeless(bench.finals("call"))).containsExactlyElementsOf(timeless(undisturbed(call)));
    }

    @Test
    void shouldReplaceAThreadThatFailedAndSayTheSame() throws Exception {
        List<AudioChunk> call = KennedyCall.chunks("call");
        AtomicBoolean failed = new AtomicBoolean();
        try (TranscriptionService service = bench.service(directory, (callId, channel, finals) -> {
            if (!failed.getAndSet(true)) {
                throw new IllegalStateException("a listener that fails before the last final is committed");
            }
        })) {
            assertThat(service.awaitRunning(START_LIMIT)).isTrue();
            bench.publish(call);
            bench.awaitFinished("call", 0);
            assertThat(service.failures()).isEqualTo(1);
            assertThat(service.failure()).isNull();
        }

        assertThat(timeless(bench.finals("call"))).containsExactlyElementsOf(timeless(undisturbed(call)));
        assertThat(bench.deadLetters()).isEmpty();
    }

    /** What comes of a call when nothing happens. */
    private List<Transcript> undisturbed(List<AudioChunk> call) throws Exception {
        try (ServiceBench calm =
                new ServiceBench(broker.bootstrapServers(), bench.topics().transcripts() + ".calm")) {
            try (TranscriptionService service = calm.service(directory.resolve("calm"))) {
                assertThat(service.awaitRunning(START_LIMIT)).isTrue();
                calm.publish(call);
                calm.awaitFinished(call.get(0).getCallId(), 0);
            }
            return calm.finals(call.get(0).getCallId());
        }
    }

    /** All that does not depend on when it was written. */
    private static List<Transcript> timeless(List<Transcript> transcripts) {
        return transcripts.stream()
                .map(transcript -> Transcript.newBuilder(transcript)
                        .setEmittedAt(Instant.EPOCH)
                        .build())
                .toList();
    }

    private static void assertWordTimesIncrease(List<Transcript> finals) {
        List<Long> times = new ArrayList<>();
        for (Transcript transcript : finals) {
            for (Word word : transcript.getWords()) {
                times.add(word.getStartMillis());
                times.add(word.getEndMillis());
            }
        }
        assertThat(times).isSorted().allSatisfy(time -> assertThat(time).isBetween(0L, KennedyCall.MILLIS));
    }

    private static String text(List<Transcript> finals) {
        return finals.stream().map(Transcript::getText).collect(Collectors.joining(" "));
    }
}
