package io.kscribe.audio;

/**
 * The companding laws of telephone audio, ITU-T Recommendation G.711 (11/1988), on 16-bit linear values.
 *
 * <p>The Recommendation's tables have 14-bit (mu-law) and 13-bit (A-law) values; here they are scaled by 4 and by 8. A
 * value is encoded by the Recommendation's decision values, which lie half-way between output values except at the edge
 * of a segment.
 */
final class G711 {
    private static final int MU_BIAS = 33 << 2;
    private static final int MU_LARGEST = (8159 << 2) - 1;
    private static final int A_LARGEST = (4096 << 3) - 1;
    private static final int A_EVEN_BITS = 0x55;

    private static final short[] MU_LINEAR = new short[256];
    private static final short[] A_LINEAR = new short[256];

    static {
        for (int code = 0; code < 256; code++) {
            MU_LINEAR[code] = (short) expandMu(code);
            A_LINEAR[code] = (short) expandA(code);
        }
    }

    private G711() {}

    static short muLawToLinear(byte code) {
        return MU_LINEAR[code & 0xff];
    }

    static short aLawToLinear(byte code) {
        return A_LINEAR[code & 0xff];
    }

    /** Takes any magnitude; beyond full scale it saturates. A fraction of a 16-bit step never crosses a decision value. */
    static byte linearToMuLaw(float linear) {
        int magnitude = (int) Math.min(Math.abs(linear), MU_LARGEST) + MU_BIAS;
        int segment = 24 - Integer.numberOfLeadingZeros(magnitude);
        int code = (segment << 4) | ((magnitude >> (segment + 3)) & 0x0f);
        return (byte) ~(linear < 0 ? code | 0x80 : code);
    }

    /** Takes any magnitude; beyond full scale it saturates. */
    static byte linearToALaw(float linear) {
        int magnitude = (int) Math.min(Math.abs(linear), A_LARGEST);
        int segment = Math.max(0, 24 - Integer.numberOfLeadingZeros(magnitude));
        int code = (segment << 4) | ((magnitude >> (Math.max(segment, 1) + 3)) & 0x0f);
        return (byte) ((linear < 0 ? code : code | 0x80) ^ A_EVEN_BITS);
    }

    private static int expandMu(int code) {
        int inverted = ~code & 0xff;
        int segment = (inverted >> 4) & 0x07;
        int magnitude = (((inverted & 0x0f) * 2 + 33) << (segment + 2)) - MU_BIAS;
        return (inverted & 0x80) != 0 ? -magnitude : magnitude;
    }

    private static int expandA(int code) {
        int plain = code ^ A_EVEN_BITS;
        int segment = (plain >> 4) & 0x07;
        int step = (plain & 0x0f) * 2;
        int magnitude = segment == 0 ? (step + 1) << 3 : (step + 33) << (segment + 2);
        return (plain & 0x80) != 0 ? magnitude : -magnitude;
    }
}
