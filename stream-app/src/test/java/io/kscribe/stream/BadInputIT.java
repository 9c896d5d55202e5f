package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.broker.InProcessBroker;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkDeserializer;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Transcript;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be used is set aside with its reason, while a call on the same partition goes on. */
class BadInputIT {
    /** How far the neighbour's call, and the bad one, has come when something bad comes. */
    private static final int SO_FAR = 30;

    @TempDir
    private static Path directory;

    private static InProcessBroker broker;
    private static ServiceBench bench;
    private static TranscriptionService service;

    private String callId;
    private List<AudioChunk> call;
    private List<AudioChunk> neighbour;

    @BeforeAll
    static void start() throws Exception {
        broker = InProcessBroker.start();
        bench = new ServiceBench(broker.bootstrapServers(), "bad-input");
        // At the head of the partition, before anything that can be read.
        bench.publish("poison", new byte[] {0, 0, 0, 0});
        service = bench.service(directory);
        assertThat(service.awaitRunning(Duration.ofSeconds(60))).isTrue();
    }

    @AfterAll
    static void stop() {
        int failures = service.failures();
        service.close();
        bench.close();
        broker.close();
        assertThat(failures).isZero();
    }

    @BeforeEach
    void begin(TestInfo test) throws Exception {
        callId = test.getTestMethod().orElseThrow().getName();
        call = KennedyCall.chunks(callId);
        neighbour = KennedyCall.chunks("neighbour of " + callId);
        bench.publish(neighbour.subList(0, SO_FAR));
        bench.publish(call.subList(0, SO_FAR));
    }

    @Test
    void shouldSetAsideAChunkWithAnImpossibleRate() throws Exception {
        AudioChunk bad = next().setSampleRate(100).build();

        assertSetAside(
                bench.publish(callId, bad), bad, "Call " + callId + ": sampleRate is 100 Hz; 4000 to 192000 are read.");
    }

    @Test
    void shouldSetAsideAPayloadOfOddLength() throws Exception {
        AudioChunk bad = next().setEncoding(AudioEncoding.PCM_S16LE)
                .setPayload(ByteBuffer.wrap(new byte[801]))
                .build();

        assertSetAside(
                bench.publish(callId, bad),
                bad,
                "Call " + callId
                        + ": payload has 801 bytes, which is no whole number of PCM_S16LE samples of 2 bytes.");
    }

    @Test
    void shouldSetAsideAChunkUnderAnotherCallsKey() throws Exception {
        AudioChunk bad = next().build();

        assertSetAside(
                bench.publish(neighbour.get(0).getCallId(), bad),
                bad,
                "Call " + callId + ": the record's key is another call's; it must be the callId.");
    }

    @Test
    void shouldSetAsideAChunkWhoseRateChangedInMidCallAndGoOnWithSilence() throws Exception {
        AudioChunk bad = next().setSampleRate(16_000).build();
        long offset = bench.publish(callId, bad);
        bench.publish(call.subList(SO_FAR + 1, call.size()));

        assertSetAside(offset, bad, "Call " + callId + ": sampleRate changed from 8000 to 16000 Hz in mid-call.");
        bench.awaitFinished(callId, 0);
        assertThat(words(callId)).isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
    }

    @Test
    void shouldSetAsideAChunkWithASampleThatIsNoNumber() throws Exception {
        ByteBuffer samples = ByteBuffer.allocate(800 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        samples.putFloat(7 * Float.BYTES, Float.NaN);
        AudioChunk bad = next().setEncoding(AudioEncoding.PCM_F32LE)
                .setPayload(samples.order(ByteOrder.BIG_ENDIAN))
                .build();
        long offset = bench.publish(callId, bad);
        bench.publish(call.subList(SO_FAR + 1, call.size()));

        assertSetAside(offset, bad, "Call " + callId + ": Sample 7 is NaN; expected a finite number.");
        bench.awaitFinished(callId, 0);
        assertThat(words(callId)).isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
    }

    @Test
    void shouldSetAsideAnOversizeChunkWithoutItsPayload() throws Exception {
        AudioChunk bad = next().setPayload(ByteBuffer.wrap(new byte[1_000_000])).build();

        assertSetAside(
                bench.publish(callId, bad),
                next().setPayload(ByteBuffer.allocate(0)).build(),
                "Call " + callId + ": payload has 1000000 bytes; at most 800000 are read.");
    }

    @Test
    void shouldSetAsideWhatComesAfterTheEnd() throws Exception {
        bench.publish(call.subList(SO_FAR, call.size()));
        AudioChunk bad = next().setSequence(200).build();

        assertSetAside(
                bench.publish(callId, bad), bad, "Call " + callId + ": channel 0 had ended when chunk 200 came.");
    }

    @Test
    void shouldSetAsideWhatIsNoChunk() throws Exception {
        byte[] bad = new byte[500];
        new Random(1).nextBytes(bad);
        long offset = bench.publish(callId, bad);
        finishNeighbour();

        ConsumerRecord<String, byte[]> letter = onlyLetter(offset);
        assertThat(letter.key()).isEqualTo(callId);
        assertThat(letter.value()).isEqualTo(bad);
        assertThat(header(letter, DeadLetters.REASON)).isNotBlank();
    }

    @Test
    void shouldSetAsideATornChunk() throws Exception {
        byte[] whole = serialized(next().build());
        byte[] torn = Arrays.copyOf(whole, whole.length / 2);
        long offset = bench.publish(callId, torn);
        finishNeighbour();

        assertThat(onlyLetter(offset).value()).isEqualTo(torn);
    }

    /** Together with its headers it would be more than Kafka takes. */
    @Test
    void shouldSetAsideAsMuchJunkAsKafkaTakes() throws Exception {
        byte[] bad = new byte[1_048_000];
        new Random(2).nextBytes(bad);
        long offset = bench.publish(callId, bad);
        finishNeighbour();

        ConsumerRecord<String, byte[]> letter = onlyLetter(offset);
        assertThat(letter.value()).isNull();
        assertThat(header(letter, DeadLetters.BYTES)).isEqualTo("1048000");
        assertThat(header(letter, DeadLetters.CALL)).isEqualTo(callId);
    }

    @Test
    void shouldSetAsideACallWhoseIdIsEndless() throws Exception {
        String endless = "c".repeat(10_240);
        AudioChunk bad = next().setCallId(endless).build();

        assertSetAside(
                bench.publish(endless, bad), bad, "The chunk's callId has 10240 characters; at most 256 are allowed.");
    }

    @Test
    void shouldHearTheFirstOfTwoProducersOfAChannel() throws Exception {
        List<AudioChunk> second = new ArrayList<>();
        for (AudioChunk chunk : call.subList(SO_FAR, call.size())) {
            byte[] quiet = new byte[chunk.getPayload().remaining()];
            Arrays.fill(quiet, (byte) 0xff);
            quiet[0] = 0;
            second.add(AudioChunk.newBuilder(chunk)
                    .setPayload(ByteBuffer.wrap(quiet))
                    .build());
        }
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i < second.size(); i++) {
            bench.publish(callId, call.get(SO_FAR + i));
            offsets.add(bench.publish(callId, second.get(i)));
        }
        finishNeighbour();

        bench.awaitFinished(callId, 0);
        assertThat(words(callId)).isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
        for (long offset : offsets) {
            assertThat(header(onlyLetter(offset), DeadLetters.FAULT)).isEqualTo("conflict");
        }
    }

    @Test
    void shouldPassOverARecordWithoutAValue() throws Exception {
        int before = bench.deadLetters().size();
        bench.publishNothing(callId);
        finishNeighbour();

        assertThat(bench.deadLetters()).hasSize(before);
    }

    /** A clock that is wrong is no reason to lose the audio, let alone to stop: Kafka refuses records stamped far ahead. */
    @Test
    void shouldHearACallWhoseProducersClockIsWrong() throws Exception {
        Instant ahead = Instant.now().plus(Duration.ofDays(400));
        Instant early = Instant.ofEpochMilli(-5_000_000_000L);
        for (Instant start : List.of(ahead, early)) {
            List<AudioChunk> wrong = new ArrayList<>();
            for (AudioChunk chunk : call) {
                wrong.add(AudioChunk.newBuilder(chunk)
                        .setCallId(callId + start)
                        .setCapturedAt(start.plus(Duration.between(KennedyCall.STARTED, chunk.getCapturedAt())))
                        .build());
            }
            bench.publish(wrong);
        }
        finishNeighbour();

        for (Instant start : List.of(ahead, early)) {
            bench.awaitFinished(callId + start, 0);
            assertThat(words(callId + start)).isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
            assertThat(bench.finals(callId + start))
                    .allSatisfy(transcript -> assertThat(transcript.getCapturedAt())
                            .isBetween(start, start.plusMillis(KennedyCall.MILLIS)));
        }
    }

    @Test
    void shouldSetAsideAPoisonousRecordAtTheHeadOfThePartition() throws Exception {
        finishNeighbour();

        ConsumerRecord<String, byte[]> letter = onlyLetter(0);
        assertThat(letter.key()).isEqualTo("poison");
        assertThat(letter.value()).containsExactly(0, 0, 0, 0);
        assertThat(header(letter, DeadLetters.CALL)).isEqualTo("poison");
    }

    /** The chunk that would come next in the bad call. */
    private AudioChunk.Builder next() {
        return AudioChunk.newBuilder(call.get(SO_FAR));
    }

    private void assertSetAside(long offset, AudioChunk expected, String reason) throws Exception {
        finishNeighbour();
        ConsumerRecord<String, byte[]> letter = onlyLetter(offset);
        assertThat(new AudioChunkDeserializer().deserialize("", letter.value())).isEqualTo(expected);
        assertThat(header(letter, DeadLetters.REASON)).isEqualTo(reason);
    }

    private void finishNeighbour() throws Exception {
        bench.publish(neighbour.subList(SO_FAR, neighbour.size()));
        String id = neighbour.get(0).getCallId();
        bench.awaitFinished(id, 0);
        bench.awaitCommitted();
        assertThat(words(id)).isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
    }

    private static int words(String callId) {
        return KennedyCall.wordsIn(
                bench.finals(callId).stream().map(Transcript::getText).collect(Collectors.joining(" ")));
    }

    /** The one dead letter that was at this place of the audio topic. */
    private static ConsumerRecord<String, byte[]> onlyLetter(long offset) {
        List<ConsumerRecord<String, byte[]>> letters = bench.deadLetters().stream()
                .filter(letter -> header(letter, DeadLetters.OFFSET).equals(Long.toString(offset)))
                .toList();
        assertThat(letters).hasSize(1);
        ConsumerRecord<String, byte[]> letter = letters.get(0);
        assertThat(header(letter, DeadLetters.TOPIC)).isEqualTo(bench.topics().audio());
        assertThat(header(letter, DeadLetters.PARTITION)).isEqualTo("0");
        assertThat(header(letter, DeadLetters.EXCEPTION)).isNotBlank();
        assertThat(header(letter, DeadLetters.CALL)).isNotBlank();
        return letter;
    }

    private static String header(ConsumerRecord<String, byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    private static byte[] serialized(AudioChunk chunk) {
        return Objects.requireNonNull(new AudioChunkSerializer().serialize("", chunk));
    }
}
