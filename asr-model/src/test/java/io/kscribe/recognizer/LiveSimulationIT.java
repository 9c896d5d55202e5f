package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.Task;
import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import io.kscribe.engine.WhisperEngine;
import io.kscribe.model.Sample;
import io.kscribe.recognizer.Listener.Pace;
import io.kscribe.testing.Models;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** With the real detector and a real recording; what computing takes is the test's to say. */
@ExtendWith(Models.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveSimulationIT {
    private static final int MILLI = 16;
    private static final long CHUNK_MILLIS = 100;
    private static final long NANOS_A_MILLI = 1_000_000;
    /** Without context, which has a text that does not follow what was said decoded twice. */
    private static final RecognizerSettings SETTINGS =
            RecognizerSettings.live().toBuilder().context(Duration.ZERO).build();

    private static final Optional<String> ENGLISH = Optional.of("en");

    private final VoiceActivityDetector detector;
    private final WhisperEngine engine;
    private final float[] kennedy;

    LiveSimulationIT(Models models) throws Exception {
        detector = models.detector();
        engine = models.engine("tiny");
        kennedy = models.audio(Sample.KENNEDY);
    }

    /** A processor whose speed is set, and what is shown of a recording that it follows. */
    private final class Processor {
        private final List<ShownResult> shown = new ArrayList<>();
        private final LiveSimulation simulation;
        private long nanos;
        private int decoded;

        /** @param lookMillis what passes whenever the time is asked for: so much more does hearing or decoding take */
        Processor(long decodingMillis, long lookMillis, Function<RecognitionTask, Transcription> decoder) {
            RecognitionStream stream = nothingHeard();
            simulation = new LiveSimulation(
                    stream,
                    task -> {
                        nanos += decodingMillis * NANOS_A_MILLI;
                        decoded++;
                        return decoder.apply(task);
                    },
                    () -> nanos += lookMillis * NANOS_A_MILLI,
                    (int) CHUNK_MILLIS * MILLI,
                    shown::add);
        }

        List<ShownResult> hear(float[] audio) {
            simulation.accept(audio);
            simulation.end();
            return shown;
        }

        List<RecognitionResult> results() {
            return shown.stream().map(ShownResult::result).toList();
        }
    }

    @Test
    void shouldSayTheFinalsThatAreSaidWithoutIt() {
        List<RecognitionResult> expected =
                new Listener(engine, detector, SETTINGS, ENGLISH).hear(kennedy, kennedy.length, Pace.FINALS_ONLY);

        for (long decodingMillis : List.of(0L, 50L, 3000L)) {
            Processor processor = new Processor(decodingMillis, 0, task -> task.decode(engine));
            processor.hear(kennedy);

            assertThat(Listener.finals(processor.results())).isEqualTo(expected);
        }
    }

    @Test
    void shouldShowAPartialWhenItsAudioHasArrivedAndHasBeenDecoded() {
        List<ShownResult> partials = partials(new Processor(70, 0, LiveSimulationIT::hello));

        assertThat(partials)
                .hasSizeGreaterThan(10)
                .allSatisfy(partial -> assertThat(partial.at().toMillis()).isEqualTo(arrivalMillis(partial) + 70));
    }

    @Test
    void shouldLetAudioArriveWhileATaskIsDecoded() {
        ShownResult first =
                partials(new Processor(250, 1, LiveSimulationIT::hello)).get(0);

        long heard = 1;
        long decoded = 1 + 250;
        long chunksMeanwhile = 2;
        assertThat(first.at().toMillis()).isEqualTo(arrivalMillis(first) + heard + decoded + chunksMeanwhile);
    }

    @Test
    void shouldDecodeOneTaskAtATimeAndLeaveOutPartialsThatAreOvertaken() {
        Processor quick = new Processor(70, 0, LiveSimulationIT::hello);
        Processor slow = new Processor(1200, 0, LiveSimulationIT::hello);
        List<ShownResult> many = partials(quick);
        List<ShownResult> few = partials(slow);

        assertThat(few).hasSizeBetween(2, many.size() / 2);
        for (int i = 1; i < few.size(); i++) {
            assertThat(few.get(i).at().minus(few.get(i - 1).at())).isGreaterThanOrEqualTo(Duration.ofMillis(1200));
        }
        assertThat(quick.simulation.computed()).isEqualTo(Duration.ofMillis(70L * quick.decoded));
        assertThat(slow.simulation.computed()).isEqualTo(Duration.ofMillis(1200L * slow.decoded));
    }

    @Test
    void shouldShowResultsInTheOrderOfTimeAndOnceTheLineIsSilentNotBeforeTheEndpoint() {
        float[] open = new float[kennedy.length + 1000 * MILLI];
        System.arraycopy(kennedy, 0, open, 0, kennedy.length);
        List<ShownResult> shown = new Processor(70, 0, LiveSimulationIT::hello).hear(open);

        assertThat(shown.stream().map(ShownResult::at)).isSorted();
        ShownResult last = shown.get(shown.size() - 1);
        assertThat(last.result().isFinal()).isTrue();
        assertThat(last.at().toMillis()).isBetween(kennedy.length / MILLI + 100L, open.length / (long) MILLI);
    }

    @Test
    void shouldRefuseChunksOfNothing() {
        RecognitionStream stream = nothingHeard();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LiveSimulation(stream, LiveSimulationIT::hello, () -> 0, 0, shown -> {}))
                .withMessage("a chunk holds from 1 sample on, not 0");
    }

    private RecognitionStream nothingHeard() {
        return new RecognitionStream(
                SETTINGS,
                detector,
                engine.melBins(),
                engine.keepsWindowsApart(),
                Task.TRANSCRIBE,
                StreamState.start(ENGLISH));
    }

    private List<ShownResult> partials(Processor processor) {
        return processor.hear(kennedy).stream()
                .filter(shown -> !shown.result().isFinal())
                .toList();
    }

    /** When the last sample that a partial has heard arrived. */
    private static long arrivalMillis(ShownResult partial) {
        return (partial.result().endMillis() + CHUNK_MILLIS - 1) / CHUNK_MILLIS * CHUNK_MILLIS;
    }

    /** "Hello", whatever was said, all the time. */
    private static Transcription hello(RecognitionTask task) {
        TimedWord word = new TimedWord("hello", 0, task.window().samples() / MILLI / 2, 1, 1, 5);
        return new Transcription(
                "en", 1, List.of(new DecodedToken(1, 0)), "hello", List.of(word), List.of(), 0, 0, 0, true);
    }
}
