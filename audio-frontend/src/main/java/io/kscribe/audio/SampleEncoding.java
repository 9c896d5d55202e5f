package io.kscribe.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * How the samples of one channel are written as bytes.
 *
 * <p>Decoded samples are floats with full scale at -1 and 1: a 16-bit linear value divided by 32768.
 */
public enum SampleEncoding {
    /** ITU-T G.711 mu-law, a byte a sample. */
    MULAW(1) {
        @Override
        void decode(ByteBuffer in, float[] out) {
            for (int i = 0; i < out.length; i++) {
                out[i] = G711.muLawToLinear(in.get()) / PCM16_FULL_SCALE;
            }
        }

        @Override
        void encode(float sample, ByteBuffer out) {
            out.put(G711.linearToMuLaw(sample * PCM16_FULL_SCALE));
        }
    },
    /** ITU-T G.711 A-law, a byte a sample. */
    ALAW(1) {
        @Override
        void decode(ByteBuffer in, float[] out) {
            for (int i = 0; i < out.length; i++) {
                out[i] = G711.aLawToLinear(in.get()) / PCM16_FULL_SCALE;
            }
        }

        @Override
        void encode(float sample, ByteBuffer out) {
            out.put(G711.linearToALaw(sample * PCM16_FULL_SCALE));
        }
    },
    /** Signed 16-bit integers, little-endian. */
    PCM_S16LE(2) {
        @Override
        void decode(ByteBuffer in, float[] out) {
            for (int i = 0; i < out.length; i++) {
                out[i] = in.getShort() / PCM16_FULL_SCALE;
            }
        }

        @Override
        void encode(float sample, ByteBuffer out) {
            double nearest = Math.rint(sample * PCM16_FULL_SCALE);
            out.putShort((short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, nearest)));
        }
    },
    /** IEEE 754 single precision, little-endian, values as they are: full scale is not a limit. */
    PCM_F32LE(4) {
        @Override
        void decode(ByteBuffer in, float[] out) {
            for (int i = 0; i < out.length; i++) {
                out[i] = in.getFloat();
                requireFinite(out[i], i);
            }
        }

        @Override
        void encode(float sample, ByteBuffer out) {
            out.putFloat(sample);
        }
    };

    private static final float PCM16_FULL_SCALE = 32768;

    private final int bytesPerSample;

    SampleEncoding(int bytesPerSample) {
        this.bytesPerSample = bytesPerSample;
    }

    /** How many bytes one sample takes. */
    public int bytesPerSample() {
        return bytesPerSample;
    }

    /**
     * Turns bytes into samples.
     *
     * @param payload a whole number of samples, possibly none
     * @return the samples, full scale at -1 and 1
     * @throws IllegalArgumentException if the length is not a whole number of samples, or a sample is not a finite number
     */
    public float[] decode(byte[] payload) {
        if (payload.length % bytesPerSample != 0) {
            throw new IllegalArgumentException("A " + name() + " payload has " + payload.length
                    + " bytes; expected a multiple of " + bytesPerSample + ".");
        }
        float[] samples = new float[payload.length / bytesPerSample];
        decode(ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN), samples);
        return samples;
    }

    /**
     * Turns samples into bytes. What lies beyond full scale saturates (except in {@link #PCM_F32LE}, which holds it);
     * what lies between two codes becomes the nearest, for G.711 by the decision values of the Recommendation.
     *
     * @param samples full scale at -1 and 1
     * @return {@code length * bytesPerSample()} bytes
     * @throws IllegalArgumentException if a sample is not a finite number
     * @throws IndexOutOfBoundsException if the range is not within the array
     */
    public byte[] encode(float[] samples, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, samples.length);
        ByteBuffer out = ByteBuffer.allocate(length * bytesPerSample).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = offset; i < offset + length; i++) {
            requireFinite(samples[i], i);
            encode(samples[i], out);
        }
        return out.array();
    }

    /** Fills {@code out} from the buffer's position on. */
    abstract void decode(ByteBuffer in, float[] out);

    abstract void encode(float sample, ByteBuffer out);

    private static void requireFinite(float sample, int index) {
        if (!Float.isFinite(sample)) {
            throw new IllegalArgumentException("Sample " + index + " is " + sample + "; expected a finite number.");
        }
    }
}
