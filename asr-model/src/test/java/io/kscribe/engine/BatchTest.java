package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kscribe.compiler.Precision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows decoded side by side, with models of random weights. */
class BatchTest {
    private static final DecodingRequest ENGLISH = DecodingRequest.transcribe(Optional.of("en"));

    @TempDir
    Path directory;

    /** To the bit: tokens, probabilities and the times of words. */
    @ParameterizedTest
    @MethodSource("models")
    void shouldWriteForAWindowInAnyCompanyWhatItWritesAlone(Precision precision, long seed) throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, seed, precision)) {
            Random random = new Random(seed);
            List<SpeechWindow> windows = windows(random, 1, 2, 3, 5, 5, 9, 14, 22, 29);
            List<Transcription> alone = windows.stream()
                    .map(window -> engine.transcribe(window, ENGLISH))
                    .toList();
            for (int i = 0; i < 6; i++) {
                List<Integer> company = new ArrayList<>();
                for (int size = 1 + random.nextInt(11); size > 0; size--) {
                    company.add(random.nextInt(windows.size()));
                }
                List<Transcription> texts = engine.transcribe(
                        company.stream().map(windows::get).toList(), Collections.nCopies(company.size(), ENGLISH));
                assertThat(texts)
                        .as("windows %s", company)
                        .isEqualTo(company.stream().map(alone::get).toList());
            }
        }
    }

    /** To the bit, however much of the draft is right. */
    @ParameterizedTest
    @MethodSource("models")
    void shouldWriteWithADraftWhatItWritesATokenAtATime(Precision precision, long seed) throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, seed, precision)) {
            Random random = new Random(seed);
            for (SpeechWindow window : windows(random, 1, 3, 6, 15)) {
                Transcription plain = engine.transcribe(window, ENGLISH);
                for (int right = 0; right <= plain.tokens().size(); right += 5) {
                    List<DecodedToken> draft = new ArrayList<>(plain.tokens().subList(0, right));
                    for (int wrong = random.nextInt(4); wrong > 0; wrong--) {
                        draft.add(new DecodedToken(
                                random.nextInt(engine.vocabulary().endOfText()), -1));
                    }
                    assertThat(engine.transcribe(window, ENGLISH.withHypothesis(draft, 0)))
                            .isEqualTo(plain);
                }
            }
        }
    }

    static Stream<Arguments> models() {
        return Stream.of(Precision.FP32, Precision.INT8_ROWWISE)
                .flatMap(precision -> Stream.of(1L, 2L, 3L, 4L).map(seed -> Arguments.of(precision, seed)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldWriteWithOtherSettingsInABatchWhatIsWrittenAlone(long seed) throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, seed)) {
            List<SpeechWindow> windows = windows(new Random(seed), 1, 4, 10);
            DecodingRequest beams = ENGLISH.withSettings(ENGLISH.settings().withBeams(3));
            DecodingRequest detected = DecodingRequest.transcribe(Optional.empty());
            List<DecodingRequest> requests = List.of(ENGLISH, beams, detected);
            List<Transcription> alone = IntStream.range(0, windows.size())
                    .mapToObj(i -> engine.transcribe(windows.get(i), requests.get(i)))
                    .toList();
            assertThat(engine.transcribe(windows, requests)).isEqualTo(alone);
        }
    }

    @Test
    void shouldTryAgainOnlyForTheWindowThatFails() throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, 1)) {
            List<SpeechWindow> windows = windows(new Random(1), 1, 2, 4, 6);
            long incomplete = windows.stream()
                    .filter(window -> !engine.transcribe(window, ENGLISH.withoutFallback())
                            .complete())
                    .count();
            engine.transcribe(windows, Collections.nCopies(windows.size(), ENGLISH));
            assertThat(engine.fullWindowFallbacks()).isEqualTo(incomplete);
        }
    }

    @Test
    void shouldDecodeNothingWithoutWindows() throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, 1)) {
            assertThat(engine.transcribe(List.of(), List.of())).isEmpty();
        }
    }

    @Test
    void shouldAskForARequestForEachWindow() throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, 1)) {
            List<SpeechWindow> windows = windows(new Random(1), 1, 2);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.transcribe(windows, List.of(ENGLISH)))
                    .withMessage("there are 2 windows but 1 requests");
        }
    }

    @Test
    void shouldPutWindowsOfLikeLengthTogetherWithinItsMemory() {
        List<ContextLayout> layouts = IntStream.of(20, 1, 2, 19, 3, 2, 1, 1, 2, 3, 18)
                .mapToObj(seconds -> ContextLayout.of(seconds * 16_000, Padding.merged()))
                .toList();
        assertThat(batches(layouts, 1)).containsExactly(List.of(0, 3, 10, 4, 9, 2, 5, 8), List.of(1, 6, 7));
        long bytes = Batches.MOST_BYTES / layouts.get(0).size();
        assertThat(batches(layouts, bytes)).first().isEqualTo(List.of(0));
        assertThat(batches(layouts, 10 * Batches.MOST_BYTES)).hasSize(layouts.size());
    }

    @Test
    void shouldPutRequestsThatGoInStepTogether() {
        ContextLayout layout = ContextLayout.of(16_000, Padding.merged());
        DecodingRequest detected = DecodingRequest.transcribe(Optional.empty());
        DecodingRequest drafted = ENGLISH.withHypothesis(List.of(new DecodedToken(3, -1)), 0);
        assertThat(Batches.of(
                        Collections.nCopies(5, layout),
                        List.of(ENGLISH, detected, ENGLISH, drafted, detected),
                        1,
                        Device.CPU))
                .containsExactly(List.of(0, 2), List.of(1, 4), List.of(3));
    }

    @Test
    void shouldPutMoreTogetherOnAGpu() {
        List<ContextLayout> layouts = Collections.nCopies(64, ContextLayout.of(16_000, Padding.merged()));
        List<DecodingRequest> requests = Collections.nCopies(64, ENGLISH);
        assertThat(batches(layouts, 1)).hasSize(8);
        assertThat(Batches.of(layouts, requests, 1, Device.of("cuda"))).hasSize(2);
    }

    private static List<List<Integer>> batches(List<ContextLayout> layouts, long bytesOfPosition) {
        return Batches.of(layouts, Collections.nCopies(layouts.size(), ENGLISH), bytesOfPosition, Device.CPU);
    }

    private static List<SpeechWindow> windows(Random random, int... seconds) {
        List<SpeechWindow> windows = new ArrayList<>();
        for (int length : seconds) {
            windows.add(RandomModels.window(random, length));
        }
        return windows;
    }
}
