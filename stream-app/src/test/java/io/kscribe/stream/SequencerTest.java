package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.KscribeSerdes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SequencerTest {
    private static final StreamLimits LIMITS = StreamLimits.standard();
    private static final Duration A_MOMENT = Duration.ofMillis(200);

    private final ProcessorBench<AudioChunk, OrderedChunk> bench = new ProcessorBench<>();
    private KeyValueStore<String, AudioChunk> positions;
    private KeyValueStore<String, HeldChunk> waiting;
    private KeyValueStore<String, byte[]> sessions;
    private boolean kafkaAnswers = true;

    @BeforeEach
    void start() {
        positions = bench.store(Sequencer.POSITIONS, KscribeSerdes.audioChunk());
        waiting = bench.store(Sequencer.WAITING, HeldChunk.serde());
        sessions = bench.store(Recognizer.SESSIONS, Serdes.ByteArray());
        restart();
    }

    private void restart() {
        bench.start(new Sequencer(
                ProcessorBench.TOPIC, LIMITS, ProcessorBench.NEXT, ProcessorBench.DEAD_LETTERS, () -> kafkaAnswers));
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
        long offset = bench.process(
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
    void shouldSayWhereADeadLetterCameFrom() {
        AudioChunk bad = TestChunks.silence("c1", 0, 0).setSampleRate(100).build();
        bench.process("another", bad);
        bench.process(null, bad);
        bench.process("c1", bad);

        assertThat(bench.deadLetters())
                .containsExactly(
                        "0: Call c1: the record's key is another call's; it must be the callId.",
                        "1: Call c1: the record's key is missing; it must be the callId.",
                        "2: Call c1: sampleRate is 100 Hz; 4000 to 192000 are read.");
        CapturedForward<?, ?> letter = bench.deadLetterRecords().get(0);
        assertThat(letter.record().key()).isEqualTo("another");
        assertThat(letter.record().value()).isEqualTo(bad);
        assertThat(ProcessorBench.header(letter, DeadLetters.TOPIC)).isEqualTo(ProcessorBench.TOPIC);
        assertThat(ProcessorBench.header(letter, DeadLetters.PARTITION))
                .isEqualTo(Integer.toString(ProcessorBench.PARTITION));
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
        bench.process("c1", TestChunks.silence("c1", 1, 0).build());
        bench.advance(LIMITS.channelTimeout().minus(A_MOMENT));
        bench.process("c1", TestChunks.silence("c1", 1, 1).build());
        assertThat(passed()).containsExactly("0", "1", "0", "1");

        bench.advance(A_MOMENT.multipliedBy(2));

        assertThat(passed()).containsExactly("0", "1", "0", "1", "1 end");
        OrderedChunk end = bench.passed().get(4);
        assertThat(end.offset()).isEqualTo(OrderedChunk.NOWHERE);
        assertThat(end.missing()).isZero();
        assertThat(end.chunk())
                .isEqualTo(TestChunks.silence("c1", 0, 1)
                        .setPayload(ByteBuffer.allocate(0))
                        .setAttributes(Map.of(Sequencer.TIMED_OUT, "true"))
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
        bench.process("c2", TestChunks.silence("c2", 0, 0).setEndOfStream(true).build());
        bench.process("c3", TestChunks.silence("c3", 0, 7).build());
        bench.forget();

        restart();
        feed(1, 2);
        assertThat(passed()).containsExactly("2", "3");
        bench.process("c2", TestChunks.silence("c2", 0, 0).build());
        bench.process("c2", TestChunks.silence("c2", 0, 1).build());
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
    void shouldKeepNoPayloadOfWhatHasPassed() {
        bench.process(
                "c1",
                TestChunks.silence("c1", 0, 0)
                        .setAttributes(Map.of("queue", "sales"))
                        .build());

        AudioChunk kept = positions.get(new ChannelKey("c1", 0).storeKey());
        assertThat(kept.getPayload().remaining()).isZero();
        assertThat(kept.getAttributes()).isEmpty();
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
            bench.process(one, TestChunks.silence(one, oneChannel, sequence).build());
            bench.process(
                    other, TestChunks.silence(other, otherChannel, sequence).build());
        }
        bench.process(other, TestChunks.silence(other, otherChannel, 1).build());
        assertThat(passedOf(one, oneChannel)).containsExactly("0");
        assertThat(passedOf(other, otherChannel)).containsExactly("0", "1", "2", "3", "4");

        bench.advance(LIMITS.reorderWait().plus(A_MOMENT));

        assertThat(passedOf(one, oneChannel)).containsExactly("0", "2 after 1 missing", "3", "4");
        assertThat(passedOf(other, otherChannel)).hasSize(5);
        assertThat(waiting.all()).isExhausted();
    }

    private void feed(long... sequences) {
        for (long sequence : sequences) {
            bench.process("c1", TestChunks.silence("c1", 0, sequence).build());
        }
    }

    private void end(long sequence) {
        bench.process(
                "c1", TestChunks.silence("c1", 0, sequence).setEndOfStream(true).build());
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
