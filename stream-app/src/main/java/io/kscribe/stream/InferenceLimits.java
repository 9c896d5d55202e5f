package io.kscribe.stream;

/**
 * How much the workers take on.
 *
 * @param partialsTogether partials that a worker decodes side by side; default 4
 * @param finalsTogether finals that a worker decodes side by side; default 1: a final must not depend on who shares the batch, and in a
 *     batch sums are rounded in another order, so that one in hundreds of tokens, where two are about as likely, may differ. More is right once
 *     the engine computes the rows of a batch exactly as it would alone.
 */
record InferenceLimits(int partialsTogether, int finalsTogether) {
    InferenceLimits {
        if (partialsTogether < 1 || finalsTogether < 1) {
            throw new IllegalArgumentException("Workers take on one task at least; they were given " + partialsTogether
                    + " partials and " + finalsTogether + " finals at once.");
        }
    }

    /** The defaults. */
    static InferenceLimits standard() {
        return new InferenceLimits(4, 1);
    }
}
