package io.kscribe.compiler;

import java.util.Locale;

/** How a graph's linear layers are computed. */
public enum Precision {
    /** Single precision throughout. */
    FP32,
    /**
     * 8-bit weights with one scale an output feature, 8-bit activations with one scale a row (a position): the integer units do the
     * work, and a loud position does not take precision from a quiet one.
     */
    INT8_ROWWISE,
    /** 8-bit weights with one scale a block of 128 inputs, multiplied block by block; for a few rows, as in decoding. */
    INT8_BLOCKWISE;

    /** Whether what comes of a row does not depend, to the bit, on the rows that are computed with it. */
    public boolean keepsRowsApart() {
        return this != INT8_BLOCKWISE;
    }

    /** The name that people read: {@code fp32}, {@code int8-rowwise}, {@code int8-blockwise}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
