package io.kscribe.console;

import io.kscribe.audio.SampleEncoding;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.stream.ClockNumbers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How loud a channel is: its root mean square in dB below full scale, from {@value #FLOOR} to 0, for every {@value #STEP_MILLIS} ms
 * from its first sample. What is missing, as sequence numbers tell, is as quiet as can be.
 */
final class Loudness {

    /** How much time a level is about. */
    static final int STEP_MILLIS = 100;

    /** The level of silence, in dB. */
    static final int FLOOR = -100;

    /** Most missing chunks that are filled in; a number that is further ahead says nothing about time. */
    private static final long MOST_MISSING = 3000;

    private final int mostLevels;
    private byte[] levels = new byte[64];
    private int size;
    private long firstStep;
    private long nextSequence;
    private int sampleRate;
    private int usualSamples;
    private double energy;
    private int samples;

    /** @param kept how much of the end is remembered */
    Loudness(Duration kept) {
        this.mostLevels = (int) Math.max(2, kept.toMillis() / STEP_MILLIS);
    }

    /** Hears the next chunk; one that comes late, or cannot be understood, changes nothing. */
    void hear(AudioChunk chunk) {
        if (chunk.getSequence() < nextSequence
                || chunk.getEncoding() == AudioEncoding.UNKNOWN
                || chunk.getSampleRate() <= 0) {
            return;
        }
        float[] heard;
        try {
            heard = SampleEncoding.valueOf(chunk.getEncoding().name()).decode(bytes(chunk.getPayload()));
        } catch (IllegalArgumentException torn) {
            return;
        }
        long missing = chunk.getSequence() - nextSequence;
        nextSequence = chunk.getSequence() + 1;
        if (sampleRate == 0) {
            // What came before anybody listened is not silence; chunks are taken to be of one length. The time of day
            // says
            // nothing about it.
            firstStep = ClockNumbers.isOneOf(chunk, (int) MOST_MISSING)
                    ? 0
                    : missing * heard.length * 1000 / chunk.getSampleRate() / STEP_MILLIS;
        } else if (missing <= MOST_MISSING) {
            hearSilence(missing * usualSamples);
        }
        sampleRate = chunk.getSampleRate();
        usualSamples = Math.max(usualSamples, heard.length);
        for (float sample : heard) {
            hear(sample);
        }
    }

    /** The first step after those that there are levels for. */
    long end() {
        return firstStep + size;
    }

    /** The first step that is still remembered. */
    long start() {
        return firstStep;
    }

    /** There were more steps before the first that was heard than it seemed. */
    void moveBy(long steps) {
        firstStep += steps;
    }

    /** The levels of the steps from this one on that are remembered. */
    List<Integer> since(long step) {
        List<Integer> since = new ArrayList<>();
        for (int i = (int) Math.max(0, step - firstStep); i < size; i++) {
            since.add((int) levels[i]);
        }
        return since;
    }

    int bytes() {
        return levels.length;
    }

    private void hearSilence(long count) {
        for (long i = 0; i < count; i++) {
            hear(0);
        }
    }

    private void hear(float sample) {
        energy += (double) sample * sample;
        samples++;
        if (samples >= (long) sampleRate * STEP_MILLIS / 1000) {
            double level = 10 * Math.log10(energy / samples); // of silence, minus infinity
            add((int) Math.round(Math.max(FLOOR, Math.min(0, level))));
            energy = 0;
            samples = 0;
        }
    }

    private void add(int level) {
        if (size == mostLevels) {
            int dropped = Math.max(1, mostLevels / 2);
            System.arraycopy(levels, dropped, levels, 0, size - dropped);
            size -= dropped;
            firstStep += dropped;
        }
        if (size == levels.length) {
            levels = Arrays.copyOf(levels, Math.min(mostLevels, size * 2));
        }
        levels[size++] = (byte) level;
    }

    private static byte[] bytes(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.duplicate().get(bytes);
        return bytes;
    }
}
