package io.kscribe.faults;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Role;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A telephone call of two who speak in turns.
 *
 * @param id the call's id
 * @param startTick the tick of the run at which its first chunks are captured
 * @param channels mu-law, each a whole number of chunks and all as long
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ScriptedCall(String id, long startTick, byte[][] channels) {
    static final int CHANNELS = 2;

    /** What the ids of all calls begin with. */
    static final String NAMES = "call-";

    /** A tick of the run, and what a chunk holds. */
    static final int TICK_MILLIS = 100;

    private static final int CHUNK = Speech.RATE_HZ * TICK_MILLIS / 1000;
    private static final byte SILENCE = (byte) 0xff;
    private static final int SHORTEST_MILLIS = 12_000;
    private static final int LONGEST_MILLIS = 30_000;
    private static final int SHORTEST_TURN_MILLIS = 2000;
    private static final int LONGEST_TURN_MILLIS = 9000;
    private static final int LONGEST_PAUSE_MILLIS = 900;

    /** Makes a call up. */
    static ScriptedCall random(String id, long startTick, Speech speech, Random random) {
        int chunks = between(random, SHORTEST_MILLIS, LONGEST_MILLIS) / TICK_MILLIS;
        byte[][] channels = new byte[CHANNELS][chunks * CHUNK];
        for (byte[] channel : channels) {
            Arrays.fill(channel, SILENCE);
        }
        int at = between(random, 0, LONGEST_PAUSE_MILLIS) * Speech.RATE_HZ / 1000;
        for (int who = random.nextInt(CHANNELS); at < chunks * CHUNK; who = 1 - who) {
            byte[] turn = speech.cut(random, between(random, SHORTEST_TURN_MILLIS, LONGEST_TURN_MILLIS));
            System.arraycopy(turn, 0, channels[who], at, Math.min(turn.length, chunks * CHUNK - at));
            at += turn.length + between(random, 0, LONGEST_PAUSE_MILLIS) * Speech.RATE_HZ / 1000;
        }
        return new ScriptedCall(id, startTick, channels);
    }

    private static int between(Random random, int least, int most) {
        return least + random.nextInt(most - least + 1);
    }

    /** How many chunks each channel has. */
    int chunks() {
        return channels[0].length / CHUNK;
    }

    /** The chunks of all channels at a place in the call. */
    List<AudioChunk> chunks(int sequence, Instant runStart) {
        Instant capturedAt = runStart.plusMillis((startTick + sequence + 1) * TICK_MILLIS);
        List<AudioChunk> chunks = new ArrayList<>();
        for (int channel = 0; channel < channels.length; channel++) {
            chunks.add(AudioChunk.newBuilder()
                    .setCallId(id)
                    .setChannel(channel)
                    .setRole(channel == 0 ? Role.AGENT : Role.CUSTOMER)
                    .setSequence(sequence)
                    .setCapturedAt(capturedAt)
                    .setEncoding(AudioEncoding.MULAW)
                    .setSampleRate(Speech.RATE_HZ)
                    .setPayload(ByteBuffer.wrap(channels[channel], sequence * CHUNK, CHUNK)
                            .slice())
                    .setEndOfStream(sequence == chunks() - 1)
                    .build());
        }
        return chunks;
    }
}
