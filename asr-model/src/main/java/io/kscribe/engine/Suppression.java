package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.util.BitSet;

/** Which tokens must not be written next; the decoder graph has one row of {@code token_bias} for each. */
enum Suppression {
    /** None: what the model itself thinks. */
    NONE(0),
    /** What does not begin a text. */
    BEGIN(1),
    /** What no text holds: the checkpoint's list and the special tokens but the end. */
    TEXT(2),
    /** What no text with time stamps holds. */
    TIMED(3),
    /** All but the languages. */
    LANGUAGE(4);

    private static final float NEVER = -1e9f;

    private final int row;

    Suppression(int row) {
        this.row = row;
    }

    /** Its row of {@code token_bias}. */
    int row() {
        return row;
    }

    /** {@code token_bias [K, V]}, a row for each constant. */
    static OnnxTensor tensor(NativeScope holder, Vocabulary vocabulary) throws OrtException {
        int size = vocabulary.size();
        FloatBuffer bias = FloatBuffer.allocate(values().length * size);
        for (Suppression suppression : values()) {
            suppression.tokens(vocabulary).stream()
                    .filter(id -> id < size)
                    .forEach(id -> bias.put(suppression.row * size + id, NEVER));
        }
        return holder.floats(bias, values().length, size);
    }

    private BitSet tokens(Vocabulary vocabulary) {
        BitSet tokens = new BitSet();
        switch (this) {
            case NONE -> {}
            case BEGIN -> {
                tokens.or(vocabulary.suppressed());
                tokens.or(vocabulary.suppressedAtBegin());
            }
            case TEXT -> tokens.or(vocabulary.suppressed());
            case TIMED -> {
                tokens.or(vocabulary.suppressed());
                vocabulary.firstTimestamp().ifPresent(first -> tokens.clear(first, vocabulary.size()));
            }
            case LANGUAGE -> {
                tokens.set(0, vocabulary.size());
                vocabulary.languageTokens().values().forEach(tokens::clear);
            }
        }
        return tokens;
    }
}
