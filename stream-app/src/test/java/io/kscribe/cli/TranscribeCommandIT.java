package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import io.kscribe.stream.Recordings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recordings to text, with real models. */
class TranscribeCommandIT {
    private static final String SAID = "and so my fellow americans ask not what your country can do for you ask what "
            + "you can do for your country";

    private static final long KENNEDY_MILLIS = 11_000;

    @TempDir
    private Path directory;

    private static Path kennedy;

    @BeforeAll
    static void findSample() throws Exception {
        kennedy = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError()).sample(Sample.KENNEDY);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "base"})
    void shouldWriteDownWhatWasSaid(String model) {
        Run run = Run.kscribe("transcribe", "--model", model, kennedy.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(words(run.out())).isEqualTo(SAID);
    }

    @Test
    void shouldHearTheSameInALanguageThatIsNamed() {
        Run run = tiny("--language", "en", kennedy.toString());

        assertThat(run.status()).isZero();
        assertThat(words(run.out())).isEqualTo(SAID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "3"})
    void shouldHearTheSameOnAsManyThreadsAsOneLikes(String workers) {
        Run run = tiny("--workers", workers, kennedy.toString());

        assertThat(run.err()).isEmpty();
        assertThat(words(run.out())).isEqualTo(SAID);
    }

    @Test
    void shouldDecodeOnTheProcessorWhereThereIsNoSuchGpu() {
        Run run = tiny("--device", "cuda:999", kennedy.toString());

        assertThat(run.status()).isZero();
        assertThat(words(run.out())).isEqualTo(SAID);
        Run unknown = tiny("--device", "gpu", kennedy.toString());
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).startsWith("kscribe: 'gpu' is no device; expected cpu, cuda or cuda:N");
    }

    @Test
    void shouldRefuseFewerThreadsThanNone() {
        Run run = tiny("--workers", "-1", kennedy.toString());

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("kscribe: workers must lie between 0 and 1000 but was -1");
    }

    @Test
    void shouldFollowSeveralTexts() throws Exception {
        Path terms = Files.writeString(directory.resolve("terms.txt"), "Kowalski\n\niPhone\n");
        Run run = tiny("--beam", "5", "--term", "Müller", "--terms", terms.toString(), kennedy.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(words(run.out())).isEqualTo(SAID);
    }

    @Test
    void shouldRefuseMoreTextsThanCanBeFollowed() {
        Run run = tiny("--beam", "16", kennedy.toString());

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("kscribe: beams must lie between 1 and 15 but was 16");
    }

    @Test
    void shouldWriteJson() throws Exception {
        Run run = tiny("--format", "json", kennedy.toString());

        assertThat(run.status()).isZero();
        assertThat(run.out().lines()).hasSize(1);
        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(names(json))
                .containsExactly("file", "durationMillis", "language", "text", "segments", "processingMillis");
        assertThat(json.get("file").textValue()).isEqualTo(kennedy.toString());
        assertThat(json.get("durationMillis").longValue()).isEqualTo(KENNEDY_MILLIS);
        assertThat(json.get("language").textValue()).isEqualTo("en");
        assertThat(json.get("processingMillis").longValue()).isPositive();
        assertThat(words(json.get("text").textValue())).isEqualTo(SAID);
        List<String> said = new ArrayList<>();
        long before = 0;
        for (JsonNode segment : json.get("segments")) {
            assertThat(names(segment))
                    .containsExactly("channel", "startMillis", "endMillis", "text", "confidence", "words");
            assertThat(segment.get("channel").intValue()).isZero();
            assertThat(segment.get("confidence").doubleValue()).isBetween(0.3, 1.0);
            assertThat(segment.get("startMillis").longValue())
                    .isEqualTo(segment.get("words").get(0).get("startMillis").longValue());
            for (JsonNode word : segment.get("words")) {
                assertThat(names(word)).containsExactly("text", "startMillis", "endMillis", "confidence");
                assertThat(word.get("startMillis").longValue()).isBetween(before, KENNEDY_MILLIS);
                before = word.get("startMillis").longValue();
                assertThat(word.get("endMillis").longValue()).isBetween(before, KENNEDY_MILLIS);
                assertThat(word.get("confidence").doubleValue()).isBetween(0.0, 1.0);
                said.add(word.get("text").textValue());
            }
        }
        assertThat(words(String.join(" ", said))).isEqualTo(SAID);
    }

    @Test
    void shouldWriteSubRip() {
        Run run = tiny("--format", "srt", kennedy.toString());

        assertThat(run.status()).isZero();
        String[] cues = run.out().split("\n\n", -1);
        assertThat(cues).hasSizeGreaterThan(1).endsWith("");
        for (int i = 0; i < cues.length - 1; i++) {
            assertThat(cues[i])
                    .matches((i + 1) + "\n\\d\\d:\\d\\d:\\d\\d,\\d{3} --> \\d\\d:\\d\\d:\\d\\d,\\d{3}\n[^\n]+");
        }
        assertTimesGrow(run.out());
        assertThat(words(run.out())).isEqualTo(SAID);
    }

    @Test
    void shouldWriteWebVtt() {
        Run run = tiny("--format", "vtt", kennedy.toString());

        assertThat(run.status()).isZero();
        String[] blocks = run.out().split("\n\n", -1);
        assertThat(blocks[0]).isEqualTo("WEBVTT");
        assertThat(blocks).hasSizeGreaterThan(2).endsWith("");
        for (int i = 1; i < blocks.length - 1; i++) {
            assertThat(blocks[i]).matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} --> \\d\\d:\\d\\d:\\d\\d\\.\\d{3}\n[^\n]+");
        }
        assertTimesGrow(run.out());
        assertThat(words(run.out().substring("WEBVTT".length()))).isEqualTo(SAID);
    }

    @Test
    void shouldSayWhatIsWrongWithARecordingAndWriteDownTheOthers() throws Exception {
        byte[] wav = Recordings.counting(8000, 1, 8000);
        Path missing = directory.resolve("missing.wav");
        Path empty = Files.createFile(directory.resolve("empty.wav"));
        Path lying = Files.write(directory.resolve("lying.wav"), Arrays.copyOf(wav, wav.length - 5000));
        Path impossible = Files.write(directory.resolve("impossible.wav"), withRate(wav, 7));
        Path text = Files.writeString(directory.resolve("minutes.wav"), "These are the minutes of a meeting.");

        Run run = tiny(
                missing.toString(),
                kennedy.toString(),
                empty.toString(),
                lying.toString(),
                impossible.toString(),
                text.toString());

        assertThat(run.status()).isEqualTo(1);
        assertThat(words(run.out())).isEqualTo(SAID);
        assertThat(run.err().lines())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("kscribe: " + missing + ": there is no such file."),
                        line -> assertThat(line)
                                .startsWith("kscribe: " + empty + ": ")
                                .endsWith("."),
                        line -> assertThat(line)
                                .startsWith("kscribe: " + lying + ": ")
                                .endsWith("."),
                        line -> assertThat(line)
                                .startsWith("kscribe: " + impossible + ": ")
                                .endsWith("."),
                        line -> assertThat(line)
                                .startsWith("kscribe: " + text + ": ")
                                .endsWith("."));
    }

    @Test
    void shouldRefuseALanguageThatTheModelDoesNotKnow() {
        Run run = tiny("--language", "xx", kennedy.toString());

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("kscribe: The model tiny does not know the language 'xx'; it knows auto, ")
                .contains(" en, ");
    }

    @Test
    void shouldSayThatThereIsNoSuchModel() {
        Run run = Run.kscribe("transcribe", "--model", "tinny", kennedy.toString());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).hasSize(1).first().asString().contains("\"tinny\"");
    }

    private static Run tiny(String... args) {
        List<String> all = new ArrayList<>(List.of("transcribe", "--model", "tiny"));
        all.addAll(List.of(args));
        return Run.kscribe(all.toArray(String[]::new));
    }

    private static byte[] withRate(byte[] wav, int rateHz) {
        byte[] changed = wav.clone();
        changed[24] = (byte) rateHz;
        changed[25] = 0;
        changed[26] = 0;
        changed[27] = 0;
        return changed;
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** Letters only, small ones. */
    private static String words(String text) {
        return String.join(
                " ",
                Pattern.compile("[a-z]+")
                        .matcher(text.toLowerCase(Locale.ROOT))
                        .results()
                        .map(MatchResult::group)
                        .toList());
    }

    /** Each subtitle ends after it starts, and starts where the one before has ended. */
    private static void assertTimesGrow(String subtitles) {
        List<String> times = Pattern.compile("\\d\\d:\\d\\d:\\d\\d[.,]\\d{3}")
                .matcher(subtitles)
                .results()
                .map(MatchResult::group)
                .toList();
        assertThat(times).isSorted();
        for (int i = 0; i < times.size(); i += 2) {
            assertThat(times.get(i)).isLessThan(times.get(i + 1));
        }
    }
}
