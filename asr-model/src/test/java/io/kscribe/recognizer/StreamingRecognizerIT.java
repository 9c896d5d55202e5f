package io.kscribe.recognizer;

import static io.kscribe.testing.Words.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kscribe.model.Sample;
import io.kscribe.recognizer.StreamingRecognizer.Arrival;
import io.kscribe.testing.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Models.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamingRecognizerIT {
    private static final int CHUNK = 1600;

    private final float[] kennedy;

    /** Not closed: the models are shared by all tests. */
    private final StreamingRecognizer recognizer;

    StreamingRecognizerIT(Models models) throws Exception {
        kennedy = models.audio(Sample.KENNEDY);
        recognizer = new StreamingRecognizer(models.engine("tiny"), models.detector(), RecognizerSettings.live());
    }

    @Test
    void shouldFollowAChannelAsTheReadmeSays() {
        List<float[]> chunks = new ArrayList<>();
        for (int at = 0; at < kennedy.length; at += CHUNK) {
            chunks.add(Arrays.copyOfRange(kennedy, at, Math.min(kennedy.length, at + CHUNK)));
        }
        List<RecognitionResult> results = new ArrayList<>();

        example(recognizer, chunks, results::add);

        assertThat(results).anyMatch(result -> !result.isFinal());
        assertThat(results.stream()
                        .filter(RecognitionResult::isFinal)
                        .map(result -> plain(result.text()))
                        .collect(Collectors.joining(" ")))
                .startsWith("and so my fellow americans ")
                .endsWith(" what your country can do for you ask what you can do for your country");
    }

    /** The README's example, line by line. */
    private static void example(
            StreamingRecognizer recognizer, List<float[]> chunks, Consumer<RecognitionResult> show) {
        RecognitionStream stream = recognizer.open(Optional.of("en"));
        for (float[] chunk : chunks) {
            stream.accept(stream.nextSample(), chunk);
            for (var due = stream.poll(); due.isPresent(); due = stream.poll()) {
                stream.apply(due.get(), recognizer.decode(due.get()));
            }
            stream.takeResults().forEach(show);
        }
        stream.end();
        for (var due = stream.poll(); due.isPresent(); due = stream.poll()) {
            stream.apply(due.get(), recognizer.decode(due.get()));
        }
        stream.takeResults().forEach(show);
    }

    @Test
    void shouldHaveItsExampleInTheReadme() throws Exception {
        String readme = lines(Files.readString(Path.of("README.md")));
        String source =
                lines(Files.readString(Path.of("src/test/java/io/kscribe/recognizer/StreamingRecognizerIT.java")));
        String example = source.substring(
                source.indexOf("RecognitionStream stream = recognizer.open("),
                source.indexOf("\n}\n@Test\nvoid shouldHaveItsExample"));
        assertThat(readme).contains(example);
    }

    private static String lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }

    @Test
    void shouldServeTheChannelsOfACallAtOnceWithTheirTurnsInOrder() {
        int turn = kennedy.length;
        float[][] channels = {new float[4 * turn], new float[4 * turn]};
        for (int i = 0; i < 4; i++) {
            System.arraycopy(kennedy, 0, channels[i % 2], i * turn, turn);
        }
        List<RecognitionStream> streams =
                List.of(recognizer.open(Optional.of("en")), recognizer.open(Optional.of("en")));
        List<Integer> turns = new ArrayList<>();
        for (int at = 0; at < 4 * turn; at += CHUNK) {
            List<Arrival> arrivals = new ArrayList<>();
            for (int channel = 0; channel < 2; channel++) {
                float[] chunk = Arrays.copyOfRange(channels[channel], at, Math.min(4 * turn, at + CHUNK));
                arrivals.add(new Arrival(streams.get(channel), at, chunk));
            }
            recognizer.accept(arrivals);
            for (int channel = 0; channel < 2; channel++) {
                RecognitionStream stream = streams.get(channel);
                for (var due = stream.poll(Cadence.FINALS_ONLY);
                        due.isPresent();
                        due = stream.poll(Cadence.FINALS_ONLY)) {
                    stream.apply(due.get(), recognizer.decode(due.get()));
                }
                for (RecognitionResult result : stream.takeResults()) {
                    int spoken = (int) (result.startMillis() * 16 / turn);
                    assertThat(spoken % 2).isEqualTo(channel);
                    turns.add(spoken);
                }
            }
        }
        assertThat(turns).isSorted().contains(0, 1, 2, 3);
    }

    @Test
    void shouldHearStreamsTogetherAsItHearsThemAlone() {
        RecognitionStream alone = recognizer.open(Optional.of("en"));
        RecognitionStream together = recognizer.open(Optional.of("en"));
        RecognitionStream other = recognizer.open(Optional.of("en"));
        for (int at = 0; at + CHUNK < kennedy.length; at += CHUNK) {
            float[] chunk = Arrays.copyOfRange(kennedy, at, at + CHUNK);
            alone.accept(at, chunk);
            recognizer.accept(List.of(new Arrival(other, at, new float[CHUNK]), new Arrival(together, at, chunk)));
            assertThat(together.poll().map(RecognitionTask::endMillis))
                    .isEqualTo(alone.poll().map(RecognitionTask::endMillis));
            assertThat(together.state().toBytes()).isEqualTo(alone.state().toBytes());
        }
        assertThat(other.state().segment()).isZero();
        assertThat(alone.state().position()).isGreaterThan(CHUNK);
    }

    @Test
    void shouldRefuseALanguageThatTheModelDoesNotKnow() {
        assertThat(recognizer.knows("de")).isTrue();
        assertThat(recognizer.knows("xx")).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> recognizer.open(Optional.of("xx")))
                .withMessage("the model tiny does not know the language 'xx'");
    }

    @Test
    void shouldUseTheSameModelsWithOtherSettings() {
        RecognizerSettings strict =
                RecognizerSettings.live().toBuilder().strict(true).build();
        assertThat(recognizer.with(strict).settings()).isEqualTo(strict);
        assertThat(recognizer.with(strict).engine()).isSameAs(recognizer.engine());
        assertThat(recognizer.settings()).isEqualTo(RecognizerSettings.live());
        assertThat(recognizer.modelName()).isEqualTo("tiny");
    }
}
