package io.kscribe.engine;

import io.kscribe.engine.KeyTerms.Progress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * How a text may go on, by the model's view and the rules of a request.
 *
 * <p>Without time stamps and at temperature 0 the graph's own list of the likeliest tokens is all that is looked at. Key terms, too,
 * are favoured only among these: what the model does not find likely at all was not said.
 */
final class NextTokens {
    private static final int TOP = DecodingSettings.MOST_BEAMS + 1;

    private final int endOfText;
    private final Optional<TimestampRules> timestamps;
    private final Optional<KeyTerms> terms;
    private final Choice choice;

    /** How one of the tokens is chosen. */
    sealed interface Choice {
        /** The best, for good. */
        record Best() implements Choice {}

        /** Several, of which the better will be found later. */
        record Several() implements Choice {}

        /**
         * One at random.
         *
         * @param temperature what the log-probabilities are divided by, above 0
         */
        record Drawn(float temperature, RandomGenerator random) implements Choice {}
    }

    /**
     * Makes the view of one decoding.
     *
     * @param timestamps the rules of time stamps; empty: none are written
     * @param terms what is favoured, unless tokens are drawn
     */
    NextTokens(int endOfText, Optional<TimestampRules> timestamps, Optional<KeyTerms> terms, Choice choice) {
        this.endOfText = endOfText;
        this.timestamps = timestamps;
        this.terms = choice instanceof Choice.Drawn ? Optional.empty() : terms;
        this.choice = choice;
    }

    /** The same with nothing favoured. */
    NextTokens withoutTerms() {
        return new NextTokens(endOfText, timestamps, Optional.empty(), choice);
    }

    /** What is suppressed when the next token of a text is asked for. */
    Suppression suppression(boolean begins) {
        if (timestamps.isPresent()) {
            return Suppression.TIMED;
        }
        return begins ? Suppression.BEGIN : Suppression.TEXT;
    }

    /** The best way for a text to go on. */
    Text best(Text text, Step step, int row, int token) {
        return best(text, step, row, token, 1).get(0);
    }

    /**
     * The best ways for a text to go on, best first.
     *
     * @param row the row of the step with the text's last token, asked for with {@link #suppression}
     * @param token the place of that token in the step
     * @param most how many are wanted, at most {@value #TOP}
     */
    List<Text> best(Text text, Step step, int row, int token, int most) {
        List<DecodedToken> likeliest = likeliest(text, step, row);
        float[] attention = step.alignment(token);
        List<Text> longer = new ArrayList<>();
        for (DecodedToken next :
                terms.isPresent() || likeliest.size() < most ? likeliest : likeliest.subList(0, most)) {
            longer.add(longer(text, next, attention));
        }
        if (terms.isPresent()) {
            longer.sort(Comparator.comparingDouble(Text::score).reversed());
        }
        return longer.subList(0, Math.min(most, longer.size()));
    }

    /**
     * A text with another token.
     *
     * @param attention {@code [heads, positions]} of the token before
     */
    Text longer(Text text, DecodedToken next, float[] attention) {
        double gain = next.logProbability();
        Progress progress = Progress.NONE;
        if (terms.isPresent()) {
            progress = terms.get().after(text.progress(), next.id());
            float favour = terms.get().gain(text.progress(), next.id(), progress);
            // Where there is no way back, what was favoured before must not hold the text in a term that it does not
            // say.
            gain += choice instanceof Choice.Several ? favour : Math.max(0, favour);
        }
        return text.with(next, attention, gain, progress, next.id() == endOfText);
    }

    private List<DecodedToken> likeliest(Text text, Step step, int row) {
        boolean drawn = choice instanceof Choice.Drawn;
        if (!drawn && timestamps.isEmpty()) {
            return step.top(row);
        }
        float[] logProbabilities = step.logProbabilities(row);
        timestamps.ifPresent(rules -> rules.apply(logProbabilities, text.tokens()));
        return choice instanceof Choice.Drawn how ? List.of(drawn(logProbabilities, how)) : top(logProbabilities);
    }

    private static DecodedToken drawn(float[] logProbabilities, Choice.Drawn how) {
        double[] weights = new double[logProbabilities.length];
        double sum = 0;
        for (int id = 0; id < weights.length; id++) {
            weights[id] = Math.exp(logProbabilities[id] / how.temperature());
            sum += weights[id];
        }
        double left = how.random().nextDouble() * sum;
        int drawn = 0;
        for (int id = 0; id < weights.length && left >= 0; id++) {
            drawn = weights[id] > 0 ? id : drawn;
            left -= weights[id];
        }
        return new DecodedToken(drawn, logProbabilities[drawn]);
    }

    private static List<DecodedToken> top(float[] logProbabilities) {
        PriorityQueue<DecodedToken> best =
                new PriorityQueue<>(Comparator.comparingDouble(DecodedToken::logProbability));
        for (int id = 0; id < logProbabilities.length; id++) {
            float logProbability = logProbabilities[id];
            if (logProbability == Float.NEGATIVE_INFINITY) {
                continue;
            }
            if (best.size() < TOP) {
                best.add(new DecodedToken(id, logProbability));
            } else if (best.element().logProbability() < logProbability) {
                best.remove();
                best.add(new DecodedToken(id, logProbability));
            }
        }
        return best.stream()
                .sorted(Comparator.comparingDouble(DecodedToken::logProbability).reversed())
                .toList();
    }
}
