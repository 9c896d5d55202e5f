package io.kscribe.engine;

import io.kscribe.engine.Pass.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Follows several texts at once, and gives the one that is likeliest a token.
 *
 * <p>As in OpenAI's reference ({@code BeamSearchDecoder} and {@code MaximumLikelihoodRanker} in {@code whisper/decoding.py}, with a
 * patience of 1) each text is continued with its likeliest tokens, the best of all continuations are followed further, and those that
 * end before the last of them are kept, until as many have ended as are followed. Unlike there, the search goes on while a text that is
 * still followed is likelier as a whole than the best that has ended, or else a sentence would be cut short of its full stop; a text that loops
 * is given up; and one that did not end is taken only if none did.
 */
final class BeamSearch implements Search {
    private static final Comparator<Branch> BEST_FIRST =
            Comparator.comparingDouble((Branch branch) -> branch.text.score()).reversed();

    private final TokenTree tree;
    private final NextTokens next;
    private final int limit;
    private final int beams;

    /** By their mean scores, in which the prefix, which they have in common, does not count. */
    private final Comparator<Text> likeliestLast;

    private final List<Text> ended = new ArrayList<>();
    private List<Branch> grown = new ArrayList<>();
    private List<Branch> followed = List.of();

    /** Begins with the ways in which an opening goes on. */
    BeamSearch(TokenTree tree, NextTokens next, int limit, int beams, Opening.Result opening) {
        this.tree = tree;
        this.next = next;
        this.limit = limit;
        this.beams = beams;
        Text given = opening.text();
        likeliestLast = Comparator.comparingDouble(
                text -> (text.score() - given.score()) / Math.max(1, text.length() - given.length()));
        grow(opening.text(), tree.tip(), opening.step(), opening.firstRow(), opening.firstToken());
        sift();
    }

    /**
     * A text that is followed.
     *
     * @param after the slot that its last token follows
     */
    private record Branch(Text text, int after) {}

    @Override
    public Optional<Pass> wanted() {
        if (followed.isEmpty() || followed.get(0).text.length() >= limit || isDecided()) {
            return Optional.empty();
        }
        int[] ids = followed.stream().mapToInt(b -> b.text.last().id()).toArray();
        int[] after = followed.stream().mapToInt(Branch::after).toArray();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            rows.add(new Row(i, next.suppression(false)));
        }
        return Optional.of(new Pass(ids, after, rows));
    }

    @Override
    public void accept(Step step) {
        grown = new ArrayList<>();
        int first = tree.tip() + 1 - followed.size();
        for (int i = 0; i < followed.size(); i++) {
            grow(followed.get(i).text, first + i, step, i, i);
        }
        sift();
    }

    @Override
    public Text text() {
        return ended.stream().max(likeliestLast).orElse(grown.get(0).text);
    }

    private boolean isDecided() {
        return ended.size() >= beams
                && followed.get(0).text.score()
                        <= Collections.max(ended, likeliestLast).score();
    }

    private void grow(Text text, int slot, Step step, int row, int token) {
        next.best(text, step, row, token, beams + 1).forEach(longer -> grown.add(new Branch(longer, slot)));
    }

    /** Keeps the texts that end before the best of the others, and follows those of the others that do not loop. */
    private void sift() {
        grown.sort(BEST_FIRST);
        followed = new ArrayList<>();
        for (Branch branch : grown) {
            if (followed.size() == beams) {
                break;
            }
            if (!branch.text.isEnded()) {
                followed.add(branch);
            } else {
                ended.add(branch.text);
            }
        }
        followed.removeIf(branch -> LoopGuard.loopLength(branch.text.tokens()) > 0);
    }
}
