package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.kscribe.engine.Transcription;
import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.recognizer.RecognizerSettings;
import io.kscribe.recognizer.StreamState;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.KscribeSerdes;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptDeserializer;
import io.kscribe.schema.TranscriptSerializer;
import io.kscribe.schema.TranscriptStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole topology with real models, without Kafka and with a clock of its own; workers are real threads. */
class RecognizerIT {
    private static final Topics TOPICS = Topics.standard();
    /** So many chunks have one partial. */
    private static final int ONE_STEP = 8;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** What telephone's resampling holds back, rounded up: the end of a chunk's audio is known this much later. */
    private static final Duration FILTER_DELAY = Duration.ofMillis(3);

    private static final StreamLimits FEW_WAITING = StreamLimits.standard().with("partial-backlog", 4);

    private final List<String> finished = new ArrayList<>();
    private volatile Function<RecognitionTask, Transcription> decoder = RecognizerIT::decoded;
    private InferencePool pool;
    private TopologyTestDriver driver;
    private TestInputTopic<String, AudioChunk> audio;
    private TestOutputTopic<String, Transcript> finals;
    private TestOutputTopic<String, Transcript> partials;

    @BeforeEach
    void start() {
        start(TinyModel.live(), 2, StreamLimits.standard());
    }

    @AfterEach
    void close() {
        driver.close();
        pool.close();
    }

    @Test
    void shouldSayWhenTheLastAudioWasCaptured() throws Exception {
        say(KennedyCall.chunks("c1"));

        List<Transcript> said = finals.readValuesToList();
        assertThat(said).isNotEmpty();
        said.addAll(partials.readValuesToList());
        assertThat(said).allSatisfy(transcript -> {
            Instant end = KennedyCall.STARTED.plusMillis(transcript.getEndMillis());
            assertThat(transcript.getCapturedAt()).isBetween(end, end.plus(FILTER_DELAY));
            assertThat(transcript.getFlags()).isEmpty();
        });
    }

    @Test
    void shouldFlagASegmentWithAGap() throws Exception {
        List<AudioChunk> call = new ArrayList<>(KennedyCall.chunks("c1"));
        call.remove(10);
        say(call);

        assertThat(finals.readValuesToList()).hasSizeGreaterThan(1).satisfies(said -> {
            assertThat(said.get(0).getFlags()).containsExactly("gap");
            assertThat(said.subList(1, said.size()))
                    .allSatisfy(later -> assertThat(later.getFlags()).isEmpty());
        });
    }

    @Test
    void shouldFlagASegmentOfAChannelThatStoppedInMidSpeech() throws Exception {
        feed(KennedyCall.chunks("c1").subList(0, 15));
        pass(StreamLimits.standard().channelTimeout().plusSeconds(1));
        awaitFinished("c1/0");

        assertThat(finals.readValuesToList())
                .singleElement()
                .satisfies(transcript -> assertThat(transcript.getFlags()).containsExactly("timeout"));
        pass(StreamLimits.standard().endedMemory().plusSeconds(1));
        assertNothingIsLeft();
    }

    @Test
    void shouldFlagASegmentOfACallThatHadToMakeRoom() throws Exception {
        close();
        start(TinyModel.live(), 2, StreamLimits.standard().with("open-calls", 1));
        feed(KennedyCall.chunks("c1").subList(0, 15));
        feed(KennedyCall.chunks("c2").subList(0, 1));
        awaitFinished("c1/0");

        assertThat(finals.readValuesToList())
                .singleElement()
                .satisfies(transcript -> assertThat(transcript.getFlags()).containsExactly("evicted"));
        assertThat(Metrics.total(driver.metrics(), "ends-total", "open-calls")).isEqualTo(1);
    }

    /** As when somebody forgets to hang up. */
    @Test
    void shouldKeepTimeAndNothingElseThroughALongSilence() throws Exception {
        say(KennedyCall.chunks("c1"));
        List<Transcript> said = finals.readValuesToList();
        int chunks = 300;
        for (int i = 0; i < chunks; i++) {
            byte[] silence = new byte[16_000];
            Arrays.fill(silence, (byte) 0xff);
            feed(List.of(TestChunks.silence("c2", 0, i)
                    .setPayload(ByteBuffer.wrap(silence))
                    .build()));
            assertThat(keptChunks()).isLessThanOrEqualTo(3);
        }
        say(KennedyCall.chunks("c2").stream()
                .map(chunk -> AudioChunk.newBuilder(chunk)
                        .setSequence(chunk.getSequence() + chunks)
                        .build())
                .toList());

        long later = 2000L * chunks;
        assertThat(finals.readValuesToList())
                .extracting(Transcript::getText, Transcript::getSegmentId, one -> one.getStartMillis() - later)
                .containsExactlyElementsOf(said.stream()
                        .map(one -> tuple(one.getText(), one.getSegmentId(), one.getStartMillis()))
                        .toList());
        assertNothingIsLeft();
    }

    /** As when one call sends a thousand times faster than people speak. */
    @Test
    void shouldReadNoFurtherThanWorkersCanFollow() throws Exception {
        close();
        start(TinyModel.live(), 1, StreamLimits.standard().with("undecoded-audio", Duration.ofSeconds(12)));
        int most = 0;
        for (int again = 0; again < 5; again++) {
            List<AudioChunk> call = KennedyCall.chunks("c1");
            for (AudioChunk chunk : call.subList(0, call.size() - 1)) {
                feed(List.of(AudioChunk.newBuilder(chunk)
                        .setSequence(chunk.getSequence() + again * (call.size() - 1L))
                        .build()));
                most = Math.max(most, keptChunks());
            }
        }
        settle();

        assertThat(Metrics.total(driver.metrics(), "overdue-audio-total")).isPositive();
        long kept = 12 + 3 + RecognizerSettings.live().context().toSeconds();
        assertThat(most).isLessThan((int) (10 * kept));
        assertThat(KennedyCall.wordsIn(text(finals.readValuesToList())))
                .isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
    }

    @Test
    void shouldFlagASegmentThatWasCut() throws Exception {
        RecognizerSettings impatient = RecognizerSettings.live().toBuilder()
                .longestIsland(Duration.ofMillis(1500))
                .patience(Duration.ofMillis(1500))
                .context(Duration.ZERO)
                .build();
        Recognition live = TinyModel.live();
        close();
        start(new Recognition(live.recognizer().with(impatient), live.language()), 2, StreamLimits.standard());
        say(KennedyCall.chunks("c1"));

        List<Transcript> said = finals.readValuesToList();
        assertThat(said.get(0).getFlags()).containsExactly("truncated");
        assertThat(said)
                .extracting(Transcript::getSegmentId)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    @Test
    void shouldSaveItsStateEverySecondOfSilenceAndAtEachFinal() throws Exception {
        for (int i = 0; i < 500; i++) {
            feed(List.of(TestChunks.silence("c1", 0, i).build()));
            long heardMillis = 10L * (i + 1);
            StreamState state = state("c1");
            long savedMillis = state == null ? 0 : state.position() * 1000 / Frontend.RATE_HZ;
            assertThat(heardMillis - savedMillis).isLessThanOrEqualTo(1000 + 100);
        }
        assertThat(keptChunks()).isBetween(100, 350);

        long finalsBefore = 0;
        for (AudioChunk chunk : KennedyCall.chunks("c2")) {
            feed(List.of(chunk));
            settle();
            long said = finalsBefore + finals.readValuesToList().size();
            if (said > finalsBefore && !finished.contains("c2/0")) {
                assertThat(Objects.requireNonNull(state("c2")).segment()).isEqualTo(said);
            }
            finalsBefore = said;
        }
        assertThat(finalsBefore).isPositive();
    }

    @Test
    void shouldLeaveNothingBehind() throws Exception {
        say(KennedyCall.chunks("c1"));

        assertNothingIsLeft();
        assertThat(driver.getKeyValueStore(Sequencer.WAITING).all()).isExhausted();
    }

    @Test
    void shouldLeaveOutPartialsWhenWorkersAreBehindAndNeverAFinal() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        AtomicInteger decodedPartials = new AtomicInteger();
        decoder = task -> {
            await(free);
            decodedPartials.addAndGet(task.isFinal() ? 0 : 1);
            return decoded(task);
        };
        close();
        start(TinyModel.live(), 1, FEW_WAITING);
        int calls = 8;
        for (int i = 0; i < calls; i++) {
            feed(KennedyCall.chunks("c" + i).subList(0, ONE_STEP));
        }
        free.countDown();
        settle();
        assertThat(decodedPartials).hasValue(1 + FEW_WAITING.partialBacklog());

        for (int i = 0; i < calls; i++) {
            List<AudioChunk> call = KennedyCall.chunks("c" + i);
            feed(call.subList(ONE_STEP, call.size()));
        }
        for (int i = 0; i < calls; i++) {
            awaitFinished("c" + i + "/0");
        }
        assertThat(finals.readValuesToList().stream().collect(Collectors.groupingBy(Transcript::getCallId)))
                .hasSize(calls)
                .allSatisfy((callId, said) ->
                        assertThat(KennedyCall.wordsIn(text(said))).isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS));
    }

    @Test
    void shouldGoOnWhenPartialsFail() throws Exception {
        AtomicInteger failed = new AtomicInteger();
        decoder = task -> {
            if (!task.isFinal()) {
                if (failed.getAndIncrement() % 2 == 0) {
                    throw new IllegalStateException("a partial that fails");
                }
                throw new OutOfMemoryError("a partial that needs too much");
            }
            return decoded(task);
        };
        say(KennedyCall.chunks("c1"));

        assertThat(failed).hasValueGreaterThan(2);
        assertThat(KennedyCall.wordsIn(text(finals.readValuesToList())))
                .isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
    }

    @Test
    void shouldTryAFinalThatFailsAgain() throws Exception {
        Map<RecognitionTask, Integer> attempts = new ConcurrentHashMap<>();
        decoder = task -> {
            if (task.isFinal()
                    && attempts.merge(task, 1, Integer::sum)
                            < StreamLimits.standard().decodingAttempts()) {
                throw new IllegalStateException("a final that fails now and then");
            }
            return decoded(task);
        };
        say(KennedyCall.chunks("c1"));

        List<Transcript> said = finals.readValuesToList();
        assertThat(KennedyCall.wordsIn(text(said))).isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
        assertThat(said)
                .allSatisfy(transcript -> assertThat(transcript.getFlags()).isEmpty());
    }

    @Test
    void shouldSayThatAFinalCouldNotBeHadAndGoOn() throws Exception {
        AtomicReference<RecognitionTask> first = new AtomicReference<>();
        AtomicInteger attempts = new AtomicInteger();
        decoder = task -> {
            if (task.isFinal() && (first.compareAndSet(null, task) || task.equals(first.get()))) {
                attempts.incrementAndGet();
                throw new OutOfMemoryError("a final that always fails");
            }
            return decoded(task);
        };
        say(KennedyCall.chunks("c1"));

        assertThat(attempts).hasValue(StreamLimits.standard().decodingAttempts());
        List<Transcript> said = finals.readValuesToList();
        assertThat(said.get(0)).satisfies(transcript -> {
            assertThat(transcript.getStatus()).isEqualTo(TranscriptStatus.FINAL);
            assertThat(transcript.getSegmentId()).isZero();
            assertThat(transcript.getText()).isEmpty();
            assertThat(transcript.getWords()).isEmpty();
            assertThat(transcript.getLanguage()).isEqualTo("und");
            assertThat(transcript.getEndMillis()).isGreaterThan(transcript.getStartMillis());
            assertThat(transcript.getFlags()).containsExactly("failed");
        });
        assertThat(said).hasSizeGreaterThan(1);
        assertThat(said.subList(1, said.size()))
                .allSatisfy(later -> assertThat(later.getText()).isNotEmpty());
        assertNothingIsLeft();
    }

    @Test
    void shouldGoOnWithAChannelThatHadFallenSilent() throws Exception {
        List<AudioChunk> call = KennedyCall.chunks("c1");
        feed(call.subList(0, 30));
        settle();
        pass(StreamLimits.standard().channelTimeout().plusSeconds(1));
        feed(call.subList(30, 35));
        awaitFinished("c1/0");
        finished.clear();
        say(call.subList(35, call.size()));

        List<Transcript> said = finals.readValuesToList();
        assertThat(said)
                .extracting(Transcript::getSegmentId)
                .doesNotHaveDuplicates()
                .isSorted();
        assertThat(said.get(0).getFlags()).isEmpty();
        assertThat(said).hasSizeGreaterThan(2);
        assertThat(said.subList(1, said.size()))
                .allSatisfy(later -> assertThat(later.getStartMillis()).isGreaterThanOrEqualTo(4000));
        assertThat(KennedyCall.wordsIn(text(said))).isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
        assertNothingIsLeft();
    }

    /** As with a slow worker: the last partial is still being decoded when everything has been said. */
    @Test
    void shouldFinishAChannelOnceWhenAPartialComesBackAfterItsEnd() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicInteger late = new AtomicInteger();
        decoder = task -> {
            if (!task.isFinal()) {
                await(ended);
                late.incrementAndGet();
            }
            return decoded(task);
        };
        say(KennedyCall.chunks("c1"));
        List<Transcript> said = finals.readValuesToList();
        ended.countDown();
        soon().until(() -> late.get() > 0);
        settle();

        assertThat(finished).containsExactly("c1/0");
        assertThat(KennedyCall.wordsIn(text(said))).isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
        assertThat(finals.isEmpty()).isTrue();
        assertNothingIsLeft();
    }

    private void start(Recognition recognition, int workers, StreamLimits limits) {
        pool = new InferencePool(task -> decoder.apply(task), workers);
        driver = new TopologyTestDriver(
                TranscriptionTopology.build(
                        TOPICS,
                        limits,
                        recognition,
                        pool,
                        (callId, channel, said) -> finished.add(callId + "/" + channel),
                        InstantSource.system(),
                        KscribeSerdes.audioChunk(),
                        new TranscriptSerializer(),
                        Upstream.READ,
                        Tracing.off()),
                new Properties(),
                Instant.EPOCH);
        audio = driver.createInputTopic(TOPICS.audio(), new StringSerializer(), new AudioChunkSerializer());
        finals = driver.createOutputTopic(TOPICS.transcripts(), new StringDeserializer(), new TranscriptDeserializer());
        partials = driver.createOutputTopic(TOPICS.partials(), new StringDeserializer(), new TranscriptDeserializer());
    }

    private static Transcription decoded(RecognitionTask task) {
        return TinyModel.live().recognizer().decode(task);
    }

    private void feed(List<AudioChunk> chunks) {
        for (AudioChunk chunk : chunks) {
            audio.pipeInput(chunk.getCallId(), chunk);
        }
    }

    /** Feeds a call chunk by chunk, with a look at results in between, and waits until everything has been said. */
    private void say(List<AudioChunk> call) {
        for (AudioChunk chunk : call) {
            audio.pipeInput(chunk.getCallId(), chunk);
            driver.advanceWallClockTime(Duration.ofMillis(100));
        }
        awaitFinished(call.get(0).getCallId() + "/0");
    }

    /** Lets time pass in steps: all of it at once would be taken for the machine's sleep. */
    private void pass(Duration time) {
        for (long millis = 0; millis < time.toMillis(); millis += 500) {
            driver.advanceWallClockTime(Duration.ofMillis(500));
        }
    }

    private void awaitFinished(String channel) {
        soon().until(() -> {
            driver.advanceWallClockTime(Duration.ofMillis(10));
            return finished.contains(channel);
        });
    }

    /** Waits until workers have nothing to do, and takes what they have done. */
    private void settle() {
        soon().until(() -> {
            driver.advanceWallClockTime(Duration.ofMillis(10));
            return pool.idle();
        });
        driver.advanceWallClockTime(Duration.ofMillis(10));
    }

    private static ConditionFactory soon() {
        return Awaitility.await()
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(LIMIT);
    }

    private @Nullable StreamState state(String callId) {
        KeyValueStore<String, byte[]> states = driver.getKeyValueStore(Recognizer.SESSIONS);
        byte[] saved = states.get(new ChannelKey(callId, 0).storeKey());
        return saved == null ? null : StreamState.fromBytes(saved);
    }

    private int keptChunks() {
        int kept = 0;
        try (KeyValueIterator<String, KeptChunk> all =
                driver.<String, KeptChunk>getKeyValueStore(Frontend.AUDIO).all()) {
            while (all.hasNext()) {
                all.next();
                kept++;
            }
        }
        return kept;
    }

    private void assertNothingIsLeft() {
        assertThat(keptChunks()).isZero();
        assertThat(driver.getKeyValueStore(Recognizer.SESSIONS).all()).isExhausted();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(List<Transcript> said) {
        return said.stream().map(Transcript::getText).collect(Collectors.joining(" "));
    }
}
