package io.kscribe.cli;

import io.kscribe.evaluation.CorpusScore;
import io.kscribe.evaluation.UtteranceScore;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Writes down what {@code kscribe eval} finds out, as it does. */
interface EvalReport {
    /** What the last line, over all corpora, is called. */
    String ALL = "all";

    /** Which percentiles of latencies are reported. */
    List<Integer> PERCENTILES = List.of(50, 90, 95);

    /** An utterance with errors. */
    void utterance(String corpus, UtteranceScore score);

    /**
     * A corpus, or {@link #ALL}.
     *
     * @param offline the same, transcribed as recordings; empty if it was not
     */
    void corpus(String name, CorpusScore score, Optional<CorpusScore> offline);

    /** The forms in which it is written. */
    enum Format {
        TEXT {
            @Override
            EvalReport open(List<String> corpora, PrintWriter out, PrintWriter err) {
                return new EvalTable(corpora, out, err);
            }
        },
        JSON {
            @Override
            EvalReport open(List<String> corpora, PrintWriter out, PrintWriter err) {
                return new EvalLines(out);
            }
        };

        /**
         * Begins a report.
         *
         * @param corpora the names to come, {@link #ALL} aside
         */
        abstract EvalReport open(List<String> corpora, PrintWriter out, PrintWriter err);

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
