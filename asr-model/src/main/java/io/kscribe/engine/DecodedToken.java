package io.kscribe.engine;

/**
 * A token that the decoder wrote.
 *
 * @param id its number in the vocabulary
 * @param logProbability the natural logarithm of its probability when it was written, at most 0
 */
public record DecodedToken(int id, float logProbability) {
    /** Its probability, 0 to 1. */
    public float probability() {
        return (float) Math.exp(logProbability);
    }
}
