package io.kscribe.engine;

import java.util.List;

/**
 * A guess at a text, followed while the text is written: where the two part it looks for the place at which they meet again, as they do
 * after a word that was heard in another way.
 *
 * <p>Not thread-safe.
 */
final class Draft {
    /** How many tokens may have been left out, put in or written in another way, to one side or the other, where the two meet again. */
    private static final int REACH = 4;

    /** How much of it is checked at once where the two have parted before: it may well be that they do so again. */
    private static final int AT_ONCE = 4;

    private final List<DecodedToken> tokens;

    /** Of the token that is likely to come next. */
    private int place;

    /** The tokens in a row that were not found. */
    private int missed;

    Draft(List<DecodedToken> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    /**
     * The next few tokens that are likely: none once a second token in a row was not found, until one is.
     *
     * @param most how many tokens are wanted at most
     */
    List<DecodedToken> next(int most) {
        int count = Math.min(Math.min(most, AT_ONCE), tokens.size() - place);
        return missed > 1 ? List.of() : tokens.subList(place, place + count);
    }

    /** Takes notice of the next token of the text: goes on behind the nearest of its kind, or if there is none behind what stood in its place. */
    void follow(int id) {
        int found = nearest(id);
        missed = found < 0 ? missed + 1 : 0;
        place = Math.min(tokens.size(), (found < 0 ? place : found) + 1);
    }

    private int nearest(int id) {
        for (int distance = 0; distance <= REACH; distance++) {
            for (int at : new int[] {place + distance, place - distance}) {
                if (at >= 0 && at < tokens.size() && tokens.get(at).id() == id) {
                    return at;
                }
            }
        }
        return -1;
    }
}
