package io.kscribe.engine;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * What may be written next, by the model's view and the rules of a request.
 *
 * <p>Without time stamps and at temperature 0 the graph's own list of the likeliest tokens is all that is looked at.
 */
final class NextTokens {
    private static final int TOP = DecodingSettings.MOST_BEAMS + 1;

    private final Decoder decoder;
    private final Optional<TimestampRules> timestamps;
    private final float temperature;
    private final RandomGenerator random;

    /**
     * Makes the view of one decoding.
     *
     * @param timestamps the rules of time stamps; empty: none are written
     * @param temperature 0: the likeliest tokens; above 0: one drawn at random
     */
    NextTokens(Decoder decoder, Optional<TimestampRules> timestamps, float temperature, RandomGenerator random) {
        this.decoder = decoder;
        this.timestamps = timestamps;
        this.temperature = temperature;
        this.random = random;
    }

    /** What is suppressed when the next token of a text is asked for. */
    Suppression suppression(boolean begins) {
        if (timestamps.isPresent()) {
            return Suppression.TIMED;
        }
        return begins ? Suppression.BEGIN : Suppression.TEXT;
    }

    /**
     * The tokens that may follow a text, best first: at most {@value #TOP}, at least one.
     *
     * @param row of the step, asked for with {@link #suppression}
     */
    List<DecodedToken> after(Text text, Decoder.Step step, int row) {
        if (temperature == 0 && timestamps.isEmpty()) {
            return step.top().get(row);
        }
        float[] logProbabilities = decoder.logProbabilities(row);
        timestamps.ifPresent(rules -> rules.apply(logProbabilities, text.tokens()));
        return temperature == 0 ? top(logProbabilities) : List.of(drawn(logProbabilities));
    }

    private DecodedToken drawn(float[] logProbabilities) {
        double[] weights = new double[logProbabilities.length];
        double sum = 0;
        for (int id = 0; id < weights.length; id++) {
            weights[id] = Math.exp(logProbabilities[id] / temperature);
            sum += weights[id];
        }
        double left = random.nextDouble() * sum;
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
