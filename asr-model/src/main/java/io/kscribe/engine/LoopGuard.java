package io.kscribe.engine;

import java.util.List;

/**
 * Notices a decoder that says the same thing over and over.
 *
 * <p>A text loops if its last tokens are one group repeated: a single token {@value #SINGLE_REPEATS} times, or a longer group
 * {@value #GROUP_REPEATS} times. People do say "no, no, no, no"; nobody says a phrase five times without a pause.
 */
final class LoopGuard {
    private static final int SINGLE_REPEATS = 10;
    private static final int GROUP_REPEATS = 5;
    private static final int LONGEST_GROUP_TOKENS = 24;

    private LoopGuard() {}

    /** How many tokens at the end are repetitions of what stands before them; 0 if the text does not loop. */
    static int loopLength(List<DecodedToken> tokens) {
        for (int group = 1; group <= LONGEST_GROUP_TOKENS; group++) {
            int repeats = group == 1 ? SINGLE_REPEATS : GROUP_REPEATS;
            int repeated = group * (repeats - 1);
            if (tokens.size() >= repeated + group && repeats(tokens, group, repeated)) {
                return repeated;
            }
        }
        return 0;
    }

    private static boolean repeats(List<DecodedToken> tokens, int group, int repeated) {
        int end = tokens.size();
        for (int i = end - repeated; i < end; i++) {
            if (tokens.get(i).id() != tokens.get(i - group).id()) {
                return false;
            }
        }
        return true;
    }
}
