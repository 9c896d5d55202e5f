package io.kscribe.engine;

import ai.onnxruntime.OrtException;
import io.kscribe.engine.Decoder.Row;
import io.kscribe.engine.Decoder.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

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

    private static final Comparator<Text> LIKELIEST_LAST =
            Comparator.comparingDouble(text -> text.score() / Math.max(1, text.length()));

    private final Decoder decoder;
    private final NextTokens next;
    private final int limit;
    private final int beams;

    BeamSearch(Decoder decoder, NextTokens next, int limit, int beams) {
        this.decoder = decoder;
        this.next = next;
        this.limit = limit;
        this.beams = beams;
    }

    /**
     * A text that is followed.
     *
     * @param after the slot that its last token follows
     */
    private record Branch(Text text, int after) {}

    @Override
    public Text run(Opening opening) throws OrtException {
        List<Text> ended = new ArrayList<>();
        List<Branch> grown = new ArrayList<>();
        grow(opening.text(), decoder.tip(), opening.step(), opening.firstRow(), opening.firstToken(), grown);
        while (true) {
            grown.sort(BEST_FIRST);
            List<Branch> followed = sifted(grown, ended);
            if (followed.isEmpty() || followed.get(0).text.length() >= limit || decided(ended, followed)) {
                return ended.stream().max(LIKELIEST_LAST).orElse(grown.get(0).text);
            }
            grown = continued(followed);
        }
    }

    private boolean decided(List<Text> ended, List<Branch> followed) {
        if (ended.size() < beams) {
            return false;
        }
        Text best = Collections.max(ended, LIKELIEST_LAST);
        return followed.get(0).text.score() <= best.score();
    }

    /** Keeps the texts that end before the best of the others, and gives those of them that do not loop. */
    private List<Branch> sifted(List<Branch> grown, List<Text> ended) {
        List<Branch> others = new ArrayList<>();
        for (Branch branch : grown) {
            if (others.size() == beams) {
                break;
            }
            if (!branch.text.isEnded()) {
                others.add(branch);
            } else {
                ended.add(branch.text);
            }
        }
        others.removeIf(branch -> LoopGuard.loopLength(branch.text.tokens()) > 0);
        return others;
    }

    /** Runs the last tokens of all texts at once. */
    private List<Branch> continued(List<Branch> followed) throws OrtException {
        int[] ids = followed.stream().mapToInt(b -> b.text.last().id()).toArray();
        int[] after = followed.stream().mapToInt(Branch::after).toArray();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            rows.add(new Row(i, next.suppression(false)));
        }
        int slots = decoder.slots();
        Step step = decoder.append(ids, after, rows);
        List<Branch> grown = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            grow(followed.get(i).text, slots + i, step, i, i, grown);
        }
        return grown;
    }

    private void grow(Text text, int slot, Step step, int row, int token, List<Branch> grown) {
        next.best(text, step, row, token, beams + 1).forEach(longer -> grown.add(new Branch(longer, slot)));
    }
}
