package io.kscribe.stream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/** Recordings to publish. */
public final class Recordings {

    private Recordings() {}

    /**
     * A WAV file of 16-bit samples in which each says where it is: channel 0 counts up from 0, channel 1 down, and so on in
     * turns. Values wrap around at 1000, which any encoding but G.711 keeps exactly.
     */
    public static byte[] counting(int rateHz, int channels, int frames) {
        ByteBuffer samples = ByteBuffer.allocate(frames * channels * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int frame = 0; frame < frames; frame++) {
            for (int channel = 0; channel < channels; channel++) {
                samples.putShort(value(frame, channel));
            }
        }
        AudioFormat format = new AudioFormat(rateHz, 16, channels, true, false);
        ByteArrayOutputStream wav = new ByteArrayOutputStream();
        try {
            AudioSystem.write(
                    new AudioInputStream(new ByteArrayInputStream(samples.array()), format, frames),
                    AudioFileFormat.Type.WAVE,
                    wav);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return wav.toByteArray();
    }

    /** The sample of a {@link #counting} recording. */
    public static short value(int frame, int channel) {
        return (short) (channel % 2 == 0 ? frame % 1000 : -(frame % 1000));
    }
}
