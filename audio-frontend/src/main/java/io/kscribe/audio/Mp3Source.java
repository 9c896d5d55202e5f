package io.kscribe.audio;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.OptionalLong;
import javazoom.jl.decoder.Bitstream;
import javazoom.jl.decoder.Decoder;
import javazoom.jl.decoder.Header;
import javazoom.jl.decoder.JavaLayerException;
import javazoom.jl.decoder.Obuffer;

/**
 * Decodes MP3 with JLayer.
 *
 * <p>Not through its Java Sound adapter (mp3spi), which rounds to 16 bits, swallows every error and knows nothing of the
 * encoder's padding. Where the encoder says how much it padded (LAME's header, which nearly all write), the padding and
 * the decoder's own delay are cut off, so that the samples are the recording's, at the recording's times.
 */
final class Mp3Source implements AudioSource {
    /** How much later than its input a layer III decoder's output is, by convention. */
    private static final int DECODER_DELAY_SAMPLES = 529;

    private final Mp3FrameStream in;
    private final String name;
    private final Bitstream bitstream;
    private final Decoder decoder = new Decoder();
    private final FloatBuffer decoded;
    private final OptionalLong frames;
    private long toSkip;
    private long framesRead;

    private Mp3Source(Mp3FrameStream in, String name) {
        this.in = in;
        this.name = name;
        this.bitstream = new Bitstream(in);
        this.decoded = new FloatBuffer(in.format().channels(), in.format().samples());
        this.decoder.setOutputBuffer(decoded);
        this.toSkip = in.encoderDelay() < 0 ? 0 : in.encoderDelay() + DECODER_DELAY_SAMPLES;
        this.frames = in.statedFrames() < 0
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(
                        0,
                        in.statedFrames() * in.format().samples()
                                - Math.max(toSkip, Math.max(in.encoderDelay(), 0) + in.encoderPadding())));
    }

    /** The stream is at the first frame. */
    static Mp3Source open(InputStream in, String name) throws IOException {
        return new Mp3Source(new Mp3FrameStream(in, name), name);
    }

    @Override
    public int sampleRateHz() {
        return in.format().sampleRateHz();
    }

    @Override
    public int channels() {
        return in.format().channels();
    }

    @Override
    public OptionalLong frames() {
        return frames;
    }

    @Override
    public float[][] next() throws IOException {
        while (true) {
            if (!decodeFrame()) {
                return new float[channels()][0];
            }
            int skipped = (int) Math.min(toSkip, in.format().samples());
            toSkip -= skipped;
            long left = frames.orElse(Long.MAX_VALUE) - framesRead;
            int kept = (int) Math.min(in.format().samples() - skipped, left);
            if (kept > 0) {
                framesRead += kept;
                return decoded.copy(skipped, kept);
            }
        }
    }

    private boolean decodeFrame() throws IOException {
        try {
            Header header = bitstream.readFrame();
            in.rethrowFailure();
            if (header == null) {
                return false;
            }
            decoder.decodeFrame(header, bitstream);
            bitstream.closeFrame();
            return true;
        } catch (JavaLayerException e) {
            in.rethrowFailure();
            throw new AudioFileException(name, "is damaged MP3 after sample " + framesRead, e);
        }
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Takes the decoder's floats as they are, before they would be rounded and clipped to 16 bits. */
    private static final class FloatBuffer extends Obuffer {
        private static final float FULL_SCALE = 32768;

        private final float[][] samples;
        private final int[] lengths;

        FloatBuffer(int channels, int frames) {
            samples = new float[channels][frames];
            lengths = new int[channels];
        }

        float[][] copy(int offset, int length) {
            float[][] copy = new float[samples.length][length];
            for (int channel = 0; channel < copy.length; channel++) {
                System.arraycopy(samples[channel], offset, copy[channel], 0, length);
            }
            return copy;
        }

        @Override
        public void append(int channel, short value) {
            samples[channel][lengths[channel]++] = value / FULL_SCALE;
        }

        @Override
        public void appendSamples(int channel, float[] values) {
            for (float value : values) {
                samples[channel][lengths[channel]++] = value / FULL_SCALE;
            }
        }

        @Override
        public void clear_buffer() {
            Arrays.fill(lengths, 0);
        }

        @Override
        public void write_buffer(int value) {}

        @Override
        public void close() {}

        @Override
        public void set_stop_flag() {}
    }
}
