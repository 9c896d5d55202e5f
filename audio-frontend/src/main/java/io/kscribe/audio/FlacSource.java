package io.kscribe.audio;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import org.jflac.FLACDecoder;
import org.jflac.FrameListener;
import org.jflac.frame.Frame;
import org.jflac.metadata.Metadata;
import org.jflac.metadata.StreamInfo;
import org.jspecify.annotations.Nullable;

/**
 * Decodes FLAC (RFC 9639) with jFLAC's decoder.
 *
 * <p>Not through its Java Sound adapter, which leaves out what is damaged and stops where a file is cut, both without a
 * word, and knows only 8, 16 and 24 bits.
 */
final class FlacSource implements AudioSource {
    private static final int MAX_BITS = 24;

    private final InputStream in;
    private final String name;
    private final FLACDecoder decoder;
    private final StreamInfo info;
    private long framesRead;
    private @Nullable String damage;

    private FlacSource(InputStream in, String name, FLACDecoder decoder, StreamInfo info) {
        this.in = in;
        this.name = name;
        this.decoder = decoder;
        this.info = info;
        decoder.addFrameListener(new FrameListener() {
            @Override
            public void processMetadata(Metadata metadata) {}

            @Override
            public void processFrame(Frame frame) {}

            @Override
            public void processError(String message) {
                damage = message;
            }
        });
    }

    /** The stream is at "fLaC". */
    static FlacSource open(InputStream in, String name) throws IOException {
        FLACDecoder decoder = new FLACDecoder(in);
        StreamInfo info;
        try {
            decoder.readMetadata();
            info = decoder.getStreamInfo();
        } catch (IOException | RuntimeException e) {
            throw new AudioFileException(name, "has a FLAC header that is damaged or cut short", e);
        }
        if (info == null || info.getSampleRate() == 0 || info.getBitsPerSample() > MAX_BITS) {
            throw new AudioFileException(
                    name,
                    info == null
                            ? "is a FLAC file without stream information"
                            : "says it has " + info.getSampleRate() + " samples a second of " + info.getBitsPerSample()
                                    + " bits; expected FLAC with at least 1 sample a second and at most " + MAX_BITS
                                    + " bits");
        }
        return new FlacSource(in, name, decoder, info);
    }

    @Override
    public int sampleRateHz() {
        return info.getSampleRate();
    }

    @Override
    public int channels() {
        return info.getChannels();
    }

    @Override
    public OptionalLong frames() {
        return info.getTotalSamples() == 0 ? OptionalLong.empty() : OptionalLong.of(info.getTotalSamples());
    }

    @Override
    public float[][] next() throws IOException {
        if (framesRead == frames().orElse(Long.MAX_VALUE)) {
            return new float[channels()][0];
        }
        Frame frame = decoder.readNextFrame();
        if (frame == null && frames().isPresent()) {
            throw new AudioFileException(
                    name,
                    "is cut short: its header says " + frames().getAsLong() + " samples a channel, and there are "
                            + framesRead);
        }
        if (damage != null) {
            throw new AudioFileException(name, "is damaged FLAC after frame " + framesRead + " (" + damage + ")");
        }
        if (frame == null) {
            return new float[channels()][0];
        }
        if (frame.header.channels != channels() || frame.header.bitsPerSample != info.getBitsPerSample()) {
            throw new AudioFileException(name, "is FLAC that changes its channels or bits at frame " + framesRead);
        }
        float fullScale = 1 << (info.getBitsPerSample() - 1);
        float[][] block = new float[channels()][frame.header.blockSize];
        for (int channel = 0; channel < block.length; channel++) {
            int[] output = decoder.getChannelData()[channel].getOutput();
            for (int i = 0; i < block[channel].length; i++) {
                block[channel][i] = output[i] / fullScale;
            }
        }
        framesRead += frame.header.blockSize;
        return block;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
