package io.kscribe.engine;

import io.kscribe.engine.Pass.Row;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Writes one text, always with the best next token, checking a {@link Draft} on the way.
 *
 * <p>One pass over what is likely to come next gives what the decoder would have written after each of its tokens; as far as the two
 * agree the draft is right, and writing goes on from there. Beside others, who would have to wait for it, the draft is checked once only.
 */
final class GreedySearch implements Search {
    private final TokenTree tree;
    private final NextTokens next;
    private final int limit;
    private final Draft draft;

    /** What the pass that is wanted checks behind the last token. */
    private List<DecodedToken> likely;

    private Text text;

    /** Begins with as much of the opening's draft as holds, and the token after it. */
    GreedySearch(TokenTree tree, NextTokens next, int limit, Opening.Result opening) {
        this.tree = tree;
        this.next = next;
        this.limit = limit;
        draft = new Draft(opening.draft());
        likely = opening.draft();
        text = opening.text();
        read(opening.step(), opening.firstRow(), opening.firstToken());
    }

    @Override
    public Optional<Pass> wanted() {
        if (!unfinished()) {
            return Optional.empty();
        }
        int[] ids = Stream.concat(Stream.of(text.last()), likely.stream())
                .mapToInt(DecodedToken::id)
                .toArray();
        List<Row> rows = IntStream.range(0, ids.length)
                .mapToObj(token -> new Row(token, next.suppression(false)))
                .toList();
        return Optional.of(Pass.onTip(tree, ids, rows));
    }

    @Override
    public void accept(Step step) {
        read(step, 0, 0);
    }

    @Override
    public Text text() {
        return text;
    }

    /** Writes on as far as the model agrees with what is likely, and the token after it. */
    private void read(Step step, int firstRow, int firstToken) {
        boolean holds = true;
        for (int i = 0; holds; i++) {
            text = next.best(text, step, firstRow + i, firstToken + i);
            draft.follow(text.last().id());
            holds = i < likely.size()
                    && unfinished()
                    && text.last().id() == likely.get(i).id();
            if (!holds) {
                tree.takeBack(likely.size() - i);
            }
        }
        likely = unfinished() && tree.isAlone() ? draft.next(limit - text.length()) : List.of();
    }

    private boolean unfinished() {
        return !text.isEnded() && text.length() < limit && LoopGuard.loopLength(text.tokens()) == 0;
    }
}
