package io.kscribe.recognizer;

import static io.kscribe.testing.Words.KENNEDY;
import static io.kscribe.testing.Words.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.kscribe.engine.Task;
import io.kscribe.engine.WhisperEngine;
import io.kscribe.model.Sample;
import io.kscribe.recognizer.OfflineRecognizer.Recording;
import io.kscribe.testing.Models;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(Models.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OfflineRecognizerIT {
    private static final int MILLI = 16;
    private static final int SECOND = 1000 * MILLI;
    private static final int REPETITIONS = 4;
    private static final int PAUSE = 3 * SECOND;
    private static final long PERIOD_MILLIS = 14_000;
    private static final Duration WINDOW = Duration.ofSeconds(29);
    private static final Optional<String> ENGLISH = Optional.of("en");
    private static final OfflineSettings ONE_BY_ONE = new OfflineSettings(WINDOW, 0, 1, 1);

    private final WhisperEngine engine;
    private final VoiceActivityDetector detector;
    private final float[] apollo;

    /** Kennedy, several times, with long pauses. */
    private final float[] speech;

    /** What comes of {@link #speech}, decoded a window at a time. */
    private final List<RecognitionResult> expected;

    OfflineRecognizerIT(Models models) throws Exception {
        engine = models.engine("tiny");
        detector = models.detector();
        apollo = models.audio(Sample.APOLLO_13);
        float[] kennedy = models.audio(Sample.KENNEDY);
        speech = new float[REPETITIONS * (kennedy.length + PAUSE)];
        for (int i = 0; i < REPETITIONS; i++) {
            System.arraycopy(kennedy, 0, speech, i * (kennedy.length + PAUSE), kennedy.length);
        }
        expected = hear(speech, SECOND, ENGLISH, ONE_BY_ONE);
    }

    @Test
    void shouldWriteDownEverythingInTheOrderOfTime() {
        assertThat(plain(text(expected))).isEqualTo(String.join(" ", Collections.nCopies(REPETITIONS, KENNEDY)));
        assertThat(expected).allMatch(RecognitionResult::isFinal);
        assertThat(expected).extracting(RecognitionResult::segment).isSorted().doesNotHaveDuplicates();
        assertThat(words(expected)).extracting(SpokenWord::startMillis).isSorted();
    }

    /** A pause of 3 s is 0.8 s long in the window, so what forgot that would be two seconds off and more. */
    @Test
    void shouldGiveTimesOfTheRecordingWhereverInAWindowAWordLies() {
        List<SpokenWord> words = words(expected);
        int once = KENNEDY.split(" ", -1).length;
        for (int i = once; i < words.size(); i++) {
            assertThat(words.get(i).startMillis())
                    .as("%s, time %d", words.get(i).text(), i / once)
                    .isCloseTo(words.get(i % once).startMillis() + i / once * PERIOD_MILLIS, within(600L));
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 32, 48, 16000", "1, 2, 3, 160", "3, 1, 1, 16000", "3, 2, 4, 777", "3, 32, 48, 1000000"})
    void shouldSayTheSameWhateverTheThreadsTheBatchesAndThePieces(int workers, int batch, int ahead, int piece) {
        OfflineSettings settings = new OfflineSettings(WINDOW, workers, batch, ahead);
        assertThat(hear(speech, piece, ENGLISH, settings)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0", "3"})
    void shouldSayTheSameWhileItDetectsTheLanguage(int workers) {
        List<RecognitionResult> detected = hear(speech, SECOND, Optional.empty(), OfflineSettings.onThreads(workers));
        assertThat(detected).extracting(RecognitionResult::text).isEqualTo(texts(expected));
        assertThat(detected).extracting(RecognitionResult::language).containsOnly("en");
    }

    @ParameterizedTest
    @CsvSource({"0", "3"})
    void shouldSayOfEachOfSeveralRecordingsWhatItSaysOfItAlone(int workers) {
        List<RecognitionResult> ofApollo = hear(apollo, SECOND, ENGLISH, ONE_BY_ONE);
        List<RecognitionResult> first = new ArrayList<>();
        List<RecognitionResult> second = new ArrayList<>();
        try (OfflineRecognizer recognizer = recognizer(OfflineSettings.onThreads(workers))) {
            Recording one = recognizer.begin(ENGLISH, Task.TRANSCRIBE, first::add);
            Recording other = recognizer.begin(ENGLISH, Task.TRANSCRIBE, second::add);
            other.accept(apollo);
            one.accept(speech);
            other.end();
            one.end();
            recognizer.finish();
        }
        assertThat(ofApollo).isNotEmpty();
        assertThat(first).isEqualTo(expected);
        assertThat(second).isEqualTo(ofApollo);
    }

    @ParameterizedTest
    @CsvSource({"0, en", "0, ", "2, en", "2, "})
    void shouldNotReadFurtherAheadThanItMay(int workers, String language) {
        int ahead = 3;
        int most = 0;
        OfflineSettings settings = new OfflineSettings(Duration.ofSeconds(1), workers, 2, ahead);
        List<RecognitionResult> results = new ArrayList<>();
        try (OfflineRecognizer recognizer = recognizer(settings)) {
            Recording recording = recognizer.begin(Optional.ofNullable(language), Task.TRANSCRIBE, results::add);
            for (int from = 0; from < speech.length; from += SECOND) {
                recording.accept(Arrays.copyOfRange(speech, from, from + SECOND));
                most = Math.max(most, recognizer.underway());
                assertThat(recognizer.underway()).isLessThanOrEqualTo(ahead);
            }
            recording.end();
            recognizer.finish();
            assertThat(recognizer.underway()).isZero();
        }
        assertThat(most).isPositive();
        assertThat(plain(text(results))).startsWith("and so my fellow americans");
    }

    @Test
    void shouldSayWhatIsKnownBeforeTheRecordingEnds() {
        OfflineSettings settings = new OfflineSettings(WINDOW, 0, 1, 1);
        List<RecognitionResult> results = new ArrayList<>();
        try (OfflineRecognizer recognizer = recognizer(settings)) {
            Recording recording = recognizer.begin(ENGLISH, Task.TRANSCRIBE, results::add);
            recording.accept(speech);
            recording.accept(speech);
            assertThat(results).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "2"})
    void shouldSayWhyDecodingFails(int workers) {
        try (OfflineRecognizer recognizer = recognizer(OfflineSettings.onThreads(workers))) {
            Recording recording = recognizer.begin(Optional.of("xx"), Task.TRANSCRIBE, result -> {});
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> {
                        recording.accept(speech);
                        recording.end();
                        recognizer.finish();
                    })
                    .withMessageContaining("xx");
        }
    }

    @Test
    void shouldSayNothingOfSilence() {
        assertThat(hear(new float[20 * SECOND], SECOND, Optional.empty(), OfflineSettings.shortRecordings()))
                .isEmpty();
        assertThat(hear(new float[0], SECOND, Optional.empty(), OfflineSettings.onThreads(2)))
                .isEmpty();
    }

    private List<RecognitionResult> hear(
            float[] samples, int piece, Optional<String> language, OfflineSettings settings) {
        List<RecognitionResult> results = new ArrayList<>();
        try (OfflineRecognizer recognizer = recognizer(settings)) {
            Recording recording = recognizer.begin(language, Task.TRANSCRIBE, results::add);
            for (int from = 0; from < samples.length; from += piece) {
                recording.accept(Arrays.copyOfRange(samples, from, Math.min(samples.length, from + piece)));
            }
            recording.end();
            recognizer.finish();
        }
        return results;
    }

    private OfflineRecognizer recognizer(OfflineSettings settings) {
        return new OfflineRecognizer(engine, detector, RecognizerSettings.offline(), settings);
    }

    private static String text(List<RecognitionResult> results) {
        return String.join(" ", texts(results));
    }

    private static List<String> texts(List<RecognitionResult> results) {
        return results.stream().map(RecognitionResult::text).toList();
    }

    private static List<SpokenWord> words(List<RecognitionResult> results) {
        return results.stream().flatMap(result -> result.words().stream()).collect(Collectors.toList());
    }
}
