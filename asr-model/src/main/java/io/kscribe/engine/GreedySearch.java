package io.kscribe.engine;

import ai.onnxruntime.OrtException;
import io.kscribe.engine.Decoder.Row;
import io.kscribe.engine.Decoder.Step;
import java.util.List;

/**
 * Writes one text, always with the best next token, checking a draft on the way.
 *
 * <p>A draft is a guess at what comes next. One pass over all of it gives what the decoder would have written after each of its
 * tokens; as far as the two agree the draft is right, and writing goes on from there.
 */
final class GreedySearch implements Search {
    private final Decoder decoder;
    private final NextTokens next;
    private final int limit;

    GreedySearch(Decoder decoder, NextTokens next, int limit) {
        this.decoder = decoder;
        this.next = next;
        this.limit = limit;
    }

    @Override
    public Text run(Opening opening) throws OrtException {
        Text text = draftChecked(opening);
        while (unfinished(text)) {
            Step step = decoder.append(new int[] {text.last().id()}, List.of(new Row(0, next.suppression(false))));
            text = next.best(text, step, 0, 0);
        }
        return text;
    }

    /** Writes as much of the draft as holds, and the token after it. */
    private Text draftChecked(Opening opening) {
        List<DecodedToken> draft = opening.draft();
        Text text = opening.text();
        for (int i = 0; i <= draft.size(); i++) {
            text = next.best(text, opening.step(), opening.firstRow() + i, opening.firstToken() + i);
            boolean holds = i < draft.size()
                    && unfinished(text)
                    && text.last().id() == draft.get(i).id();
            if (!holds) {
                decoder.takeBack(draft.size() - i);
                break;
            }
        }
        return text;
    }

    private boolean unfinished(Text text) {
        return !text.isEnded() && text.length() < limit && LoopGuard.loopLength(text.tokens()) == 0;
    }
}
