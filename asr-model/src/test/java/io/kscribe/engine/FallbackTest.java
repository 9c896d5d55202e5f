package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.onnxruntime.OrtException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FallbackTest {
    private static final String SENTENCE = "And so my fellow Americans, ask not what your country can do for you.";
    private static final DecodingRequest ENGLISH = DecodingRequest.transcribe(Optional.of("en"));

    @TempDir
    Path directory;

    @Test
    void shouldHaveTheDefaultsOfTheReference() {
        Fallback reference = Fallback.reference();
        assertThat(reference.fullWindow()).isTrue();
        assertThat(reference.temperatures()).containsExactly(0.2f, 0.4f, 0.6f, 0.8f, 1f);
        assertThat(reference.compressionRatio()).isEqualTo(2.4f);
        assertThat(reference.averageLogProbability()).isEqualTo(-1f);
        assertThat(reference.noSpeechProbability()).isEqualTo(0.6f);
    }

    @Test
    void shouldDrawNoTextsOfLiveAudio() {
        assertThat(DecodingSettings.live())
                .isEqualTo(new DecodingSettings(
                        1, new Fallback(true, List.of(), 2.4f, -1f, 0.6f), false, "", Optional.empty()));
        assertThat(DecodingSettings.recordings())
                .isEqualTo(new DecodingSettings(1, Fallback.reference(), false, "", Optional.empty()));
        assertThat(ENGLISH.settings()).isEqualTo(DecodingSettings.live());
        assertThat(ENGLISH.withoutFallback().settings().fallback())
                .isEqualTo(new Fallback(false, List.of(), 2.4f, -1f, 0.6f));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 16})
    void shouldRefuseNoBeamsAndMoreThanTheGraphHasCandidatesFor(int beams) {
        DecodingSettings settings = DecodingSettings.recordings().withBeams(15);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings.withBeams(beams))
                .withMessage("beams must lie between 1 and 15 but was " + beams);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 2.4, -1, 0.6, 'a temperature lies above 0 and at most at 10, not at 0.0'",
        "11, 2.4, -1, 0.6, 'a temperature lies above 0 and at most at 10, not at 11.0'",
        "0.2, 0, -1, 0.6, compressionRatio must be above 0 but was 0.0",
        "0.2, 2.4, 1, 0.6, averageLogProbability must be at most 0 but was 1.0",
        "0.2, 2.4, -1, 1.1, noSpeechProbability must lie between 0 and 1 but was 1.1",
        "0.2, 2.4, -1, NaN, noSpeechProbability must lie between 0 and 1 but was NaN"
    })
    void shouldRefuseThresholdsThatMeanNothing(
            float temperature, float compression, float average, float noSpeech, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Fallback(true, List.of(temperature), compression, average, noSpeech))
                .withMessage(sentence);
    }

    /** The figures are Python's: {@code len(text) / len(zlib.compress(text))}. */
    @Test
    void shouldMeasureRepetitionAsTheReferenceDoes() {
        assertThat(Fallback.compressionRatio(SENTENCE)).isEqualTo(69 / 70f);
        assertThat(Fallback.compressionRatio("no ".repeat(40))).isEqualTo(120 / 14f);
        assertThat(Fallback.compressionRatio("Ähm, größer. ".repeat(12))).isEqualTo(192 / 28f);
        assertThat(Fallback.compressionRatio("")).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "-1.0, 0.9, true, true", // as likely as the threshold asks
        "-1.1, 0.1, true, false", // unlikely
        "-1.1, 0.6, true, false", // unlikely, and the silence not certain enough
        "-1.1, 0.7, true, true", // silence
        "-1.1, 0.7, false, true", // silence, whatever was written on it
        "-0.3, 0.7, true, true", // likely, whatever the silence
        "-0.3, 0.1, false, false" // never ended
    })
    void shouldAcceptWhatIsLikelyOrSilence(float average, float noSpeech, boolean complete, boolean accepted) {
        assertThat(Fallback.reference().accepts(text(SENTENCE, average, noSpeech, complete)))
                .isEqualTo(accepted);
    }

    @Test
    void shouldNotAcceptATextThatRepeatsItself() {
        assertThat(Fallback.reference().accepts(text("I know, I know. ".repeat(10), -0.1f, 0, true)))
                .isFalse();
    }

    @Test
    void shouldTakeTheBestOfTextsThatAllFail() {
        Fallback fallback = Fallback.reference();
        Transcription likelier = text(SENTENCE, -1.5f, 0, true);
        Transcription wilder = text(SENTENCE, -4, 0, true);
        Transcription repeating = text("I know, I know. ".repeat(10), -0.1f, 0, true);
        Transcription endless = text(SENTENCE, -0.2f, 0, false);
        Transcription good = text(SENTENCE, -0.9f, 0, true);
        assertThat(fallback.better(likelier, wilder)).isSameAs(likelier);
        assertThat(fallback.better(repeating, wilder)).isSameAs(wilder);
        assertThat(fallback.better(wilder, endless)).isSameAs(wilder);
        assertThat(fallback.better(endless, good)).isSameAs(good);
    }

    @Test
    void shouldDrawAtEveryTemperatureWhileNoTextPasses() throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, 3)) {
            Fallback never = new Fallback(false, List.of(0.5f, 1f, 1.5f), 2.4f, 0, 1);
            DecodingRequest request = ENGLISH.withSettings(
                    DecodingSettings.recordings().withBeams(3).withFallback(never));
            for (int i = 0; i < 4; i++) {
                SpeechWindow window = RandomModels.window(new Random(i), 3);
                Transcription text = engine.transcribe(window, request);
                assertThat(engine.transcribe(window, request)).isEqualTo(text);
            }
            assertThat(engine.drawnTexts()).isEqualTo(4 * 2 * 3);
        }
    }

    @Test
    void shouldDrawTheSameFromTheSameAudioAndOthersFromOther() throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, 3)) {
            Set<String> texts = new HashSet<>();
            for (int i = 0; i < 4; i++) {
                SpeechWindow window = RandomModels.window(new Random(i), 3);
                Transcription text = drawn(engine, window, 1);
                assertThat(text.temperature()).isEqualTo(1);
                assertThat(drawn(engine, window, 1)).isEqualTo(text);
                texts.add(text.text());
            }
            assertThat(texts).hasSize(4);
        }
    }

    @Test
    void shouldDrawWhatIsLikelyMoreOften() throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, 3)) {
            SpeechWindow window = RandomModels.window(new Random(1), 3);
            float cold = drawn(engine, window, 0.02f).averageLogProbability();
            assertThat(cold).isGreaterThan(drawn(engine, window, 10).averageLogProbability() + 0.5f);
            assertThat(cold)
                    .isCloseTo(
                            engine.transcribe(window, ENGLISH.withoutFallback()).averageLogProbability(),
                            Offset.offset(0.3f));
        }
    }

    private static Transcription drawn(WhisperEngine engine, SpeechWindow window, float temperature)
            throws OrtException {
        try (Heard heard = engine.encoder().hear(window, ContextLayout.merged(window.samples()))) {
            return engine.draw(heard, ENGLISH, temperature);
        }
    }

    private static Transcription text(String text, float average, float noSpeech, boolean complete) {
        return new Transcription("en", 1, List.of(), text, List.of(), List.of(), average, noSpeech, 0, complete);
    }
}
