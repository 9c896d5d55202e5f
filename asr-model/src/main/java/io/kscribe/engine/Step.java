package io.kscribe.engine;

import java.util.List;

/** What the decoder says to a {@link Pass}. To be read before the decoder runs again. */
interface Step {
    /** The likeliest tokens in a row, best first. */
    List<DecodedToken> top(int row);

    /** {@code [heads, audioPositions]}: what a token of the pass listens to. */
    float[] alignment(int token);

    /** {@code [V]}: the natural logarithms of all tokens' probabilities in a row. */
    float[] logProbabilities(int row);

    /** The natural logarithm of a token's probability in a row. */
    float logProbability(int row, int token);
}
