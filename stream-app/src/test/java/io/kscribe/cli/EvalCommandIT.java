package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kscribe.model.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real model and a real recording. */
class EvalCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KENNEDY =
            "And so, my fellow Americans: ask not what your country can do for you, ask what you can"
                    + " do for your country.";
    private static final int KENNEDY_WORDS = 22;
    private static final String MODEL = "tiny";

    private static Path kennedy;

    @TempDir
    Path folder;

    @BeforeAll
    static void fetchTheRecording() throws Exception {
        kennedy = ModelOptions.store().sample(Sample.KENNEDY);
    }

    @Test
    void shouldFindNoErrorsInAnEasyRecording() throws Exception {
        Path manifest = manifest("kennedy.jsonl", utterance("whole", kennedy, KENNEDY));

        Run run = Run.kscribe("eval", "--model", MODEL, "--format", "json", "--show", manifest.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        List<JsonNode> lines = lines(run);
        assertThat(lines).extracting(line -> line.get("corpus").asText()).containsExactly("kennedy", "all");
        for (JsonNode line : lines) {
            assertThat(line.get("utterances").asInt()).isOne();
            assertThat(line.get("words").asInt()).isEqualTo(KENNEDY_WORDS);
            assertThat(line.get("wer").asDouble()).isZero();
            assertThat(line.get("audioSeconds").asDouble()).isEqualTo(11.0);
            assertThat(line.get("processingSeconds").asDouble()).isPositive();
            assertThat(line.get("audioSecondsPerSecond").asDouble()).isPositive();
        }
    }

    @Test
    void shouldShowWhatIsWrongAndCountWhatIsInvented() throws Exception {
        Path manifest = manifest(
                "odd.jsonl",
                utterance("twice", kennedy, KENNEDY)
                        .put("audio", (String) null)
                        .set(
                                "audio_parts",
                                JSON.createArrayNode().add(kennedy.toString()).add(kennedy.toString())),
                utterance("silent", kennedy, ""),
                utterance("unknown", kennedy, null));

        Run run = Run.kscribe(
                "eval",
                "--model",
                MODEL,
                "--live",
                "--workers",
                "2",
                "--format",
                "json",
                "--show",
                manifest.toString());

        assertThat(run.status()).isZero();
        List<JsonNode> lines = lines(run);
        assertThat(lines.subList(0, 2))
                .extracting(line -> line.get("id").asText())
                .containsExactly("twice", "silent");
        JsonNode corpus = lines.get(2);
        assertThat(corpus.get("utterances").asInt()).isEqualTo(3);
        assertThat(corpus.get("audioSeconds").asDouble()).isEqualTo(44.0);
        assertThat(corpus.get("words").asInt()).isEqualTo(KENNEDY_WORDS);
        assertThat(corpus.get("insertions").asInt()).isGreaterThanOrEqualTo(KENNEDY_WORDS - 3);
        assertThat(corpus.get("silentUtterances").asInt()).isOne();
        assertThat(corpus.get("silentUtterancesWithText").asInt()).isOne();
        assertThat(corpus.get("inventedWordsPerMinute").asDouble()).isGreaterThan(60);
    }

    @Test
    void shouldMeasureALiveTranscriptInSimulatedTime() throws Exception {
        Path manifest = manifest("kennedy.jsonl", utterance("whole", kennedy, KENNEDY));

        Run run = Run.kscribe(
                "eval",
                "--model",
                MODEL,
                "--live",
                "--chunk",
                "20ms",
                "--endpoint",
                "700ms",
                "--format",
                "json",
                manifest.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(lines(run)).hasSize(2).allSatisfy(corpus -> {
            assertThat(corpus.at("/offline/wer").asDouble()).isZero();
            JsonNode live = corpus.get("live");
            assertThat(live.at("/wordShownLatencyMillis/count").asInt()).isBetween(20, 24);
            assertThat(live.at("/wordStableLatencyMillis/p50").asInt())
                    .isGreaterThan(live.at("/wordShownLatencyMillis/p50").asInt());
            assertThat(live.at("/partialLatencyMillis/p50").asInt()).isPositive();
            assertThat(live.at("/finalLatencyMillis/p50").asInt()).isGreaterThan(600);
            assertThat(live.get("shownWords").asInt()).isGreaterThan(20);
            assertThat(live.get("stableWords").asInt()).isPositive();
            assertThat(live.get("realTimeFactor").asDouble()).isPositive();
            assertThat(live.get("worstRealTimeFactor")).isEqualTo(live.get("realTimeFactor"));
        });
    }

    @Test
    void shouldTakeNoStableWordBackInStrictMode() throws Exception {
        Path manifest = manifest("kennedy.jsonl", utterance("whole", kennedy, KENNEDY));

        Run run = Run.kscribe("eval", "--model", MODEL, "--live", "--strict", "--format", "json", manifest.toString());

        assertThat(run.err()).isEmpty();
        JsonNode live = lines(run).get(0).get("live");
        assertThat(live.get("stableWords").asInt()).isPositive();
        assertThat(live.get("stableWordsChanged").asInt()).isZero();
    }

    @Test
    void shouldRefuseLiveSettingsWithoutLiveAndThoseThatCannotBe() {
        Run offline = Run.kscribe("eval", "--endpoint", "700ms", "any.jsonl");
        Run still = Run.kscribe("eval", "--live", "--chunk", "0ms", "any.jsonl");

        Run strict = Run.kscribe("eval", "--strict", "any.jsonl");

        assertThat(strict.status()).isEqualTo(2);
        assertThat(strict.err().lines().findFirst()).hasValue("kscribe: --strict was given without --live.");
        assertThat(offline.status()).isEqualTo(2);
        assertThat(offline.err().lines().findFirst()).hasValue("kscribe: --endpoint was given without --live.");
        assertThat(still.status()).isEqualTo(2);
        assertThat(still.err().lines().findFirst()).hasValue("kscribe: --chunk is 0 ms; expected 1 to 10000 ms.");
    }

    @Test
    void shouldHearTheTelephoneAndTheLimit() throws Exception {
        Path manifest = manifest(
                "line.jsonl",
                utterance("heard", kennedy, KENNEDY),
                utterance("spared", folder.resolve("none.wav"), ""));

        Run run = Run.kscribe("eval", "--model", MODEL, "--telephone", "--limit", "1", manifest.toString());

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out().lines().skip(1))
                .hasSize(2)
                .allSatisfy(row -> assertThat(row)
                        .containsPattern(Pattern.compile("^(line|all ) +1 +" + KENNEDY_WORDS + " words ")));
    }

    @Test
    void shouldGoOnAfterWhatCannotBeRead() throws Exception {
        Path missing = folder.resolve("missing.wav");
        Path bad = Files.writeString(folder.resolve("bad.jsonl"), "one two three");
        Path manifest = manifest(
                "good.jsonl", utterance("lost", missing, "nobody knows"), utterance("whole", kennedy, KENNEDY));

        Run run = Run.kscribe("eval", "--model", MODEL, "--format", "json", bad.toString(), manifest.toString());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().lines())
                .containsExactly(
                        "kscribe: " + bad + " line 1 is not JSON; expected an object.",
                        "kscribe: " + missing + ": there is no such file.");
        assertThat(lines(run))
                .extracting(line -> line.get("utterances").asInt())
                .containsExactly(1, 1);
    }

    @Test
    void shouldRefuseNumbersThatMakeNoSense() {
        Run run = Run.kscribe("eval", "--limit", "0", "any.jsonl");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().lines().findFirst()).hasValue("kscribe: --limit is 0; expected a number from 1 on.");
        assertThat(Run.kscribe("eval", "--workers", "-1", "any.jsonl").status()).isEqualTo(2);
    }

    private static ObjectNode utterance(String id, Path audio, @Nullable String reference) {
        return JSON.createObjectNode()
                .put("id", id)
                .put("audio", audio.toString())
                .put("ref", reference)
                .put("lang", "en");
    }

    private Path manifest(String name, JsonNode... utterances) throws Exception {
        List<String> lines = new ArrayList<>();
        for (JsonNode utterance : utterances) {
            lines.add(JSON.writeValueAsString(utterance));
        }
        return Files.write(folder.resolve(name), lines);
    }

    private static List<JsonNode> lines(Run run) throws Exception {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }
}
