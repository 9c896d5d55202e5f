package io.kscribe.engine;

import java.util.List;

/**
 * Tokens for the decoder to run at once in one decoding.
 *
 * @param ids the tokens
 * @param after for each token the slot of the {@link TokenTree} that it follows, or {@link TokenTree#ROOT}; the tokens' own slots are
 *     counted on from the tree's size
 * @param rows where the next token's probabilities are wanted
 */
@SuppressWarnings("ArrayRecordComponent") // made, run and dropped, never compared
record Pass(int[] ids, int[] after, List<Row> rows) {
    Pass {
        if (ids.length == 0 || ids.length != after.length) {
            throw new IllegalArgumentException(
                    "a pass of " + ids.length + " tokens says for " + after.length + " what they follow");
        }
    }

    /**
     * A place after which the next token's probabilities are wanted.
     *
     * @param token the index of a token of the pass
     * @param suppression what must not come next
     */
    record Row(int token, Suppression suppression) {}

    /** Tokens one after the other, the first after the tree's tip. */
    static Pass onTip(TokenTree tree, int[] ids, List<Row> rows) {
        int[] after = new int[ids.length];
        for (int t = 0; t < ids.length; t++) {
            after[t] = t == 0 ? tree.tip() : tree.size() + t - 1;
        }
        return new Pass(ids, after, rows);
    }
}
