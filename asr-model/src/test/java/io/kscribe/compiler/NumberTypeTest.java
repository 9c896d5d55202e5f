package io.kscribe.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class NumberTypeTest {
    private static final int NUMBERS = 1 << 16;

    @Test
    void shouldTurnEveryBinary16IntoTheSameNumber() {
        for (int bits = 0; bits < NUMBERS; bits++) {
            assertSame(bits, next(NumberType.F16, bits), (float) binary16(bits));
        }
    }

    /** Sign, exponent and fraction as numbers, put together by arithmetic instead of by bits. */
    private static double binary16(int bits) {
        double sign = bits < NUMBERS / 2 ? 1 : -1;
        int exponent = bits % (NUMBERS / 2) / 1024;
        double fraction = bits % 1024 / 1024.0;
        if (exponent == 31) {
            return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        return exponent == 0
                ? sign * fraction * Math.pow(2, -14)
                : sign * (1 + fraction) * Math.pow(2, exponent - 15.0);
    }

    @Test
    void shouldTurnEveryBfloat16IntoTheSameNumber() {
        for (int bits = 0; bits < NUMBERS; bits++) {
            assertSame(bits, next(NumberType.BF16, bits), (float) bfloat16(bits));
        }
    }

    private static double bfloat16(int bits) {
        double sign = bits < NUMBERS / 2 ? 1 : -1;
        int exponent = bits % (NUMBERS / 2) / 128;
        double fraction = bits % 128 / 128.0;
        if (exponent == 255) {
            return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        return exponent == 0
                ? sign * fraction * Math.pow(2, -126)
                : sign * (1 + fraction) * Math.pow(2, exponent - 127.0);
    }

    @Test
    void shouldTakeBinary32AsItIs() {
        ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(NumberType.F32.next(bytes.putFloat(-0.1f).flip())).isEqualTo(-0.1f);
    }

    /** The same bits, so that zeros keep their signs; any NaN is as good as another. */
    private static void assertSame(int bits, float actual, float expected) {
        assertThat(Float.floatToIntBits(actual)).as("%04x", bits).isEqualTo(Float.floatToIntBits(expected));
    }

    private static float next(NumberType type, int bits) {
        ByteBuffer bytes = ByteBuffer.allocate(2).order(ByteOrder.LITTLE_ENDIAN);
        return type.next(bytes.putShort((short) bits).flip());
    }
}
