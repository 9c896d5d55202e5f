package io.kscribe.engine;

import io.kscribe.engine.KeyTerms.Progress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text on its way: its tokens, and what the decoder listened to as it wrote each of them.
 *
 * <p>Immutable; the continuations of a text share it.
 */
final class Text {
    static final Text EMPTY = new Text();

    private final @Nullable Text before;
    private final @Nullable DecodedToken token;
    private final float[] attention;
    private final int length;
    private final double score;
    private final Progress progress;
    private final double logProbability;
    private final boolean ended;

    private Text() {
        before = null;
        token = null;
        attention = new float[0];
        length = 0;
        score = 0;
        progress = Progress.NONE;
        logProbability = 0;
        ended = false;
    }

    private Text(Text before, DecodedToken token, float[] attention, double gain, Progress progress, boolean ended) {
        this.before = before;
        this.token = token;
        this.attention = attention;
        length = before.length + (ended ? 0 : 1);
        score = before.score + gain;
        this.progress = progress;
        logProbability = before.logProbability + token.logProbability();
        this.ended = ended;
    }

    /**
     * The text with another token.
     *
     * @param attention {@code [heads, positions]} of the token before, which gave this one
     * @param gain what the token adds to the score
     * @param progress how far it takes the text into key terms
     * @param ended whether the token is the end
     */
    Text with(DecodedToken next, float[] attention, double gain, Progress progress, boolean ended) {
        return new Text(this, next, attention, gain, progress, ended);
    }

    /** How far it has come into key terms. */
    Progress progress() {
        return progress;
    }

    /** How many tokens it has, without the end. */
    int length() {
        return length;
    }

    boolean isEnded() {
        return ended;
    }

    /** The sum of the gains: how good the search finds it. */
    double score() {
        return score;
    }

    /** The sum of the log-probabilities, with the end's. */
    double logProbability() {
        return logProbability;
    }

    /** The last token; the end if it has ended. */
    DecodedToken last() {
        if (token == null) {
            throw new IllegalStateException("the text is empty");
        }
        return token;
    }

    /** The tokens in order, without the end. */
    List<DecodedToken> tokens() {
        List<DecodedToken> tokens = new ArrayList<>(length);
        Text text = ended ? before : this;
        while (text != null && text.token != null) {
            tokens.add(text.token);
            text = text.before;
        }
        Collections.reverse(tokens);
        return tokens;
    }

    /** What was listened to for each token in order, and for the end if there is one. */
    List<float[]> attention() {
        List<float[]> rows = new ArrayList<>(length + 1);
        for (Text text = this; text != null && text.token != null; text = text.before) {
            rows.add(text.attention);
        }
        Collections.reverse(rows);
        return rows;
    }
}
