package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.evaluation.CorpusScore;
import io.kscribe.evaluation.CorpusScore.Silence;
import io.kscribe.evaluation.ErrorRate;
import io.kscribe.evaluation.Spellings;
import io.kscribe.evaluation.Utterance;
import io.kscribe.evaluation.UtteranceScore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EvalReportTest {
    private static final CorpusScore SPEECH = new CorpusScore(
            197,
            new ErrorRate(4000, 100, 40, 20),
            ErrorRate.ZERO,
            Silence.ZERO,
            Duration.ofSeconds(1500),
            Duration.ofMillis(19_960),
            Duration.ofSeconds(10));
    private static final CorpusScore NOISE = new CorpusScore(
            30,
            ErrorRate.ZERO,
            ErrorRate.ZERO,
            new Silence(30, 2, 5, Duration.ofSeconds(150)),
            Duration.ofSeconds(150),
            Duration.ofMillis(500),
            Duration.ofMillis(600));
    private static final CorpusScore MIXED = new CorpusScore(
            2,
            new ErrorRate(10, 1, 0, 0),
            new ErrorRate(50, 0, 5, 0),
            Silence.ZERO,
            Duration.ofSeconds(9),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));
    private static final UtteranceScore WRONG = UtteranceScore.of(
            new Utterance("u1", List.of(Path.of("u1.wav")), Optional.of("The red kite."), Optional.of("en")),
            "A red kite flies",
            "en",
            Spellings.none(),
            Duration.ofSeconds(2),
            Duration.ofMillis(20));

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void shouldAlignTheTable() {
        EvalReport report = open(EvalReport.Format.TEXT, "clean", "noise-of-rain", "mixed");
        report.corpus("clean", SPEECH);
        report.corpus("noise-of-rain", NOISE);
        report.corpus("mixed", MIXED);

        assertThat(out.toString().lines())
                .containsExactly(
                        "corpus         utterances    units        error %    sub %    del %    ins %  audio s  compute s"
                                + "  x real time  invented/min  with text",
                        "clean                 197     4000 words     4.00     2.50     1.00     0.50   1500.0       20.0"
                                + "        150.0             -          -",
                        "noise-of-rain          30        -              -        -        -        -    150.0        0.5"
                                + "        250.0          2.00    2 of 30",
                        "mixed                   2       10 words    10.00    10.00     0.00     0.00      9.0        1.0"
                                + "          9.0             -          -",
                        "                                50 chars    10.00     0.00    10.00     0.00");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void shouldShowErrorsBesideTheTable() {
        open(EvalReport.Format.TEXT, "clean").utterance("clean", WRONG);

        assertThat(err.toString().lines())
                .containsExactly(
                        "clean u1: 1 substituted, 0 deleted, 1 inserted of 3",
                        "  said     the red kite",
                        "  written  a red kite flies");
    }

    @Test
    void shouldKeepTheNamesOfFields() throws Exception {
        open(EvalReport.Format.JSON).corpus("clean", SPEECH);

        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "corpus",
                        "utterances",
                        "words",
                        "wer",
                        "substitutions",
                        "deletions",
                        "insertions",
                        "characters",
                        "cer",
                        "characterSubstitutions",
                        "characterDeletions",
                        "characterInsertions",
                        "silentUtterances",
                        "silentUtterancesWithText",
                        "inventedWords",
                        "inventedWordsPerMinute",
                        "audioSeconds",
                        "processingSeconds",
                        "wallSeconds",
                        "audioSecondsPerSecond");
        assertThat(json.get("wer").asDouble()).isEqualTo(0.04);
        assertThat(json.get("cer").isNull()).isTrue();
        assertThat(json.get("inventedWordsPerMinute").isNull()).isTrue();
        assertThat(json.get("processingSeconds").asDouble()).isEqualTo(19.96);
        assertThat(json.get("audioSecondsPerSecond").asDouble()).isEqualTo(150);
    }

    @Test
    void shouldWriteAnObjectForAnUtteranceWithErrors() {
        open(EvalReport.Format.JSON).utterance("clean", WRONG);

        assertThat(out.toString().lines())
                .containsExactly("{\"corpus\":\"clean\",\"id\":\"u1\",\"reference\":\"The red kite.\","
                        + "\"hypothesis\":\"A red kite flies\",\"normalizedReference\":\"the red kite\","
                        + "\"normalizedHypothesis\":\"a red kite flies\",\"words\":3,\"substitutions\":1,\"deletions\":0,"
                        + "\"insertions\":1}");
        assertThat(err.toString()).isEmpty();
    }

    private EvalReport open(EvalReport.Format format, String... corpora) {
        return format.open(List.of(corpora), new PrintWriter(out), new PrintWriter(err));
    }
}
