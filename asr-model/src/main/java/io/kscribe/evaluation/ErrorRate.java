package io.kscribe.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Counts the errors of a transcript against what was really said, in words or in characters: the fewest substitutions, deletions
 * and insertions that turn the one into the other (Levenshtein), and among alignments with equally few errors one with the fewest
 * substitutions.
 *
 * @param reference units that were really said
 * @param substitutions units written as others
 * @param deletions units not written
 * @param insertions units written that were not said
 */
public record ErrorRate(long reference, long substitutions, long deletions, long insertions) {
    /** Of nothing. */
    public static final ErrorRate ZERO = new ErrorRate(0, 0, 0, 0);

    /** The cost of an error: one, and for a substitution a bit more, too little to add up to another error. */
    private static final long ERROR = 1L << 32;

    public ErrorRate {
        if (substitutions < 0 || deletions < 0 || insertions < 0 || substitutions + deletions > reference) {
            throw new IllegalArgumentException(substitutions + " substitutions, " + deletions + " deletions and "
                    + insertions + " insertions are no errors in " + reference + " units");
        }
    }

    /** Aligns a transcript with what was said. */
    public static ErrorRate of(List<String> reference, List<String> hypothesis) {
        long[] costs = new long[hypothesis.size() + 1];
        Arrays.setAll(costs, inserted -> inserted * ERROR);
        for (String said : reference) {
            long diagonal = costs[0];
            costs[0] += ERROR;
            for (int h = 0; h < hypothesis.size(); h++) {
                long substituted = diagonal + (said.equals(hypothesis.get(h)) ? 0 : ERROR + 1);
                diagonal = costs[h + 1];
                costs[h + 1] = Math.min(substituted, ERROR + Math.min(diagonal, costs[h]));
            }
        }
        long cost = costs[hypothesis.size()];
        long substitutions = cost % ERROR;
        long others = cost / ERROR - substitutions;
        long surplus = (long) hypothesis.size() - reference.size();
        return new ErrorRate(reference.size(), substitutions, (others - surplus) / 2, (others + surplus) / 2);
    }

    /** The sum over two pieces of text. */
    public ErrorRate plus(ErrorRate other) {
        return new ErrorRate(
                reference + other.reference,
                substitutions + other.substitutions,
                deletions + other.deletions,
                insertions + other.insertions);
    }

    /** All errors. */
    public long errors() {
        return substitutions + deletions + insertions;
    }

    /** Errors a unit said, 0 for none; above 1 if more was invented than said. Empty if nothing was said. */
    public OptionalDouble rate() {
        return share(errors());
    }

    /**
     * What part some of the errors are of the units said.
     *
     * @return empty if nothing was said
     */
    public OptionalDouble share(long errors) {
        return reference == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) errors / reference);
    }
}
