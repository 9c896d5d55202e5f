package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows decoded side by side, with models of random weights. */
class BatchTest {
    private static final DecodingRequest ENGLISH = DecodingRequest.transcribe(Optional.of("en"));

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldWriteForAWindowTheSameInAnyCompany(long seed) throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, seed)) {
            Random random = new Random(seed);
            List<SpeechWindow> windows = windows(random, 1, 2, 3, 5, 5, 9, 14, 22, 29);
            List<Transcription> expected = new ArrayList<>();
            for (SpeechWindow window : windows) {
                expected.addAll(engine.transcribe(List.of(window), List.of(ENGLISH)));
            }
            for (int i = 0; i < 6; i++) {
                List<Integer> company = new ArrayList<>();
                for (int size = 1 + random.nextInt(11); size > 0; size--) {
                    company.add(random.nextInt(windows.size()));
                }
                List<Transcription> texts = engine.transcribe(
                        company.stream().map(windows::get).toList(), Collections.nCopies(company.size(), ENGLISH));
                assertThat(texts)
                        .as("windows %s", company)
                        .isEqualTo(company.stream().map(expected::get).toList());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldWriteWhatIsWrittenAlone(long seed) throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, seed)) {
            List<SpeechWindow> windows = windows(new Random(seed), 1, 4, 10);
            DecodingRequest beams = ENGLISH.withSettings(ENGLISH.settings().withBeams(3));
            DecodingRequest detected = DecodingRequest.transcribe(Optional.empty());
            List<Transcription> texts = engine.transcribe(windows, List.of(ENGLISH, beams, detected));
            assertThat(texts.get(0).text())
                    .isEqualTo(engine.transcribe(windows.get(0), ENGLISH).text());
            assertThat(texts.get(1).text())
                    .isEqualTo(engine.transcribe(windows.get(1), beams).text());
            assertThat(texts.get(2).text())
                    .isEqualTo(engine.transcribe(windows.get(2), detected).text());
            assertThat(texts.get(2).language())
                    .isEqualTo(engine.transcribe(windows.get(2), detected).language());
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
        assertThat(batches(layouts, bytes)).first().isEqualTo(List.of(0, 3));
        assertThat(batches(layouts, 10 * Batches.MOST_BYTES)).hasSize((layouts.size() + 1) / 2);
    }

    @Test
    void shouldPutRequestsThatGoInStepTogether() {
        ContextLayout layout = ContextLayout.of(16_000, Padding.merged());
        DecodingRequest detected = DecodingRequest.transcribe(Optional.empty());
        DecodingRequest drafted = ENGLISH.withHypothesis(List.of(new DecodedToken(3, -1)), 0);
        assertThat(Batches.of(
                        Collections.nCopies(5, layout), List.of(ENGLISH, detected, ENGLISH, drafted, detected), 1))
                .containsExactly(List.of(0, 2), List.of(1, 4), List.of(3));
    }

    private static List<List<Integer>> batches(List<ContextLayout> layouts, long bytesOfPosition) {
        return Batches.of(layouts, Collections.nCopies(layouts.size(), ENGLISH), bytesOfPosition);
    }

    private static List<SpeechWindow> windows(Random random, int... seconds) {
        List<SpeechWindow> windows = new ArrayList<>();
        for (int length : seconds) {
            windows.add(RandomModels.window(random, length));
        }
        return windows;
    }
}
