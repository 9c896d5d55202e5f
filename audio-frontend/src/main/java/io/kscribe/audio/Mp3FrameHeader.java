package io.kscribe.audio;

import org.jspecify.annotations.Nullable;

/**
 * The first four bytes of a frame of MPEG audio layer III (ISO/IEC 11172-3 section 2.4.2.3, 13818-3, and the customary
 * MPEG 2.5).
 *
 * @param sampleRateHz samples a second of each channel
 * @param channels 1 or 2
 * @param frameBytes bytes in the frame, these four included
 * @param samples samples a channel in the frame
 * @param sideInformationBytes bytes of side information
 */
record Mp3FrameHeader(int sampleRateHz, int channels, int frameBytes, int samples, int sideInformationBytes) {
    static final int BYTES = 4;

    private static final int[] KBITS_MPEG1 = {32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
    private static final int[] KBITS_MPEG2 = {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
    private static final int[] RATES_MPEG1_HZ = {44_100, 48_000, 32_000};
    private static final int MPEG1 = 3;
    private static final int MPEG2 = 2;
    private static final int RESERVED_VERSION = 1;
    private static final int LAYER_III = 1;
    private static final int MONO = 3;

    static boolean startsFrame(byte[] head) {
        return parse(head) != null;
    }

    /** Null if a frame of layer III with a stated bit rate does not start with these bytes. */
    static @Nullable Mp3FrameHeader parse(byte[] head) {
        if (head.length < BYTES || (head[0] & 0xff) != 0xff || (head[1] & 0xe0) != 0xe0) {
            return null;
        }
        int version = head[1] >> 3 & 3;
        int layer = head[1] >> 1 & 3;
        int bitRateIndex = head[2] >> 4 & 15;
        int rateIndex = head[2] >> 2 & 3;
        if (version == RESERVED_VERSION
                || layer != LAYER_III
                || bitRateIndex == 0
                || bitRateIndex == 15
                || rateIndex == 3) {
            return null;
        }
        boolean mpeg1 = version == MPEG1;
        int rateHz = RATES_MPEG1_HZ[rateIndex] >> (mpeg1 ? 0 : version == MPEG2 ? 1 : 2);
        int bitsPerSecond = 1000 * (mpeg1 ? KBITS_MPEG1 : KBITS_MPEG2)[bitRateIndex - 1];
        int samples = mpeg1 ? 1152 : 576;
        int padding = head[2] >> 1 & 1;
        boolean mono = (head[3] >> 6 & 3) == MONO;
        return new Mp3FrameHeader(
                rateHz,
                mono ? 1 : 2,
                samples / 8 * bitsPerSecond / rateHz + padding,
                samples,
                mpeg1 ? (mono ? 17 : 32) : (mono ? 9 : 17));
    }

    boolean continues(Mp3FrameHeader first) {
        return sampleRateHz == first.sampleRateHz && channels == first.channels && samples == first.samples;
    }
}
