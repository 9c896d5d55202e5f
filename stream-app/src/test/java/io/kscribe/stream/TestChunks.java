package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;

/** Chunks to build others from. */
final class TestChunks {
    private TestChunks() {}

    /** Ten milliseconds of silence at 8 kHz, mu-law. */
    static AudioChunk.Builder silence(String callId, int channel, long sequence) {
        byte[] silence = new byte[80];
        Arrays.fill(silence, (byte) 0xff);
        return AudioChunk.newBuilder()
                .setCallId(callId)
                .setChannel(channel)
                .setSequence(sequence)
                .setCapturedAt(Instant.ofEpochMilli(1_700_000_000_000L + 10 * (sequence + 1)))
                .setEncoding(AudioEncoding.MULAW)
                .setSampleRate(8000)
                .setPayload(ByteBuffer.wrap(silence));
    }

    /** Samples as they are, at any rate. */
    static AudioChunk.Builder floats(long sequence, int rateHz, float[] samples) {
        ByteBuffer payload = ByteBuffer.allocate(samples.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        payload.asFloatBuffer().put(samples);
        return silence("c1", 0, sequence)
                .setEncoding(AudioEncoding.PCM_F32LE)
                .setSampleRate(rateHz)
                .setPayload(payload.order(ByteOrder.BIG_ENDIAN));
    }
}
