package io.kscribe.gateway;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Takes audio apart that has a sample of each channel after the other. Pieces may end anywhere. */
final class Interleaved {

    private final int channels;
    private final int sampleBytes;
    private final byte[] rest;
    private int restBytes;

    Interleaved(int channels, int sampleBytes) {
        this.channels = channels;
        this.sampleBytes = sampleBytes;
        this.rest = new byte[channels * sampleBytes];
    }

    /** The whole frames that there are now, as audio of each channel. */
    List<CallEvent> split(ByteBuffer piece) {
        int frameBytes = channels * sampleBytes;
        int frames = (restBytes + piece.remaining()) / frameBytes;
        if (frames == 0) {
            keep(piece);
            return List.of();
        }
        byte[] whole = new byte[frames * frameBytes];
        System.arraycopy(rest, 0, whole, 0, restBytes);
        piece.get(whole, restBytes, whole.length - restBytes);
        restBytes = 0;
        keep(piece);
        List<CallEvent> audio = new ArrayList<>(channels);
        for (int channel = 0; channel < channels; channel++) {
            byte[] samples = channels == 1 ? whole : channel(whole, frames, channel);
            audio.add(new CallEvent.Audio(channel, ByteBuffer.wrap(samples)));
        }
        return audio;
    }

    private void keep(ByteBuffer piece) {
        int bytes = piece.remaining();
        piece.get(rest, restBytes, bytes);
        restBytes += bytes;
    }

    private byte[] channel(byte[] whole, int frames, int channel) {
        byte[] samples = new byte[frames * sampleBytes];
        int frameBytes = channels * sampleBytes;
        for (int frame = 0; frame < frames; frame++) {
            System.arraycopy(
                    whole, frame * frameBytes + channel * sampleBytes, samples, frame * sampleBytes, sampleBytes);
        }
        return samples;
    }
}
