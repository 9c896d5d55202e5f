package io.kscribe.cli;

import io.kscribe.evaluation.CorpusScore;
import io.kscribe.evaluation.CorpusScore.Silence;
import io.kscribe.evaluation.ErrorRate;
import io.kscribe.evaluation.Latencies;
import io.kscribe.evaluation.LiveScore;
import io.kscribe.evaluation.LiveScore.Changes;
import io.kscribe.evaluation.UtteranceScore;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes scores as a table for people, a corpus a row, with a second row where some of its utterances are compared by characters, and
 * below it what was measured of live transcripts; utterances with errors go to standard error.
 */
final class EvalTable implements EvalReport {
    private static final List<String> HEADER = List.of(
            "utterances",
            "units",
            "",
            "error %",
            "sub %",
            "del %",
            "ins %",
            "audio s",
            "compute s",
            "x real time",
            "invented/min",
            "with text");
    private static final String NONE = "-";
    private static final String WORDS = "words";
    private static final String CHARACTERS = "chars";
    private static final int UNIT_COLUMN = 2;
    private static final String GAP = "  ";

    private final PrintWriter out;
    private final PrintWriter err;
    private final int nameWidth;

    /** Writes the header. */
    EvalTable(List<String> corpora, PrintWriter out, PrintWriter err) {
        this.out = out;
        this.err = err;
        nameWidth = Stream.concat(Stream.of("corpus"), corpora.stream())
                .mapToInt(DisplayWidth::of)
                .max()
                .getAsInt();
        row("corpus", HEADER);
    }

    @Override
    public void utterance(String corpus, UtteranceScore score) {
        ErrorRate errors = score.errors();
        err.printf(
                Locale.ROOT,
                "%s %s: %d substituted, %d deleted, %d inserted of %d%n  said     %s%n  written  %s%n",
                corpus,
                score.utterance().id(),
                errors.substitutions(),
                errors.deletions(),
                errors.insertions(),
                errors.reference(),
                String.join(" ", score.said()),
                String.join(" ", score.written()));
    }

    @Override
    public void corpus(String name, CorpusScore score, Optional<CorpusScore> offline) {
        boolean words = score.words().reference() > 0;
        boolean characters = score.characters().reference() > 0;
        List<String> cells = new ArrayList<>(List.of(String.valueOf(score.utterances())));
        cells.addAll(errors(
                characters && !words ? CHARACTERS : WORDS, characters && !words ? score.characters() : score.words()));
        cells.addAll(rest(score));
        row(name, cells);
        if (words && characters) {
            List<String> more = new ArrayList<>(List.of(""));
            more.addAll(errors(CHARACTERS, score.characters()));
            row("", more);
        }
        offline.ifPresent(same -> out.printf("  offline         %s%n", errorRates(same)));
        if (score.live().isMeasured()) {
            live(score.live());
        }
        out.flush();
    }

    private static String errorRates(CorpusScore score) {
        return percent(score.words().rate()) + " % of words, "
                + percent(score.characters().rate()) + " % of characters, "
                + decimal("%.2f", score.silence().inventedPerMinute()) + " invented/min";
    }

    private void live(LiveScore score) {
        latencies("partial", score.partial());
        latencies("word shown", score.wordShown());
        latencies("word stable", score.wordStable());
        latencies("final", score.finals());
        out.printf("  later changed   %s%n", changes("shown", score.shown()));
        out.printf("                  %s%n", changes("stable", score.stable()));
        out.printf(
                "  real-time       %s mean, %s worst%n",
                decimal("%.3f", score.load().meanFactor()),
                number("%.3f", score.load().worstFactor()));
    }

    private void latencies(String what, Latencies latencies) {
        String percentiles = PERCENTILES.stream()
                .map(percent -> "p" + percent + " " + millis(latencies.percentile(percent)))
                .collect(Collectors.joining(", "));
        out.printf("  %-11s     %s%n", what, percentiles);
    }

    private static String millis(OptionalLong latency) {
        return latency.isEmpty() ? NONE : latency.getAsLong() + " ms";
    }

    private static String changes(String what, Changes changes) {
        return percent(changes.share()) + " % of " + changes.words() + " " + what + " words";
    }

    private static List<String> errors(String unit, ErrorRate errors) {
        if (errors.rate().isEmpty() && errors.insertions() == 0) {
            return List.of(NONE, "", NONE, NONE, NONE, NONE);
        }
        return List.of(
                String.valueOf(errors.reference()),
                unit,
                percent(errors.rate()),
                percent(errors.share(errors.substitutions())),
                percent(errors.share(errors.deletions())),
                percent(errors.share(errors.insertions())));
    }

    private static List<String> rest(CorpusScore score) {
        Silence silence = score.silence();
        return List.of(
                number("%.1f", score.audio().toMillis() / 1e3),
                number("%.1f", score.processing().toMillis() / 1e3),
                decimal("%.1f", score.speed()),
                decimal("%.2f", silence.inventedPerMinute()),
                silence.utterances() == 0 ? NONE : silence.withText() + " of " + silence.utterances());
    }

    private void row(String name, List<String> cells) {
        StringBuilder row = new StringBuilder(name).append(" ".repeat(Math.max(0, nameWidth - DisplayWidth.of(name))));
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            int width = Math.max(HEADER.get(i).length(), i == UNIT_COLUMN ? WORDS.length() : 7);
            String padding = " ".repeat(Math.max(0, width - cell.length()));
            row.append(i == UNIT_COLUMN ? " " + cell + padding : GAP + padding + cell);
        }
        out.println(row.toString().stripTrailing());
        out.flush();
    }

    private static String percent(OptionalDouble share) {
        return decimal("%.2f", share.isEmpty() ? share : OptionalDouble.of(100 * share.getAsDouble()));
    }

    private static String decimal(String format, OptionalDouble value) {
        return value.isEmpty() ? NONE : number(format, value.getAsDouble());
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
