package io.kscribe.compiler;

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
    INT8_BLOCKWISE
}
