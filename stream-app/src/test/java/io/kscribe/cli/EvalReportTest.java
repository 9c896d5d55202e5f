package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.evaluation.CorpusScore;
import io.kscribe.evaluation.CorpusScore.Silence;
import io.kscribe.evaluation.ErrorRate;
import io.kscribe.evaluation.Latencies;
import io.kscribe.evaluation.LiveScore;
import io.kscribe.evaluation.LiveScore.Changes;
import io.kscribe.evaluation.LiveScore.Load;
import io.kscribe.evaluation.Spellings;
import io.kscribe.evaluation.Utterance;
import io.kscribe.evaluation.UtteranceScore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EvalReportTest {
    private static final CorpusScore SPEECH = new CorpusScore(
            197,
            new ErrorRate(4000, 100, 40, 20),
            ErrorRate.ZERO,
            Silence.ZERO,
            Duration.ofSeconds(1500),
            Duration.ofMillis(19_960),
            Duration.ofSeconds(10),
            LiveScore.ZERO);
    private static final CorpusScore NOISE = new CorpusScore(
            30,
            ErrorRate.ZERO,
            ErrorRate.ZERO,
            new Silence(30, 2, 5, Duration.ofSeconds(150)),
            Duration.ofSeconds(150),
            Duration.ofMillis(500),
            Duration.ofMillis(600),
            LiveScore.ZERO);
    private static final CorpusScore MIXED = new CorpusScore(
            2,
            new ErrorRate(10, 1, 0, 0),
            new ErrorRate(50, 0, 5, 0),
            Silence.ZERO,
            Duration.ofSeconds(9),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            LiveScore.ZERO);
    private static final LiveScore LIVE = new LiveScore(
            Latencies.of(LongStream.of(100, 300, 500)),
            Latencies.of(LongStream.of(-20)),
            Latencies.NONE,
            Latencies.of(LongStream.of(700)),
            new Changes(200, 10),
            new Changes(0, 0),
            new Load(Duration.ofMinutes(25), Duration.ofMillis(187_500), 0.25));
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
        report.corpus("clean", SPEECH, Optional.empty());
        report.corpus("noise-of-rain", NOISE, Optional.empty());
        report.corpus("mixed", MIXED, Optional.empty());

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
    void shouldSayBelowTheRowHowSoonLiveTranscriptsWereThere() {
        open(EvalReport.Format.TEXT, "clean").corpus("clean", SPEECH.plus(LIVE), Optional.of(MIXED));

        assertThat(out.toString().lines().skip(2))
                .containsExactly(
                        "  offline         10.00 % of words, 10.00 % of characters, - invented/min",
                        "  partial         p50 300 ms, p90 500 ms, p95 500 ms",
                        "  word shown      p50 -20 ms, p90 -20 ms, p95 -20 ms",
                        "  word stable     p50 -, p90 -, p95 -",
                        "  final           p50 700 ms, p90 700 ms, p95 700 ms",
                        "  later changed   5.00 % of 200 shown words",
                        "                  - % of 0 stable words",
                        "  real-time       0.125 mean, 0.250 worst");
    }

    @Test
    void shouldKeepTheNamesOfLiveFields() throws Exception {
        open(EvalReport.Format.JSON).corpus("clean", SPEECH.plus(LIVE), Optional.of(MIXED));

        JsonNode json = new ObjectMapper().readTree(out.toString());
        assertThat(json.get("live"))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"partialLatencyMillis\":{\"count\":3,\"p50\":300,\"p90\":500,\"p95\":500},"
                                + "\"wordShownLatencyMillis\":{\"count\":1,\"p50\":-20,\"p90\":-20,\"p95\":-20},"
                                + "\"wordStableLatencyMillis\":{\"count\":0,\"p50\":null,\"p90\":null,\"p95\":null},"
                                + "\"finalLatencyMillis\":{\"count\":1,\"p50\":700,\"p90\":700,\"p95\":700},"
                                + "\"shownWords\":200,\"shownWordsChanged\":10,\"stableWords\":0,\"stableWordsChanged\":0,"
                                + "\"realTimeFactor\":0.125,\"worstRealTimeFactor\":0.25}"));
        assertThat(json.get("offline"))
                .isEqualTo(new ObjectMapper().readTree("{\"wer\":0.1,\"cer\":0.1,\"inventedWordsPerMinute\":null}"));
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
        open(EvalReport.Format.JSON).corpus("clean", SPEECH, Optional.empty());

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
                        "audioSecondsPerSecond",
                        "live",
                        "offline");
        assertThat(json.get("live").isNull()).isTrue();
        assertThat(json.get("offline").isNull()).isTrue();
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
