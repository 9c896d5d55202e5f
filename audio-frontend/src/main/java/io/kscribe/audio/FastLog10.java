package io.kscribe.audio;

/**
 * A decimal logarithm for positive normal doubles that is off by less than 1e-8: exponent, a table of 256 mantissas, and
 * the first two terms of the series around the nearest.
 */
final class FastLog10 {
    private static final int TABLE_BITS = 8;
    private static final int MANTISSA_BITS = 52;
    private static final int EXPONENT_BIAS = 1023;
    private static final long MANTISSA_MASK = (1L << MANTISSA_BITS) - 1;
    private static final long ONE = (long) EXPONENT_BIAS << MANTISSA_BITS;
    private static final double LOG10_OF_2 = Math.log10(2);
    private static final double LOG10_OF_E = Math.log10(Math.E);
    private static final double[] LOG10 = new double[1 << TABLE_BITS];
    private static final double[] INVERSE = new double[1 << TABLE_BITS];

    static {
        for (int i = 0; i < LOG10.length; i++) {
            double middle = 1 + (i + 0.5) / LOG10.length;
            LOG10[i] = Math.log10(middle);
            INVERSE[i] = 1 / middle;
        }
    }

    private FastLog10() {}

    static double of(double x) {
        long bits = Double.doubleToRawLongBits(x);
        int exponent = (int) (bits >>> MANTISSA_BITS) - EXPONENT_BIAS;
        int index = (int) ((bits & MANTISSA_MASK) >>> (MANTISSA_BITS - TABLE_BITS));
        double mantissa = Double.longBitsToDouble((bits & MANTISSA_MASK) | ONE);
        double rest = mantissa * INVERSE[index] - 1;
        return exponent * LOG10_OF_2 + LOG10[index] + (rest - 0.5 * rest * rest) * LOG10_OF_E;
    }
}
