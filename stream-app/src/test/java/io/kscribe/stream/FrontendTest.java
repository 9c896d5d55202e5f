package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.audio.StreamingResampler;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrontendTest {
    private static final ChannelKey CHANNEL = new ChannelKey("c1", 0);

    private final ProcessorBench<String, OrderedChunk, ChannelAudio> bench = new ProcessorBench<>();
    private KeyValueStore<String, KeptChunk> kept;

    @BeforeEach
    void start() {
        kept = bench.store(Frontend.AUDIO, KeptChunk.serde());
        bench.store(Recognizer.SESSIONS, Serdes.ByteArray());
        restart();
    }

    private void restart() {
        bench.start(new Frontend(
                ProcessorBench.TOPIC,
                new AudioChunkSerializer(),
                StreamLimits.standard(),
                ProcessorBench.NEXT,
                ProcessorBench.DEAD_LETTERS));
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 11_025, 16_000, 48_000, 4001})
    void shouldBringEveryRateToTheRecognisers(int rateHz) {
        float[] call = noise(rateHz * 2 + 17);
        feed(call, rateHz, rateHz / 10, 0);

        assertThat(heard()).containsExactly(resampled(call, rateHz));
        assertPositionsAdjoin(0);
        ChannelAudio last = last();
        assertThat(last.chunk().getEndOfStream()).isTrue();
        assertThat(last.endSecond()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {8000, 11_025, 48_000})
    void shouldPutSilenceWhereChunksAreMissing(int rateHz) {
        int size = rateHz / 10;
        float[] call = noise(size * 10);
        for (int i = 0; i < 10; i++) {
            if (i < 4 || i > 6) {
                pass(chunk(call, rateHz, size, i, i == 9), i == 7 ? 3 : 0);
            }
        }

        Arrays.fill(call, 4 * size, 7 * size, 0);
        assertThat(heard()).containsExactly(resampled(call, rateHz));
        assertPositionsAdjoin(0);
        assertThat(bench.passed())
                .extracting(ChannelAudio::gap)
                .containsExactly(false, false, false, false, true, false, false);
    }

    @Test
    void shouldPutInNoMoreSilenceThanTheLimit() {
        float[] call = noise(16_000);
        pass(chunk(call, 8000, 8000, 0, false), 0);
        pass(chunk(call, 8000, 8000, 1, true), 3000);

        long limit = StreamLimits.standard().longestSilence().toSeconds();
        assertThat(last().position() + last().samples().length).isEqualTo((2 + limit) * Frontend.RATE_HZ);
    }

    @Test
    void shouldGoOnWithSilenceWhereAChunkCannotBeUsed() {
        float[] call = noise(2400);
        pass(chunk(call, 8000, 800, 0, false), 0);
        AudioChunk faster = TestChunks.floats(1, 16_000, noise(1600)).build();
        bench.process("c1", new OrderedChunk(faster, 0, 77));
        pass(chunk(call, 8000, 800, 2, true), 0);

        Arrays.fill(call, 800, 1600, 0);
        assertThat(heard()).containsExactly(resampled(call, 8000));
        assertThat(bench.passed()).extracting(ChannelAudio::gap).containsExactly(false, true, false);
        assertThat(bench.deadLetters())
                .containsExactly("77: Call c1: sampleRate changed from 8000 to 16000 Hz in mid-call.");
        assertThat(bench.deadLetterRecords().get(0).record().value())
                .isEqualTo(new AudioChunkSerializer().serialize("", faster));
    }

    @Test
    void shouldKeepTimeWhereTheFirstChunkCannotBeUsed() {
        float[] call = noise(1600);
        float[] broken = noise(800);
        broken[5] = Float.POSITIVE_INFINITY;
        bench.process("c1", new OrderedChunk(TestChunks.floats(0, 8000, broken).build(), 0, 7));
        pass(chunk(call, 8000, 800, 1, true), 0);

        Arrays.fill(call, 0, 800, 0);
        assertThat(heard()).containsExactly(resampled(call, 8000));
        assertThat(bench.deadLetters()).containsExactly("7: Call c1: Sample 5 is Infinity; expected a finite number.");
    }

    @Test
    void shouldSetAsideSamplesThatNoDetectorCanHear() {
        float[] call = noise(1600);
        float[] broken = noise(800);
        broken[5] = 1e30f;
        pass(chunk(call, 8000, 800, 0, false), 0);
        bench.process("c1", new OrderedChunk(TestChunks.floats(1, 8000, broken).build(), 0, 7));

        assertThat(bench.deadLetters())
                .containsExactly("7: Call c1: Sample 5 is 1.0E30; expected -65536 to 65536, full scale is 1.");
    }

    @Test
    void shouldReadEachChunkInItsOwnEncoding() {
        pass(TestChunks.silence("c1", 0, 0).build(), 0);
        pass(TestChunks.floats(1, 8000, new float[80]).setEndOfStream(true).build(), 0);

        assertThat(heard()).hasSize(2 * 160);
        assertThat(bench.deadLetters()).isEmpty();
    }

    @Test
    void shouldKeepNothingOfEmptyChunks() {
        float[] call = noise(800);
        pass(TestChunks.floats(0, 48_000, new float[0]).build(), 0);
        pass(chunk(call, 8000, 800, 0, false), 0);
        for (int i = 1; i < 1000; i++) {
            pass(TestChunks.floats(i, 8000, new float[0]).build(), 0);
        }
        pass(TestChunks.floats(1000, 8000, new float[0]).setEndOfStream(true).build(), 0);

        assertThat(bench.passed()).hasSize(2);
        assertThat(heard()).containsExactly(resampled(call, 8000));
        assertThat(bench.deadLetters()).isEmpty();
    }

    @Test
    void shouldTakeAnEmptyEndAtAnyRate() {
        float[] call = noise(800);
        pass(chunk(call, 8000, 800, 0, false), 0);
        AudioChunk end =
                TestChunks.floats(1, 48_000, new float[0]).setEndOfStream(true).build();
        pass(end, 0);

        assertThat(heard()).containsExactly(resampled(call, 8000));
        assertThat(bench.deadLetters()).isEmpty();
    }

    @Test
    void shouldKeepEveryChunkUntilItIsReleased() {
        feed(noise(8000), 8000, 800, 0);

        List<Long> sequences = new ArrayList<>();
        try (KeyValueIterator<String, KeptChunk> all = kept.all()) {
            all.forEachRemaining(entry -> sequences.add(ChannelKey.sequence(entry.key)));
        }
        assertThat(sequences).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    }

    /** Chunks of 30 ms do not end at whole seconds; the second number is where the recogniser's state is, in milliseconds. */
    @ParameterizedTest
    @CsvSource({
        "8000, 3020",
        "8000, 3999",
        "8000, 1000",
        "8000, 250",
        "11025, 3020",
        "11025, 2000",
        "48000, 3020",
        "48000, 0"
    })
    void shouldGiveTheSameSamplesAgainAfterARestart(int rateHz, long retainMillis) {
        int size = rateHz * 30 / 1000;
        float[] call = noise(size * 200);
        for (int i = 0; i < 150; i++) {
            if (i != 120) {
                pass(chunk(call, rateHz, size, i, false), i == 121 ? 1 : 0);
            }
        }
        releaseBefore(retainMillis);
        List<ChannelAudio> before = List.copyOf(bench.passed());
        bench.forget();

        restart();
        bench.advance(Duration.ofMillis(10));
        assertThat(last().chunk().getSequence()).isEqualTo(149);
        for (int i = 150; i < 200; i++) {
            pass(chunk(call, rateHz, size, i, i == 199), 0);
        }

        long from = retainMillis * Frontend.RATE_HZ / 1000;
        long first = bench.passed().get(0).position();
        assertThat(first).isLessThanOrEqualTo(from);
        assertPositionsAdjoin(first);
        Arrays.fill(call, 120 * size, 121 * size, 0);
        float[] whole = resampled(call, rateHz);
        assertThat(Arrays.copyOfRange(heard(), (int) (from - first), heard().length))
                .containsExactly(Arrays.copyOfRange(whole, (int) from, whole.length));
        ChannelAudio gap =
                bench.passed().stream().filter(ChannelAudio::gap).findFirst().orElseThrow();
        assertThat(before).anySatisfy(audio -> {
            assertThat(audio.gap()).isTrue();
            assertThat(audio.position()).isEqualTo(gap.position());
            assertThat(audio.endSecond()).isEqualTo(gap.endSecond());
        });
    }

    @Test
    void shouldPlayWhatWasKeptBeforeAnythingNew() {
        float[] call = noise(2400);
        pass(chunk(call, 8000, 800, 0, false), 0);
        bench.forget();

        restart();
        pass(chunk(call, 8000, 800, 1, false), 0);
        bench.advance(Duration.ofMillis(10));
        pass(chunk(call, 8000, 800, 2, true), 0);

        assertThat(bench.passed())
                .extracting(audio -> audio.chunk().getSequence())
                .containsExactly(0L, 1L, 2L);
        assertThat(heard()).containsExactly(resampled(call, 8000));
    }

    @Test
    void shouldHearChannelsApart() {
        float[] one = noise(1600);
        AudioChunk.Builder other =
                TestChunks.floats(0, 48_000, noise(4800)).setChannel(1).setEndOfStream(true);
        pass(chunk(one, 8000, 800, 0, false), 0);
        pass(other.build(), 0);
        pass(chunk(one, 8000, 800, 1, true), 0);

        float[] heard = joined(bench.passed().stream()
                .filter(audio -> audio.channel().equals(CHANNEL))
                .toList());
        assertThat(heard).containsExactly(resampled(one, 8000));
        assertThat(bench.passed()).hasSize(3);
    }

    /** Feeds all of a call, its last chunk as its end. */
    private void feed(float[] call, int rateHz, int size, long firstSequence) {
        int chunks = (call.length + size - 1) / size;
        for (int i = 0; i < chunks; i++) {
            pass(chunk(call, rateHz, size, i + firstSequence, i == chunks - 1), 0);
        }
    }

    private void pass(AudioChunk chunk, int missing) {
        bench.process("c1", new OrderedChunk(chunk, missing, 0));
    }

    private static AudioChunk chunk(float[] call, int rateHz, int size, long sequence, boolean end) {
        int from = (int) sequence * size;
        float[] samples = Arrays.copyOfRange(call, Math.min(from, call.length), Math.min(call.length, from + size));
        return TestChunks.floats(sequence, rateHz, samples).setEndOfStream(end).build();
    }

    /** As the recogniser releases chunks; see ChannelSession. */
    private void releaseBefore(long retainMillis) {
        for (ChannelAudio audio : bench.passed()) {
            if (audio.endSecond() <= retainMillis / 1000 - 1) {
                kept.delete(CHANNEL.chunk(audio.chunk().getSequence()));
            }
        }
    }

    private float[] heard() {
        return joined(bench.passed());
    }

    private static float[] joined(List<ChannelAudio> pieces) {
        ByteBuffer all = ByteBuffer.allocate(Float.BYTES
                * pieces.stream().mapToInt(piece -> piece.samples().length).sum());
        for (ChannelAudio piece : pieces) {
            for (float sample : piece.samples()) {
                all.putFloat(sample);
            }
        }
        float[] joined = new float[all.capacity() / Float.BYTES];
        all.flip();
        all.asFloatBuffer().get(joined);
        return joined;
    }

    private ChannelAudio last() {
        return bench.passed().get(bench.passed().size() - 1);
    }

    private void assertPositionsAdjoin(long first) {
        long expected = first;
        for (ChannelAudio audio : bench.passed()) {
            assertThat(audio.position()).isEqualTo(expected);
            expected += audio.samples().length;
        }
    }

    private static float[] resampled(float[] samples, int rateHz) {
        StreamingResampler resampler = new StreamingResampler(rateHz, Frontend.RATE_HZ);
        float[] most = resampler.accept(samples);
        float[] rest = resampler.finish();
        float[] all = Arrays.copyOf(most, most.length + rest.length);
        System.arraycopy(rest, 0, all, most.length, rest.length);
        return all;
    }

    private static float[] noise(int length) {
        Random random = new Random(length);
        float[] noise = new float[length];
        for (int i = 0; i < length; i++) {
            noise[i] = (float) random.nextGaussian() / 10;
        }
        return noise;
    }
}
