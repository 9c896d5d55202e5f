package io.kscribe.engine;

import static io.kscribe.testing.Words.KENNEDY;
import static io.kscribe.testing.Words.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.onnxruntime.OrtException;
import io.kscribe.compiler.GraphCompiler;
import io.kscribe.compiler.Precision;
import io.kscribe.model.Sample;
import io.kscribe.testing.Models;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Models.Provider.class)
class WhisperEngineIT {
    private static final int SECOND = 16_000;
    private static final DecodingRequest ENGLISH = DecodingRequest.transcribe(Optional.of("en"));

    private final Models models;
    private final WhisperEngine tiny;
    private final float[] kennedy;

    WhisperEngineIT(Models models) throws Exception {
        this.models = models;
        tiny = models.engine("tiny");
        kennedy = models.audio(Sample.KENNEDY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "base"})
    void shouldWriteDownWhatKennedySays(String model) throws Exception {
        WhisperEngine engine = models.engine(model);
        Transcription text = engine.transcribe(SpeechWindow.of(kennedy, engine.melBins()), ENGLISH);
        assertThat(plain(text.text())).isEqualTo(KENNEDY);
        assertThat(text.complete()).isTrue();
        assertThat(text.noSpeechProbability()).isLessThan(Transcription.NO_SPEECH_PROBABILITY);
        assertThat(text.confidence()).isBetween(0.5f, 1f);
        assertThat(text.language()).isEqualTo("en");
    }

    @Test
    void shouldTimeKennedysWordsInOrder() {
        Transcription text = transcribe(kennedy, ENGLISH);
        assertThat(String.join(" ", text.words().stream().map(TimedWord::text).toList()))
                .isEqualTo(text.text());
        long before = 0;
        for (TimedWord word : text.words()) {
            assertThat(word.startMillis()).isGreaterThanOrEqualTo(before);
            assertThat(word.endMillis()).isBetween(word.startMillis(), 11_000L);
            assertThat(text.text().substring(0, word.endChar())).endsWith(word.text());
            before = word.endMillis();
        }
        // As OpenAI's own test has it.
        assertThat(text.words())
                .filteredOn(word -> plain(word.text()).equals("americans"))
                .singleElement()
                .satisfies(word -> assertThat(1_800L).isBetween(word.startMillis(), word.endMillis()));
    }

    @Test
    void shouldHearTheLanguage() {
        Transcription text = transcribe(kennedy, DecodingRequest.transcribe(Optional.empty()));
        assertThat(text.language()).isEqualTo("en");
        assertThat(text.languageProbability()).isBetween(0.9f, 1f);
        assertThat(plain(text.text())).isEqualTo(KENNEDY);
        assertThat(text.noSpeechProbability())
                .isCloseTo(transcribe(kennedy, ENGLISH).noSpeechProbability(), within(0.001f));
    }

    @Test
    void shouldTranslate() {
        Transcription text = transcribe(kennedy, ENGLISH.withTask(Task.TRANSLATE));
        assertThat(text.complete()).isTrue();
        assertThat(plain(text.text())).contains("country");
    }

    @Test
    void shouldReadTheSameFromMergedSilenceAsFromTheFullWindow() throws Exception {
        SpeechWindow window = SpeechWindow.of(kennedy, tiny.melBins());
        Transcription merged = decoded(window, ContextLayout.of(kennedy.length, Padding.merged()));
        Transcription full = decoded(window, ContextLayout.of(kennedy.length, Padding.whole()));
        assertThat(plain(merged.text())).isEqualTo(plain(full.text())).isEqualTo(KENNEDY);
        assertThat(merged.averageLogProbability()).isCloseTo(full.averageLogProbability(), within(0.1f));
    }

    private Transcription decoded(SpeechWindow window, ContextLayout layout) throws OrtException {
        try (Heard heard = tiny.encoder().hear(window, layout)) {
            return tiny.decode(heard, List.of(ENGLISH)).get(0);
        }
    }

    @Test
    void shouldWriteTheSameFromAHypothesisOfLessAudioAsFromNothing() {
        List<DecodedToken> hypothesis = List.of();
        for (int samples = SECOND; samples <= kennedy.length; samples += SECOND / 2) {
            SpeechWindow window = SpeechWindow.of(Arrays.copyOf(kennedy, samples), tiny.melBins());
            Transcription drafted = tiny.transcribe(window, ENGLISH.withHypothesis(hypothesis, 0));
            assertThat(drafted).isEqualTo(tiny.transcribe(window, ENGLISH));
            hypothesis = drafted.tokens();
        }
    }

    @Test
    void shouldWriteInALanguageThatItDetectsWhatItWritesInOneThatIsGiven() {
        DecodingRequest detecting = DecodingRequest.transcribe(Optional.empty());
        for (DecodingSettings settings :
                List.of(DecodingSettings.live(), DecodingSettings.live().withTimestamps())) {
            for (int seconds = 2; seconds <= 11; seconds++) {
                SpeechWindow window = SpeechWindow.of(Arrays.copyOf(kennedy, seconds * SECOND), tiny.melBins());
                Transcription detected = tiny.transcribe(window, detecting.withSettings(settings));
                Transcription given = tiny.transcribe(
                        window,
                        DecodingRequest.transcribe(Optional.of(detected.language()))
                                .withSettings(settings));
                assertThat(ids(detected)).as("%d s", seconds).isEqualTo(ids(given));
                assertThat(detected.averageLogProbability()).isCloseTo(given.averageLogProbability(), within(0.01f));
            }
        }
    }

    @Test
    void shouldReadEachOfSeveralPiecesAsIfAlone() {
        List<SpeechWindow> windows = new ArrayList<>();
        for (int seconds : new int[] {2, 4, 11, 7, 3}) {
            windows.add(SpeechWindow.of(Arrays.copyOf(kennedy, seconds * 16_000), tiny.melBins()));
        }
        List<Transcription> together = tiny.transcribe(windows, Collections.nCopies(windows.size(), ENGLISH));
        for (int i = 0; i < windows.size(); i++) {
            assertThat(together.get(i)).isEqualTo(tiny.transcribe(windows.get(i), ENGLISH));
        }
    }

    private static Offset<Float> within(float offset) {
        return Offset.offset(offset);
    }

    @Test
    void shouldWriteTheSameWithAnyDraft() {
        Transcription plain = transcribe(kennedy, ENGLISH);
        List<DecodedToken> right = plain.tokens();
        List<DecodedToken> wrong = new ArrayList<>(right);
        Collections.reverse(wrong);
        List<DecodedToken> partly = new ArrayList<>(right.subList(0, right.size() / 2));
        partly.addAll(wrong.subList(0, 10));
        List<DecodedToken> longer = new ArrayList<>(right);
        longer.addAll(right);
        for (List<DecodedToken> draft : List.of(List.<DecodedToken>of(), right, wrong, partly, longer)) {
            assertThat(transcribe(kennedy, ENGLISH.withHypothesis(draft, 0))).isEqualTo(plain);
        }
    }

    @Test
    void shouldWriteTheSameWithADraftWhileItDetectsTheLanguage() {
        DecodingRequest detect = DecodingRequest.transcribe(Optional.empty());
        Transcription plain = transcribe(kennedy, detect);
        Transcription drafted = transcribe(kennedy, detect.withHypothesis(plain.tokens(), 4));
        assertThat(ids(drafted)).isEqualTo(ids(plain));
        assertThat(drafted.language()).isEqualTo("en");
        assertThat(drafted.words()).hasSameSizeAs(plain.words());
    }

    @Test
    void shouldKeepAForcedPrefix() {
        List<DecodedToken> text = transcribe(kennedy, ENGLISH).tokens();
        // "And so ..." is what it would write; the prefix leaves the first word out.
        List<DecodedToken> prefix = text.subList(1, 3);
        Transcription forced = transcribe(kennedy, ENGLISH.withHypothesis(prefix, prefix.size()));
        assertThat(forced.tokens().subList(0, 2)).isEqualTo(prefix);
        assertThat(plain(forced.text())).startsWith("so my ").endsWith("for your country");
    }

    @Test
    void shouldReadTheSameWordsInSinglePrecision(@TempDir Path home) throws Exception {
        try (WhisperEngine exact = WhisperEngine.open(
                new GraphCompiler(home).compile(models.checkpoint("tiny"), Precision.FP32, Precision.FP32))) {
            Transcription expected = exact.transcribe(SpeechWindow.of(kennedy, exact.melBins()), ENGLISH);
            Transcription quantised = transcribe(kennedy, ENGLISH);
            assertThat(plain(quantised.text())).isEqualTo(plain(expected.text()));
            assertThat(quantised.averageLogProbability()).isCloseTo(expected.averageLogProbability(), within(0.05f));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "base"})
    void shouldFindALikelierTextWithMoreBeams(String model) throws Exception {
        WhisperEngine engine = models.engine(model);
        SpeechWindow window = SpeechWindow.of(kennedy, engine.melBins());
        Transcription greedy = engine.transcribe(window, ENGLISH);
        Transcription beam = engine.transcribe(
                window, ENGLISH.withSettings(ENGLISH.settings().withBeams(DecodingSettings.REFERENCE_BEAMS)));
        assertThat(beam.complete()).isTrue();
        // Beams share a cache, whose masked slots move sums in their last bits, and 8 bits make more of that.
        float noise = 0.01f * greedy.tokens().size();
        assertThat(total(beam)).isGreaterThanOrEqualTo(total(greedy) - noise);
        assertThat(plain(beam.text())).isEqualTo(KENNEDY);
        assertThat(String.join(" ", beam.words().stream().map(TimedWord::text).toList()))
                .isEqualTo(beam.text());
    }

    private static float total(Transcription text) {
        return text.averageLogProbability() * (text.tokens().size() + 1);
    }

    @Test
    void shouldDivideKennedysTextIntoTimedSegments() throws Exception {
        SpeechWindow window = SpeechWindow.of(kennedy, tiny.melBins());
        for (int beams : new int[] {1, DecodingSettings.REFERENCE_BEAMS}) {
            Transcription text = tiny.transcribe(
                    window,
                    ENGLISH.withSettings(ENGLISH.settings().withTimestamps().withBeams(beams)));
            assertThat(plain(text.text())).isEqualTo(KENNEDY);
            assertThat(text.segments()).isNotEmpty();
            assertThat(String.join(
                            " ",
                            text.segments().stream().map(TimedSegment::text).toList()))
                    .isEqualTo(text.text());
            long before = 0;
            for (TimedSegment segment : text.segments()) {
                assertThat(segment.startMillis()).isGreaterThanOrEqualTo(before);
                assertThat(segment.endMillis()).isBetween(segment.startMillis() + 1, 11_000L);
                before = segment.endMillis();
            }
            assertThat(text.words())
                    .hasSameSizeAs(tiny.transcribe(window, ENGLISH).words());
        }
    }

    @Test
    void shouldFindATermThatItMissesOtherwise() throws Exception {
        SpeechWindow window = SpeechWindow.of(Arrays.copyOf(models.audio(Sample.APOLLO_13), 8 * SECOND), 80);
        KeyTerms terms = tiny.keyTerms(List.of("we've had"));
        for (int beams : new int[] {1, DecodingSettings.REFERENCE_BEAMS}) {
            DecodingSettings settings = ENGLISH.settings().withBeams(beams);
            String without =
                    tiny.transcribe(window, ENGLISH.withSettings(settings)).text();
            String with = tiny.transcribe(window, ENGLISH.withSettings(settings.withTerms(terms)))
                    .text();
            assertThat(without).doesNotContain("we've had").contains("we have a problem here");
            assertThat(with).contains("we've had a problem here");
        }
    }

    @Test
    void shouldNotFindTermsThatAreNotSaid() {
        KeyTerms terms = tiny.keyTerms(
                List.of("Kubernetes", "Schwarzenegger", "accounts receivable", "amoxicillin", "iPhone", "Müller"));
        for (int beams : new int[] {1, DecodingSettings.REFERENCE_BEAMS}) {
            Transcription text = transcribe(
                    kennedy,
                    ENGLISH.withSettings(ENGLISH.settings().withBeams(beams).withTerms(terms)));
            assertThat(plain(text.text())).isEqualTo(KENNEDY);
        }
    }

    @Test
    void shouldRefuseTermsOfAnotherEngine() throws Exception {
        KeyTerms others = models.engine("base").keyTerms(List.of("Houston"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> transcribe(
                        kennedy, ENGLISH.withSettings(ENGLISH.settings().withTerms(others))))
                .withMessage("the key terms were made by another engine");
    }

    @Test
    void shouldWriteInTheStyleOfAnEarlierText() {
        String lowerCase =
                "we choose to go to the moon in this decade and do the other things not because they are easy";
        DecodingRequest detect = DecodingRequest.transcribe(Optional.empty());
        for (DecodingRequest request : List.of(ENGLISH, detect)) {
            Transcription text =
                    transcribe(kennedy, request.withSettings(request.settings().withPrompt(lowerCase)));
            assertThat(text.text()).startsWith("and so my fellow").endsWith("for your country");
            assertThat(text.language()).isEqualTo("en");
            assertThat(text.words()).hasSize(text.text().split(" ").length);
        }
    }

    @Test
    void shouldTakeTheEndOfAnEarlierTextThatIsTooLong() {
        String style = "we choose to go to the moon in this decade and do the other things. ".repeat(100);
        Transcription text =
                transcribe(kennedy, ENGLISH.withSettings(ENGLISH.settings().withPrompt(style)));
        assertThat(plain(text.text())).contains("your country");
    }

    @Test
    void shouldDrawNoTextOfClearSpeech() {
        Transcription text = transcribe(kennedy, ENGLISH.withSettings(DecodingSettings.recordings()));
        assertThat(text).isEqualTo(transcribe(kennedy, ENGLISH));
        assertThat(text.temperature()).isZero();
    }

    @Test
    void shouldGiveEveryThreadTheSameText() throws Exception {
        float[] apollo = models.audio(Sample.APOLLO_13);
        List<SpeechWindow> windows = Stream.of(
                        kennedy, Arrays.copyOf(kennedy, 5 * SECOND), Arrays.copyOf(apollo, 10 * SECOND))
                .map(audio -> SpeechWindow.of(audio, tiny.melBins()))
                .toList();
        List<Transcription> alone =
                windows.stream().map(window -> tiny.transcribe(window, ENGLISH)).toList();
        List<Callable<Transcription>> work = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            windows.forEach(window -> work.add(() -> tiny.transcribe(window, ENGLISH)));
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Transcription>> together = threads.invokeAll(work);
            for (int i = 0; i < together.size(); i++) {
                assertThat(together.get(i).get()).isEqualTo(alone.get(i % alone.size()));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void shouldWriteDownASingleSampleAndAFullWindow() throws Exception {
        assertThat(transcribe(new float[1], ENGLISH).tokens()).hasSizeLessThan(20);
        float[] apollo = models.audio(Sample.APOLLO_13);
        float[] full = Arrays.copyOf(apollo, 30 * SECOND);
        assertThat(plain(transcribe(full, ENGLISH).text())).contains("houston");
    }

    private Transcription transcribe(float[] audio, DecodingRequest request) {
        return tiny.transcribe(SpeechWindow.of(audio, tiny.melBins()), request);
    }

    private static List<Integer> ids(Transcription transcription) {
        return transcription.tokens().stream().map(DecodedToken::id).toList();
    }
}
