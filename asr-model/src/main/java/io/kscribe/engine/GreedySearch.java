package io.kscribe.engine;

import io.kscribe.engine.Pass.Row;
import java.util.List;
import java.util.Optional;

/**
 * Writes one text, always with the best next token, checking a draft on the way.
 *
 * <p>A draft is a guess at what comes next. One pass over all of it gives what the decoder would have written after each of its
 * tokens; as far as the two agree the draft is right, and writing goes on from there.
 */
final class GreedySearch implements Search {
    private final TokenTree tree;
    private final NextTokens next;
    private final int limit;
    private Text text;

    /** Begins with as much of the opening's draft as holds, and the token after it. */
    GreedySearch(TokenTree tree, NextTokens next, int limit, Opening.Result opening) {
        this.tree = tree;
        this.next = next;
        this.limit = limit;
        List<DecodedToken> draft = opening.draft();
        text = opening.text();
        for (int i = 0; i <= draft.size(); i++) {
            text = next.best(text, opening.step(), opening.firstRow() + i, opening.firstToken() + i);
            boolean holds = i < draft.size()
                    && unfinished()
                    && text.last().id() == draft.get(i).id();
            if (!holds) {
                tree.takeBack(draft.size() - i);
                break;
            }
        }
    }

    @Override
    public Optional<Pass> wanted() {
        if (!unfinished()) {
            return Optional.empty();
        }
        return Optional.of(
                Pass.onTip(tree, new int[] {text.last().id()}, List.of(new Row(0, next.suppression(false)))));
    }

    @Override
    public void accept(Step step) {
        text = next.best(text, step, 0, 0);
    }

    @Override
    public Text text() {
        return text;
    }

    private boolean unfinished() {
        return !text.isEnded() && text.length() < limit && LoopGuard.loopLength(text.tokens()) == 0;
    }
}
