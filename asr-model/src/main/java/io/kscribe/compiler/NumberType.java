package io.kscribe.compiler;

import java.nio.ByteBuffer;

/** The types of numbers in which checkpoints keep weights, little-endian, and how to turn them into single precision. */
enum NumberType {
    /** IEEE 754 binary32. */
    F32(Float.BYTES) {
        @Override
        float next(ByteBuffer bytes) {
            return bytes.getFloat();
        }
    },
    /** IEEE 754 binary16: 5 bits of exponent, 10 of fraction. */
    F16(Short.BYTES) {
        @Override
        float next(ByteBuffer bytes) {
            return float16(bytes.getShort());
        }
    },
    /** The upper half of a binary32. */
    BF16(Short.BYTES) {
        @Override
        float next(ByteBuffer bytes) {
            return Float.intBitsToFloat(bytes.getShort() << Short.SIZE);
        }
    };

    private static final int FRACTION_BITS = 10;
    private static final int FRACTION_MASK = (1 << FRACTION_BITS) - 1;
    private static final int EXPONENT_MASK = 0x1F;
    private static final int SIGN_MASK = 0x8000;
    private static final int BIAS = 15;
    private static final int FLOAT_FRACTION_BITS = 23;
    private static final int FLOAT_BIAS = 127;
    private static final float SMALLEST = 0x1p-24f;

    private final int bytes;

    NumberType(int bytes) {
        this.bytes = bytes;
    }

    /** The width of a number in bytes. */
    int bytes() {
        return bytes;
    }

    /** Takes the next number from a little-endian buffer; every number of every type is exact in single precision. */
    abstract float next(ByteBuffer bytes);

    /** A binary16 number in single precision (IEEE 754-2019, section 3.4). */
    static float float16(short half) {
        int exponent = half >>> FRACTION_BITS & EXPONENT_MASK;
        int fraction = half & FRACTION_MASK;
        int sign = (half & SIGN_MASK) << Short.SIZE;
        if (exponent == 0) {
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * SMALLEST));
        }
        int floatExponent = exponent == EXPONENT_MASK ? 2 * FLOAT_BIAS + 1 : exponent - BIAS + FLOAT_BIAS;
        return Float.intBitsToFloat(
                sign | floatExponent << FLOAT_FRACTION_BITS | fraction << FLOAT_FRACTION_BITS - FRACTION_BITS);
    }
}
