package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncoderCacheTest {
    private static final int RATE_HZ = 16_000;
    private static final float[] NOISE = noise(20 * RATE_HZ);

    /** Sums of the same numbers in another order differ by less. */
    private static final float ROUNDING = 1e-4f;

    @TempDir
    Path directory;

    private WhisperEngine engine;

    @BeforeEach
    void open() throws Exception {
        engine = RandomModels.engine(directory, 3);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void shouldGiveTheSameForTheSameWindowThoughMostOfItIsNotComputedAgain() throws Exception {
        OngoingSpeech speech = new OngoingSpeech();
        SpeechWindow window = window(5);
        Map<String, float[]> whole = heard(window, Optional.of(speech));
        Map<String, float[]> inPart = heard(window, Optional.of(speech));

        assertThat(whole).hasSizeGreaterThan(3);
        whole.forEach((name, values) -> assertThat(inPart.get(name)).containsExactly(values, within(ROUNDING)));
    }

    @Test
    void shouldComputeAnewWhatIsNewAndWhatHadLittleAudioAfterIt() throws Exception {
        OngoingSpeech speech = new OngoingSpeech();
        Map<String, float[]> before = heard(window(5), Optional.of(speech));
        Map<String, float[]> inPart = heard(window(6), Optional.of(speech));
        Map<String, float[]> whole = heard(window(6), Optional.of(new OngoingSpeech()));

        int kept = 5 * 50 - EncoderCache.LOOKAHEAD_POSITIONS;
        int width = engine.encoder().config().headWidth();
        assertThat(firstHead(inPart, 0, kept * width)).isEqualTo(firstHead(before, 0, kept * width));
        float[] fresh = firstHead(inPart, kept * width, 6 * 50 * width);
        assertThat(distance(fresh, firstHead(whole, kept * width, 6 * 50 * width)))
                .isLessThan(distance(fresh, firstHead(before, kept * width, 6 * 50 * width)) / 10);
    }

    @Test
    void shouldComputeAllOfAWindowNowAndThen() throws Exception {
        OngoingSpeech speech = new OngoingSpeech();
        for (int i = 0; i <= EncoderCache.MOST_STEPS; i++) {
            heard(window(12), Optional.of(speech));
        }
        SpeechWindow next = window(13);
        assertThat(firstHead(heard(next, Optional.of(speech)), 0, 100))
                .isEqualTo(firstHead(heard(next, Optional.of(new OngoingSpeech())), 0, 100));
    }

    @Test
    void shouldComputeAllWhenThereIsNoRoomForSoMuchMore() throws Exception {
        OngoingSpeech speech = new OngoingSpeech();
        heard(window(2), Optional.of(speech));
        SpeechWindow next = window(20);
        assertThat(firstHead(heard(next, Optional.of(speech)), 0, 100))
                .isEqualTo(firstHead(heard(next, Optional.of(new OngoingSpeech())), 0, 100));
    }

    @Test
    void shouldHearAWindowThatGrowsBesideOthers() throws Exception {
        OngoingSpeech speech = new OngoingSpeech();
        heard(window(3), Optional.of(speech));
        SpeechWindow longer = window(9);
        SpeechWindow next = window(4);
        List<ContextLayout> layouts = List.of(
                ContextLayout.of(longer.samples(), Padding.merged()),
                ContextLayout.growing(next.samples(), Padding.merged()));
        try (Heard both =
                engine.encoder().hear(List.of(longer, next), layouts, List.of(Optional.empty(), Optional.of(speech)))) {
            FloatBuffer keys =
                    Objects.requireNonNull(both.tensors().get("cross_key.0")).getFloatBuffer();
            float[] first = new float[100];
            keys.get(keys.remaining() / 2, first);
            assertThat(first).isEqualTo(firstHead(heard(window(3), Optional.of(new OngoingSpeech())), 0, 100));
        }
    }

    @Test
    void shouldTakeMemoryAgainOnlyWhenSpeechIsOverOrLongUnused() throws Exception {
        AtomicLong nanos = new AtomicLong();
        EncoderCaches caches = new EncoderCaches(1000, nanos::get);
        OngoingSpeech ended = new OngoingSpeech();
        OngoingSpeech left = new OngoingSpeech();
        ByteBuffer ofEnded = put(caches, ended, 600);
        ByteBuffer ofLeft = put(caches, left, 400);
        assertThat(caches.memory(300)).isEmpty();

        ended.end();
        assertThat(caches.memory(500)).containsSame(ofEnded);
        assertThat(caches.memory(300)).isEmpty();
        assertThat(caches.take(ended)).isEmpty();

        nanos.addAndGet(EncoderCaches.LONGEST_UNUSED.toNanos());
        assertThat(caches.memory(300)).isEmpty();
        nanos.incrementAndGet();
        assertThat(caches.memory(300)).containsSame(ofLeft);
    }

    @Test
    void shouldLetTooSmallMemoryOfSpeechThatIsOverMakeRoom() throws Exception {
        EncoderCaches caches = new EncoderCaches(1000, () -> 0);
        OngoingSpeech ended = new OngoingSpeech();
        put(caches, ended, 600);
        ended.end();
        assertThat(caches.memory(900)).isPresent();
        assertThat(caches.memory(200)).isEmpty();
    }

    private ByteBuffer put(EncoderCaches caches, OngoingSpeech speech, int bytes) {
        ByteBuffer memory = caches.memory(bytes).orElseThrow();
        caches.put(speech, new EncoderCache(engine.encoder().config(), memory));
        return memory;
    }

    private Map<String, float[]> heard(SpeechWindow window, Optional<OngoingSpeech> speech) throws Exception {
        ContextLayout layout = ContextLayout.growing(window.samples(), Padding.merged());
        try (Heard heard = engine.encoder().hear(List.of(window), List.of(layout), List.of(speech))) {
            Map<String, float[]> values = new TreeMap<>();
            heard.tensors().forEach((name, tensor) -> {
                FloatBuffer all = tensor.getFloatBuffer();
                float[] copy = new float[all.remaining()];
                all.get(copy);
                values.put(name, copy);
            });
            // What a lane is filled up with has no weight, and may be anything.
            values.replaceAll((name, all) -> name.startsWith("cross_") ? heads(all, layout.size()) : all);
            return values;
        }
    }

    /** The first positions of each head. */
    private float[] heads(float[] all, int positions) {
        int width = engine.encoder().config().headWidth();
        int heads = engine.encoder().config().decoderHeads();
        float[] kept = new float[heads * positions * width];
        for (int head = 0; head < heads; head++) {
            System.arraycopy(all, head * all.length / heads, kept, head * positions * width, positions * width);
        }
        return kept;
    }

    private static float[] firstHead(Map<String, float[]> heard, int from, int to) {
        return Arrays.copyOfRange(Objects.requireNonNull(heard.get("cross_key.0")), from, to);
    }

    private static double distance(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }

    private static SpeechWindow window(int seconds) {
        return SpeechWindow.of(Arrays.copyOf(NOISE, seconds * RATE_HZ), 80);
    }

    private static float[] noise(int samples) {
        Random random = new Random(1);
        float[] noise = new float[samples];
        for (int i = 0; i < samples; i++) {
            noise[i] = (float) (random.nextGaussian() * 0.1 * Math.sin(i / 3000.0));
        }
        return noise;
    }
}
