package io.kscribe.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kscribe.evaluation.CorpusScore;
import io.kscribe.evaluation.ErrorRate;
import io.kscribe.evaluation.Latencies;
import io.kscribe.evaluation.LiveScore;
import io.kscribe.evaluation.UtteranceScore;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Writes scores as one JSON object a line, for programs: rates as shares (0.05 is five percent), null where nothing was compared or measured.
 * Lines of utterances have an {@code id}, lines of corpora have not.
 */
final class EvalLines implements EvalReport {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int DECIMALS = 6;

    private final PrintWriter out;

    EvalLines(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void utterance(String corpus, UtteranceScore score) {
        ObjectNode json = MAPPER.createObjectNode();
        ErrorRate errors = score.errors();
        json.put("corpus", corpus);
        json.put("id", score.utterance().id());
        json.put("reference", score.utterance().reference().orElse(""));
        json.put("hypothesis", score.hypothesis());
        json.put("normalizedReference", String.join(" ", score.said()));
        json.put("normalizedHypothesis", String.join(" ", score.written()));
        json.put(score.inCharacters() ? "characters" : "words", errors.reference());
        json.put("substitutions", errors.substitutions());
        json.put("deletions", errors.deletions());
        json.put("insertions", errors.insertions());
        write(json);
    }

    @Override
    public void corpus(String name, CorpusScore score, Optional<CorpusScore> offline) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("corpus", name);
        json.put("utterances", score.utterances());
        json.put("words", score.words().reference());
        json.put("wer", rounded(score.words().rate()));
        json.put("substitutions", score.words().substitutions());
        json.put("deletions", score.words().deletions());
        json.put("insertions", score.words().insertions());
        json.put("characters", score.characters().reference());
        json.put("cer", rounded(score.characters().rate()));
        json.put("characterSubstitutions", score.characters().substitutions());
        json.put("characterDeletions", score.characters().deletions());
        json.put("characterInsertions", score.characters().insertions());
        json.put("silentUtterances", score.silence().utterances());
        json.put("silentUtterancesWithText", score.silence().withText());
        json.put("inventedWords", score.silence().invented());
        json.put("inventedWordsPerMinute", rounded(score.silence().inventedPerMinute()));
        json.put("audioSeconds", seconds(score.audio()));
        json.put("processingSeconds", seconds(score.processing()));
        json.put("wallSeconds", seconds(score.wall()));
        json.put("audioSecondsPerSecond", rounded(score.speed()));
        json.set("live", score.live().isMeasured() ? live(score.live()) : null);
        json.set("offline", offline.map(EvalLines::offline).orElse(null));
        write(json);
    }

    private static ObjectNode live(LiveScore score) {
        ObjectNode json = MAPPER.createObjectNode();
        json.set("partialLatencyMillis", percentiles(score.partial()));
        json.set("wordShownLatencyMillis", percentiles(score.wordShown()));
        json.set("wordStableLatencyMillis", percentiles(score.wordStable()));
        json.set("finalLatencyMillis", percentiles(score.finals()));
        json.put("shownWords", score.shown().words());
        json.put("shownWordsChanged", score.shown().changed());
        json.put("stableWords", score.stable().words());
        json.put("stableWordsChanged", score.stable().changed());
        json.put("realTimeFactor", rounded(score.load().meanFactor()));
        json.put("worstRealTimeFactor", rounded(OptionalDouble.of(score.load().worstFactor())));
        return json;
    }

    private static ObjectNode percentiles(Latencies latencies) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("count", latencies.size());
        for (int percent : PERCENTILES) {
            OptionalLong millis = latencies.percentile(percent);
            json.put("p" + percent, millis.isEmpty() ? null : Long.valueOf(millis.getAsLong()));
        }
        return json;
    }

    private static ObjectNode offline(CorpusScore score) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("wer", rounded(score.words().rate()));
        json.put("cer", rounded(score.characters().rate()));
        json.put("inventedWordsPerMinute", rounded(score.silence().inventedPerMinute()));
        return json;
    }

    private void write(ObjectNode json) {
        try {
            out.println(MAPPER.writeValueAsString(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of numbers and strings is always JSON", e);
        }
        out.flush();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    private static @Nullable Double rounded(OptionalDouble value) {
        return value.isEmpty()
                ? null
                : BigDecimal.valueOf(value.getAsDouble())
                        .setScale(DECIMALS, RoundingMode.HALF_EVEN)
                        .doubleValue();
    }
}
