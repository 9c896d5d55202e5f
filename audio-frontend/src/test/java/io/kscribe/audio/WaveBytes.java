package io.kscribe.audio;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes WAV files byte by byte, so that tests can make each field say what they like. */
final class WaveBytes {
    static final int PCM = 1;
    static final int FLOAT = 3;
    static final int A_LAW = 6;
    static final int MU_LAW = 7;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private WaveBytes() {
        text("RIFF").int32(-1).text("WAVE");
    }

    static WaveBytes riff() {
        return new WaveBytes();
    }

    /** A consistent fmt chunk. */
    WaveBytes format(int tag, int channels, int rateHz, int bits) {
        return format(tag, channels, rateHz, bits, channels * bits / 8);
    }

    WaveBytes format(int tag, int channels, int rateHz, int bits, int blockAlign) {
        return text("fmt ").int32(16).formatFields(tag, channels, rateHz, bits, blockAlign);
    }

    WaveBytes extensible(int tag, int channels, int rateHz, int bits) {
        text("fmt ").int32(40).formatFields(0xfffe, channels, rateHz, bits, channels * bits / 8);
        int16(22).int16(bits).int32((1 << channels) - 1).int16(tag);
        return bytes(0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71);
    }

    WaveBytes data(byte[] samples) {
        return data(samples.length, samples);
    }

    WaveBytes data(int statedBytes, byte[] samples) {
        text("data").int32(statedBytes);
        out.writeBytes(samples);
        return this;
    }

    WaveBytes chunk(String id, byte[] body) {
        text(id).int32(body.length);
        out.writeBytes(body);
        return body.length % 2 == 0 ? this : bytes(0);
    }

    byte[] toBytes() {
        return out.toByteArray();
    }

    private WaveBytes formatFields(int tag, int channels, int rateHz, int bits, int blockAlign) {
        return int16(tag)
                .int16(channels)
                .int32(rateHz)
                .int32(rateHz * blockAlign)
                .int16(blockAlign)
                .int16(bits);
    }

    private WaveBytes text(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    private WaveBytes int16(int value) {
        return bytes(value, value >> 8);
    }

    private WaveBytes int32(int value) {
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    private WaveBytes bytes(int... values) {
        for (int value : values) {
            out.write(value);
        }
        return this;
    }
}
