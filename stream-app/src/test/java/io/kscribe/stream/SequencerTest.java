package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.KscribeSerdes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequencerTest {
    private static final StreamLimits LIMITS = StreamLimits.standard();
    private static final Duration A_MOMENT = Duration.ofMillis(200);

    private final ProcessorBench<byte[], byte[], OrderedChunk> bench = new ProcessorBench<>();
    private KeyValueStore<String, Position> positions;
    private KeyValueStore<String, HeldChunk> waiting;
    private KeyValueStore<String, byte[]> sessions;
    private boolean kafkaAnswers = true;
    private boolean moreOnKafka;
    private long fetched;

    @BeforeEach
    void start() {
        positions = bench.store(Sequencer.POSITIONS, Position.serde());
        waiting = bench.store(Sequencer.WAITING, HeldChunk.serde());
        sessions = bench.store(Recognizer.SESSIONS, Serdes.ByteArray());
        restart();
    }

    private void restart() {
        start(LIMITS);
    }

    private void start(StreamLimits limits) {
        bench.start(new Sequencer(
                ProcessorBench.TOPIC,
                KscribeSerdes.audioChunk(),
                limits,
                ProcessorBench.NEXT,
                ProcessorBench.DEAD_LETTERS,
                new Upstream() {
                    @Override
                    public boolean answers() {
                        return kafkaAnswers;
                    }

                    @Override
                    public boolean isRead(TopicPartition partition, long next) {
                        return !moreOnKafka && next >= fetched;
                    }
                },
                Tracing.off()));
    }

    @Test
    void shouldPassWhatComesInOrderAtOnceAndUnchanged() {
        feed(0, 1, 2);

        assertThat(passed()).containsExactly("0", "1", "2");
        assertThat(bench.passed().get(1).chunk())
                .isEqualTo(TestChunks.silence("c1", 0, 1).build());
        assertThat(bench.passed()).extracting(OrderedChunk::offset).containsExactly(0L, 1L, 2L);
        assertThat(bench.deadLetters()).isEmpty();
    }

    @Test
    void shouldDropWhatComesAgain() {
        feed(0, 1, 1, 0, 3, 3, 2, 3);
        bench.advance(LIMITS.reorderWait().plus(A_MOMENT));

        assertThat(passed()).containsExactly("0", "1", "2", "3");
        assertThat(bench.deadLetters()).isEmpty();
    }

    @Test
    void shouldPutRightWhatOvertookOneAnotherWithoutWaiting() {
        feed(0, 4, 2, 3, 1, 5);

        assertThat(passed()).containsExactly("0", "1", "2", "3", "4", "5");
        assertThat(waiting.all()).isExhausted();
    }

    @Test
    void shouldBeginInTheRightOrder() {
        feed(1, 0, 2);

        assertThat(passed()).containsExactly("0", "1", "2");
    }

    @Test
    void shouldGoOnWithoutAMissingChunkAfterAWhile() {
        feed(0, 3, 4);

        bench.advance(LIMITS.reorderWait());
        assertThat(passed()).containsExactly("0");

        bench.advance(A_MOMENT);
        assertThat(passed()).containsExactly("0", "3 after 2 missing", "4");
        feed(1, 5);
        assertThat(passed()).containsExactly("0", "3 after 2 missing", "4", "5");
    }

    @Test
    void shouldWaitForEachGapByItself() {
        feed(0, 2, 4);

        bench.advance(LIMITS.reorderWait().plus(A_MOMENT));
        assertThat(passed()).containsExactly("0", "2 after 1 missing");

        feed(3);
        assertThat(passed()).containsExactly("0", "2 after 1 missing", "3", "4");
    }

    @Test
    void shouldGoOnWithoutAMissingChunkWhenTooManyWait() {
        feed(0);
        for (int sequence = 2; sequence < 2 + LIMITS.reorderChunks(); sequence++) {
            feed(sequence);
        }
        assertThat(passed()).containsExactly("0");

        feed(2 + LIMITS.reorderChunks());
        assertThat(passed()).hasSize(2 + LIMITS.reorderChunks()).startsWith("0", "2 after 1 missing", "3");
    }

    @Test
    void shouldStartInMidCall() {
        feed(501, 500, 502);
        assertThat(passed()).isEmpty();

        bench.advance(LIMITS.reorderWait().plus(A_MOMENT));
        assertThat(passed()).containsExactly("500", "501", "502");
    }

    @Test
    void shouldSetAsideWhatIsTooFarAhead() {
        feed(0);
        feed(1 + LIMITS.longestGap());
        long offset = process(
                "c1", TestChunks.silence("c1", 0, 2 + LIMITS.longestGap()).build());

        bench.advance(LIMITS.reorderWait().plus(A_MOMENT));

        assertThat(passed()).containsExactly("0", "3001 after 3000 missing");
        assertThat(bench.deadLetters())
                .containsExactly(offset + ": Call c1: sequence is 3002 where 1 was expected; a gap of more than 3000 "
                        + "chunks is not filled.");
    }

    @Test
    void shouldSetAsideWhatTurnsOutToBeTooFarAhead() {
        feed(9_000_000_000_000L, 0, 1);
        bench.advance(LIMITS.reorderWait().plus(A_MOMENT));
        feed(2);

        assertThat(passed()).containsExactly("0", "1", "2");
        assertThat(bench.deadLetters())
                .containsExactly("0: Call c1: sequence is 9000000000000 where 2 was expected; a gap of more than 3000 "
                        + "chunks is not filled.");
        assertThat(waiting.all()).isExhausted();
    }

    @Test
    void shouldBeginAtOnceWithANumberByTheClock() {
        Instant captured = Instant.parse("2026-11-20T10:00:00Z");
        long first = ClockNumbers.at(captured);
        for (long number = first; number < first + 2; number++) {
            process(
                    "c1",
                    TestChunks.silence("c1", 0, number).setCapturedAt(captured).build());
        }

        assertThat(passed()).containsExactly(Long.toString(first), Long.toString(first + 1));
    }

    @Test
    void shouldSayWhereADeadLetterCameFrom() {
        AudioChunk bad = TestChunks.silence("c1", 0, 0).setSampleRate(100).build();
        process("another", bad);
        process(null, bad);
        process("c1", bad);

        assertThat(bench.deadLetters())
                .containsExactly(
                        "0: Call c1: the record's key is another call's; it must be the callId.",
                        "1: Call c1: the record's key is missing; it must be the callId.",
                        "2: Call c1: sampleRate is 100 Hz; 4000 to 192000 are read.");
        CapturedForward<?, ?> letter = bench.deadLetterRecords().get(0);
        assertThat(letter.record().key()).isEqualTo("another".getBytes(StandardCharsets.UTF_8));
        assertThat(letter.record().value()).isEqualTo(bytes(bad));
        assertThat(ProcessorBench.header(letter, DeadLetters.TOPIC)).isEqualTo(ProcessorBench.TOPIC);
        assertThat(ProcessorBench.header(letter, DeadLetters.PARTITION))
                .isEqualTo(Integer.toString(ProcessorBench.PARTITION));
        assertThat(ProcessorBench.header(letter, DeadLetters.CALL)).isEqualTo("c1");
        assertThat(ProcessorBench.header(letter, DeadLetters.FAULT)).isEqualTo("key");
    }

    @Test
    void shouldSetAsideWhatComesAfterTheEnd() {
        feed(0);
        end(1);
        feed(0, 1);
        assertThat(bench.deadLetters()).isEmpty();

        feed(2);
        assertThat(bench.deadLetters()).containsExactly("4: Call c1: channel 0 had ended when chunk 2 came.");
        assertThat(passed()).containsExactly("0", "1 end");
    }

    @Test
    void shouldSetAsideWhatWaitedBeyondTheEnd() {
        feed(0, 2, 3);
        end(1);

        assertThat(passed()).containsExactly("0", "1 end");
        assertThat(bench.deadLetters())
                .containsExactly(
                        "1: Call c1: channel 0 had ended when chunk 2 came.",
                        "2: Call c1: channel 0 had ended when chunk 3 came.");
        assertThat(waiting.all()).isExhausted();
    }

    @Test
    void shouldEndAChannelThatHasFallenSilent() {
        feed(0, 1);
        process("c1", TestChunks.silence("c1", 1, 0).build());
        bench.advance(LIMITS.channelTimeout().minus(A_MOMENT));
        process("c1", TestChunks.silence("c1", 1, 1).build());
        assertThat(passed()).containsExactly("0", "1", "0", "1");

        bench.advance(A_MOMENT.multipliedBy(2));

        assertThat(passed()).containsExactly("0", "1", "0", "1", "1 end");
        OrderedChunk end = bench.passed().get(4);
        assertThat(end.offset()).isEqualTo(OrderedChunk.NOWHERE);
        assertThat(end.missing()).isZero();
        assertThat(end.chunk())
                .isEqualTo(TestChunks.silence("c1", 0, 1)
                        .setPayload(ByteBuffer.allocate(0))
                        .setAttributes(Map.of("kscribe.end", "timeout"))
                        .setEndOfStream(true)
                        .build());
    }

    @Test
    void shouldGoOnWithAChannelThatHadFallenSilent() {
        feed(0, 1);
        bench.advance(LIMITS.channelTimeout().plus(A_MOMENT));
        restart();
        feed(0, 1, 2);
        end(3);
        feed(4);

        assertThat(passed()).containsExactly("0", "1", "1 end", "2", "3 end");
        assertThat(bench.deadLetters()).containsExactly("6: Call c1: channel 0 had ended when chunk 4 came.");
    }

    @Test
    void shouldGoOnAfterASilenceWhereverThatWas() {
        feed(0);
        bench.advance(LIMITS.channelTimeout().plus(A_MOMENT));
        feed(2 + 2 * LIMITS.longestGap());
        restart();
        assertThat(passed()).containsExactly("0", "0 end");

        bench.advance(LIMITS.reorderWait().plus(A_MOMENT));
        assertThat(passed()).containsExactly("0", "0 end", "6002 after 3000 missing");
        assertThat(bench.deadLetters()).isEmpty();
    }

    @Test
    void shouldForgetAChannelThatDidNotGoOn() {
        sessions.put(new ChannelKey("c1", 0).storeKey(), new byte[1]);
        feed(0);
        bench.advance(LIMITS.channelTimeout().plus(LIMITS.endedMemory()).plus(A_MOMENT));

        assertThat(positions.all()).isExhausted();
        assertThat(sessions.all()).isExhausted();
        feed(0);
        assertThat(passed()).containsExactly("0", "0 end", "0");
    }

    @Test
    void shouldNotTakeKafkasAbsenceForAChannelsSilence() {
        feed(0);
        bench.advance(Duration.ofSeconds(20));
        kafkaAnswers = false;
        bench.advance(LIMITS.channelTimeout().multipliedBy(2));
        kafkaAnswers = true;
        bench.advance(LIMITS.channelTimeout().minus(A_MOMENT));
        assertThat(passed()).containsExactly("0");

        bench.advance(A_MOMENT.multipliedBy(2));
        assertThat(passed()).containsExactly("0", "0 end");
    }

    @Test
    void shouldNotTakeABacklogForAChannelsSilence() {
        feed(0);
        moreOnKafka = true;
        bench.advance(LIMITS.channelTimeout().multipliedBy(2));
        assertThat(passed()).containsExactly("0");

        feed(1);
        moreOnKafka = false;
        bench.advance(LIMITS.channelTimeout().minus(A_MOMENT));
        assertThat(passed()).containsExactly("0", "1");

        bench.advance(A_MOMENT.multipliedBy(2));
        assertThat(passed()).containsExactly("0", "1", "1 end");
    }

    @Test
    void shouldNotGiveUpAMissingChunkThatABacklogMayHold() {
        feed(0, 2);
        moreOnKafka = true;
        bench.advance(LIMITS.reorderWait().multipliedBy(2));
        assertThat(passed()).containsExactly("0");

        feed(1);
        assertThat(passed()).containsExactly("0", "1", "2");
    }

    @Test
    void shouldNotTakeWhatIsFetchedAndNotYetProcessedForAChannelsSilence() {
        feed(0, 2);
        fetched = 1000;
        for (int other = 0;
                other * ProcessorBench.STEP.toMillis() <= LIMITS.reorderWait().toMillis();
                other++) {
            process("c2", TestChunks.silence("c2", 0, other).build());
            bench.advance(ProcessorBench.STEP);
        }
        assertThat(passed()).doesNotContain("2 after 1 missing");

        bench.advance(ProcessorBench.STEP);
        assertThat(passed()).contains("2 after 1 missing");
    }

    @Test
    void shouldNotTakeItsOwnAbsenceForAChannelsSilence() {
        feed(0);
        bench.advance(Duration.ofSeconds(10));
        bench.stall(LIMITS.channelTimeout().multipliedBy(2));

        bench.advance(LIMITS.channelTimeout().minus(A_MOMENT));
        assertThat(passed()).containsExactly("0");

        bench.advance(A_MOMENT.multipliedBy(2));
        assertThat(passed()).containsExactly("0", "0 end");
    }

    @Test
    void shouldForgetAChannelSomeTimeAfterItsEnd() {
        feed(0);
        end(1);

        bench.advance(LIMITS.endedMemory());
        assertThat(positions.all()).hasNext();
        bench.advance(A_MOMENT);

        assertThat(positions.all()).isExhausted();
        feed(0);
        assertThat(passed()).containsExactly("0", "1 end", "0");
    }

    @Test
    void shouldTakeUpEveryChannelAfterARestart() {
        feed(0, 1, 3);
        process("c2", TestChunks.silence("c2", 0, 0).setEndOfStream(true).build());
        process("c3", TestChunks.silence("c3", 0, 7).build());
        bench.forget();

        restart();
        feed(1, 2);
        assertThat(passed()).containsExactly("2", "3");
        process("c2", TestChunks.silence("c2", 0, 0).build());
        process("c2", TestChunks.silence("c2", 0, 1).build());
        assertThat(bench.deadLetters()).containsExactly("8: Call c2: channel 0 had ended when chunk 1 came.");

        bench.advance(LIMITS.reorderWait().plus(A_MOMENT));
        assertThat(passed()).containsExactly("2", "3", "7");
        assertThat(bench.passed().get(2).offset()).isEqualTo(4);
    }

    @Test
    void shouldEndAChannelThatStaysSilentAfterARestart() {
        feed(0);
        bench.forget();

        restart();
        bench.advance(LIMITS.channelTimeout().plus(A_MOMENT));

        assertThat(passed()).containsExactly("0 end");
    }

    @Test
    void shouldKeepAFewBytesOfWhatHasPassed() {
        process(
                "c1",
                TestChunks.silence("c1", 0, 4_000_000_000L)
                        .setAttributes(Map.of("queue", "sales"))
                        .build());
        bench.advance(LIMITS.reorderWait().plus(A_MOMENT));

        Position kept = Objects.requireNonNull(positions.get(new ChannelKey("c1", 0).storeKey()));
        assertThat(kept.sequence()).isEqualTo(4_000_000_000L);
        assertThat(Position.serde().serializer().serialize("", kept)).hasSizeLessThan(16);
    }

    @Test
    void shouldSetAsideAnotherChunkWithTheSameNumber() {
        feed(0, 1, 3);
        for (long sequence : List.of(0L, 1L, 3L)) {
            process("c1", other(sequence));
        }
        bench.advance(LIMITS.reorderWait().plus(A_MOMENT));
        process("c1", other(3));

        assertThat(passed()).containsExactly("0", "1", "3 after 1 missing");
        assertThat(bench.deadLetters())
                .containsExactly(
                        "3: Call c1: chunk 0 of channel 0 came before with other audio; a channel must have one "
                                + "producer.",
                        "4: Call c1: chunk 1 of channel 0 came before with other audio; a channel must have one "
                                + "producer.",
                        "5: Call c1: chunk 3 of channel 0 came before with other audio; a channel must have one "
                                + "producer.",
                        "6: Call c1: chunk 3 of channel 0 came before with other audio; a channel must have one "
                                + "producer.");
        assertThat(bench.metric("dead-letters-total")).isEqualTo(4);
    }

    @Test
    void shouldSetAsideWhatComesWhenSilenceIsInItsPlace() {
        feed(0, 3);
        bench.advance(LIMITS.reorderWait().plus(A_MOMENT));
        feed(1, 3, 0);

        assertThat(passed()).containsExactly("0", "3 after 2 missing");
        assertThat(bench.deadLetters())
                .containsExactly("2: Call c1: chunk 1 of channel 0 came when silence had been put in its place.");
        assertThat(bench.metric("gaps-total")).isEqualTo(1);
        assertThat(bench.metric("missing-chunks-total")).isEqualTo(2);
        assertThat(bench.metric("duplicates-total")).isEqualTo(2);
    }

    @Test
    void shouldDropWhatComesSoLateThatNobodyKnowsWhetherItCame() {
        feed(500);
        bench.advance(LIMITS.reorderWait().plus(A_MOMENT));
        for (int sequence = 501; sequence < 501 + LIMITS.comparedChunks(); sequence++) {
            feed(sequence);
        }
        process("c1", other(500));
        process("c1", other(501));

        assertThat(bench.deadLetters()).hasSize(1);
        assertThat(bench.metric("duplicates-total")).isEqualTo(1);
    }

    @Test
    void shouldLetNoMoreBytesWaitThanTheLimit() {
        feed(0);
        int size = LIMITS.reorderBytes() / 4;
        for (int sequence = 2; sequence < 6; sequence++) {
            process(
                    "c1",
                    TestChunks.silence("c1", 0, sequence)
                            .setPayload(ByteBuffer.allocate(size))
                            .build());
        }
        assertThat(passed()).containsExactly("0");

        feed(7);
        assertThat(passed()).containsExactly("0", "2 after 1 missing", "3", "4", "5");
        assertThat(waiting.all()).hasNext();
    }

    @Test
    void shouldSetAsideWhatIsNoChunkAsItCame() {
        byte[] junk = {1, 2, 3};
        byte[] key = {(byte) 0xff, 7};
        bench.process(key, junk);
        bench.process(null, new byte[0]);

        assertThat(bench.deadLetterRecords()).hasSize(2);
        CapturedForward<?, ?> letter = bench.deadLetterRecords().get(0);
        assertThat(letter.record().key()).isEqualTo(key);
        assertThat(letter.record().value()).isEqualTo(junk);
        assertThat(ProcessorBench.header(letter, DeadLetters.FAULT)).isEqualTo("unreadable");
        assertThat(ProcessorBench.header(letter, DeadLetters.REASON)).contains("expected AudioChunk");
        assertThat(passed()).isEmpty();
    }

    /** A record that Kafka would refuse would stop the thread, and again after each restart. */
    @Test
    void shouldMakeEveryDeadLetterSmallEnoughForKafka() {
        String endless = "c".repeat(400_000);
        process(endless, TestChunks.silence(endless, 0, 0).build());
        bench.process(new byte[500_000], new byte[2_000_000]);
        process(
                "c1",
                TestChunks.silence("c1", 0, 0)
                        .setPayload(ByteBuffer.allocate(5_000_000))
                        .build());
        process(
                "c1",
                TestChunks.silence("c1", 0, 0)
                        .setLanguage("x".repeat(3_000_000))
                        .build());
        RecordHeaders headers = new RecordHeaders();
        headers.add("x", new byte[1_000_000]);
        bench.process(new Record<>(null, new byte[890_000], 0, headers));

        assertThat(bench.deadLetterRecords())
                .hasSize(5)
                .allSatisfy(letter -> assertThat(size(letter.record())).isLessThan(1_000_000));
        assertThat(bench.deadLetterRecords())
                .extracting(letter -> ProcessorBench.header(letter, DeadLetters.FAULT))
                .containsExactly("call-id", "unreadable", "payload", "language", "unreadable");
        assertThat(ProcessorBench.header(bench.deadLetterRecords().get(0), DeadLetters.CALL))
                .isEqualTo("c".repeat(LIMITS.longestCallId()));
        assertThat(ProcessorBench.header(bench.deadLetterRecords().get(1), DeadLetters.BYTES))
                .isEqualTo("2000000");
    }

    private static int size(Record<?, ?> record) {
        int bytes = 0;
        for (Object part : Arrays.asList(record.key(), record.value())) {
            bytes += part == null ? 0 : ((byte[]) part).length;
        }
        for (Header header : record.headers()) {
            bytes += header.key().length() + header.value().length;
        }
        return bytes;
    }

    @Test
    void shouldKeepSmallHeadersOfADeadLetterAndReplaceItsOwn() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("trace", new byte[] {1});
        headers.add(DeadLetters.OFFSET, "999".getBytes(StandardCharsets.UTF_8));
        bench.process(new Record<>(null, new byte[1], 0, headers));

        CapturedForward<?, ?> letter = bench.deadLetterRecords().get(0);
        assertThat(letter.record().headers().lastHeader("trace").value()).containsExactly(1);
        assertThat(letter.record().headers().headers(DeadLetters.OFFSET)).hasSize(1);
        assertThat(ProcessorBench.header(letter, DeadLetters.OFFSET)).isEqualTo("0");
    }

    @Test
    void shouldEndTheCallThatWasHeardOfLongestAgoWhenThereAreTooMany() {
        start(limits(2, Duration.ofHours(3), 10));
        process("a", TestChunks.silence("a", 0, 0).build());
        process("a", TestChunks.silence("a", 1, 0).build());
        process("b", TestChunks.silence("b", 0, 0).build());
        process("a", TestChunks.silence("a", 0, 1).build());
        process("c", TestChunks.silence("c", 0, 0).build());

        assertThat(passedOf("b", 0)).containsExactly("0", "1 end");
        assertThat(bench.passed().get(4).chunk().getAttributes()).isEqualTo(Map.of("kscribe.end", "evicted"));

        process("d", TestChunks.silence("d", 0, 0).build());
        assertThat(passedOf("a", 0)).containsExactly("0", "1", "2 end");
        assertThat(passedOf("a", 1)).containsExactly("0", "1 end");
        process("b", TestChunks.silence("b", 0, 1).build());
        assertThat(bench.deadLetters()).containsExactly("6: Call b: channel 0 had ended when chunk 1 came.");
        assertThat(passedOf("c", 0)).as("a late chunk needs no room").containsExactly("0");
        bench.advance(A_MOMENT);
        assertThat(bench.metric("ends-total")).isEqualTo(3);
        assertThat(bench.metric("open-calls")).isEqualTo(2);
        assertThat(bench.metric("open-channels")).isEqualTo(2);
    }

    @Test
    void shouldLetWhatWaitsGoOnBeforeACallIsEvicted() {
        start(limits(1, Duration.ofHours(3), 10));
        process("a", TestChunks.silence("a", 0, 0).build());
        process("a", TestChunks.silence("a", 0, 2).build());
        process("b", TestChunks.silence("b", 0, 5).build());
        process("c", TestChunks.silence("c", 0, 0).build());

        assertThat(passedOf("a", 0)).containsExactly("0", "2 after 1 missing", "3 end");
        assertThat(passedOf("b", 0)).containsExactly("5", "6 end");
        assertThat(waiting.all()).isExhausted();
    }

    @Test
    void shouldRememberNoMoreEndsThanTheLimit() {
        start(limits(100, Duration.ofHours(3), 3));
        for (String call : List.of("a", "b", "c", "d")) {
            process(call, TestChunks.silence(call, 0, 0).setEndOfStream(true).build());
        }

        try (KeyValueIterator<String, Position> all = positions.all()) {
            assertThat(all).toIterable().hasSize(3);
        }
        process("b", TestChunks.silence("b", 0, 1).build());
        process("a", TestChunks.silence("a", 0, 0).build());
        assertThat(bench.deadLetters()).hasSize(1);
        assertThat(passedOf("a", 0)).containsExactly("0 end", "0");
    }

    @Test
    void shouldEndAChannelThatBringsAudioMuchFasterThanTimePasses() {
        start(limits(100, Duration.ofSeconds(10), 10));
        for (int sequence = 0; sequence < 19; sequence++) {
            process("c1", second(sequence));
            bench.advance(Duration.ofMillis(500));
        }
        assertThat(passed()).as("9.5 s more than time").hasSize(19);

        process("c1", second(19));
        process("c1", second(20));

        assertThat(passed()).hasSize(21).endsWith("19", "20 end");
        assertThat(bench.passed().get(20).chunk().getAttributes()).isEqualTo(Map.of("kscribe.end", "evicted"));
        assertThat(bench.deadLetters()).containsExactly("20: Call c1: channel 0 had ended when chunk 20 came.");
    }

    @Test
    void shouldTakeABacklogForWhatItIs() {
        start(limits(100, Duration.ofSeconds(10), 10));
        for (int sequence = 0; sequence < 60; sequence++) {
            bench.process(
                    new Record<>("c1".getBytes(StandardCharsets.UTF_8), bytes(second(sequence)), 1000L * sequence));
        }

        assertThat(passed()).hasSize(60);
        assertThat(bench.deadLetters()).isEmpty();
    }

    @Test
    void shouldCountTheSilenceThatMissingChunksBring() {
        start(limits(100, Duration.ofMinutes(10), 10));
        for (int i = 0; i < 5; i++) {
            process("c1", second(3000L * i));
            bench.advance(LIMITS.reorderWait().plus(A_MOMENT));
        }

        assertThat(passed()).hasSize(6).last().isEqualTo("12001 end");
    }

    @Test
    void shouldNotGiveUpMissingChunksBecauseOfItsOwnAbsence() {
        feed(0, 2);
        bench.stall(Duration.ofHours(1));
        bench.advance(A_MOMENT);
        feed(1);

        assertThat(passed()).containsExactly("0", "1", "2");
    }

    private static AudioChunk second(long sequence) {
        return TestChunks.silence("c1", 0, sequence)
                .setPayload(ByteBuffer.allocate(8000))
                .build();
    }

    private static AudioChunk other(long sequence) {
        return TestChunks.silence("c1", 0, sequence)
                .setPayload(ByteBuffer.allocate(80))
                .build();
    }

    private static StreamLimits limits(int openCalls, Duration longestLead, int endedChannels) {
        return LIMITS.with("open-calls", openCalls)
                .with("longest-lead", longestLead)
                .with("ended-channels", endedChannels);
    }

    /** Ids are the producer's, so some look like the keys that stores use. */
    @ParameterizedTest
    @CsvSource({
        "a, 1, a|1, 0",
        "a, 0, a|0|0000000000000000002, 0",
        "1:a, 1, a, 1",
        "a, 1, a, 10",
        "1:a|0, 0, a, 0",
        "ä, 0, a, 0"
    })
    void shouldNotMixCallsWhoseIdsLookLikeKeys(String one, int oneChannel, String other, int otherChannel) {
        for (long sequence : List.of(0L, 2L, 4L, 3L)) {
            process(one, TestChunks.silence(one, oneChannel, sequence).build());
            process(other, TestChunks.silence(other, otherChannel, sequence).build());
        }
        process(other, TestChunks.silence(other, otherChannel, 1).build());
        assertThat(passedOf(one, oneChannel)).containsExactly("0");
        assertThat(passedOf(other, otherChannel)).containsExactly("0", "1", "2", "3", "4");

        bench.advance(LIMITS.reorderWait().plus(A_MOMENT));

        assertThat(passedOf(one, oneChannel)).containsExactly("0", "2 after 1 missing", "3", "4");
        assertThat(passedOf(other, otherChannel)).hasSize(5);
        assertThat(waiting.all()).isExhausted();
    }

    private long process(@Nullable String key, AudioChunk chunk) {
        return bench.process(key == null ? null : key.getBytes(StandardCharsets.UTF_8), bytes(chunk));
    }

    private static byte[] bytes(AudioChunk chunk) {
        return Objects.requireNonNull(new AudioChunkSerializer().serialize("", chunk));
    }

    private void feed(long... sequences) {
        for (long sequence : sequences) {
            process("c1", TestChunks.silence("c1", 0, sequence).build());
        }
    }

    private void end(long sequence) {
        process("c1", TestChunks.silence("c1", 0, sequence).setEndOfStream(true).build());
    }

    private List<String> passed() {
        return bench.passed().stream().map(SequencerTest::written).toList();
    }

    private List<String> passedOf(String callId, int channel) {
        return bench.passed().stream()
                .filter(chunk -> chunk.channel().equals(new ChannelKey(callId, channel)))
                .map(SequencerTest::written)
                .toList();
    }

    private static String written(OrderedChunk chunk) {
        return chunk.chunk().getSequence()
                + (chunk.missing() == 0 ? "" : " after " + chunk.missing() + " missing")
                + (chunk.chunk().getEndOfStream() ? " end" : "");
    }
}
