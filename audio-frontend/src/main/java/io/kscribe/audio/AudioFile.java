package io.kscribe.audio;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Reads a recording as a stream of float samples, in constant memory.
 *
 * <p>It reads WAV (integers of 8 to 32 bits, floats, G.711), FLAC, MP3, Ogg Vorbis and NIST SPHERE (uncompressed), with any number of
 * channels at any rate that {@link StreamingResampler} takes. The format is told from the first bytes, never from the name. A recording
 * that is damaged or ends before its header says is an error and not a shorter recording. Full scale is at -1 and 1. Not thread-safe.
 */
public final class AudioFile implements AutoCloseable {
    private final String name;
    private final AudioSource source;
    private float[][] block;
    private int blockOffset;

    private AudioFile(String name, AudioSource source) throws IOException {
        this.name = name;
        this.source = source;
        if (source.sampleRateHz() < StreamingResampler.MIN_RATE_HZ
                || source.sampleRateHz() > StreamingResampler.MAX_RATE_HZ) {
            throw new AudioFileException(
                    name,
                    "says it was sampled at " + source.sampleRateHz() + " Hz; expected "
                            + StreamingResampler.MIN_RATE_HZ + " to " + StreamingResampler.MAX_RATE_HZ + " Hz");
        }
        this.block = source.next();
        if (block[0].length == 0) {
            throw new AudioFileException(name, "holds no audio, only a header");
        }
    }

    /**
     * Opens a file.
     *
     * @throws AudioFileException if there is no such file, or it is not a recording that can be read
     */
    public static AudioFile open(Path file) throws AudioFileException {
        String name = file.toString();
        if (Files.isDirectory(file)) {
            throw new AudioFileException(name, "is a directory; expected an audio file");
        }
        InputStream in;
        OptionalLong bytes;
        try {
            bytes = Files.isRegularFile(file) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
            in = Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw new AudioFileException(name, "there is no such file", e);
        } catch (AccessDeniedException e) {
            throw new AudioFileException(name, "permission to read the file is denied", e);
        } catch (IOException e) {
            throw new AudioFileException(name, "the file cannot be opened (" + e.getMessage() + ")", e);
        }
        return open(in, name, bytes);
    }

    /**
     * Opens a recording that comes through a stream; {@link #close} closes the stream, as does a failure here.
     *
     * @param name what to call the recording in messages
     * @throws AudioFileException if it is not a recording that can be read
     */
    public static AudioFile open(InputStream in, String name) throws AudioFileException {
        return open(in, name, OptionalLong.empty());
    }

    private static AudioFile open(InputStream in, String name, OptionalLong bytes) throws AudioFileException {
        try {
            return new AudioFile(name, AudioFormats.decode(new BufferedInputStream(in), name, bytes));
        } catch (IOException | RuntimeException e) {
            try {
                in.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw failure(name, e);
        }
    }

    /** Samples a second of each channel, as recorded. */
    public int sampleRateHz() {
        return source.sampleRateHz();
    }

    /** How many channels were recorded, at least one. */
    public int channels() {
        return source.channels();
    }

    /**
     * How many samples each channel has in all, if the header says so; {@link #read} fails where that turns out untrue.
     */
    public OptionalLong frames() {
        return source.frames();
    }

    /**
     * Reads on.
     *
     * @param maxFrames how many samples a channel to read at most, at least one
     * @return {@code [channels][n]}; {@code n} is less than {@code maxFrames} only at the end, and 0 after it
     * @throws AudioFileException if the recording is damaged or ends too early
     */
    public float[][] read(int maxFrames) throws AudioFileException {
        if (maxFrames < 1) {
            throw new IllegalArgumentException("maxFrames is " + maxFrames + "; expected at least 1.");
        }
        float[][] read = new float[channels()][maxFrames];
        int frames = 0;
        try {
            while (frames < maxFrames && block[0].length > 0) {
                int length = Math.min(maxFrames - frames, block[0].length - blockOffset);
                for (int channel = 0; channel < read.length; channel++) {
                    System.arraycopy(block[channel], blockOffset, read[channel], frames, length);
                }
                frames += length;
                blockOffset += length;
                if (blockOffset == block[0].length) {
                    block = source.next();
                    blockOffset = 0;
                }
            }
        } catch (IOException | RuntimeException e) {
            throw failure(name, e);
        }
        return frames == maxFrames ? read : shortened(read, frames);
    }

    @Override
    public void close() throws AudioFileException {
        try {
            source.close();
        } catch (IOException e) {
            throw failure(name, e);
        }
    }

    private static float[][] shortened(float[][] samples, int frames) {
        float[][] shortened = new float[samples.length][frames];
        for (int channel = 0; channel < samples.length; channel++) {
            System.arraycopy(samples[channel], 0, shortened[channel], 0, frames);
        }
        return shortened;
    }

    /** A codec that meets damaged data may throw anything; the caller gets a sentence. */
    private static AudioFileException failure(String name, Exception e) {
        if (e instanceof AudioFileException known) {
            return known;
        }
        String problem = e instanceof IOException ? "cannot be read" : "is damaged and cannot be decoded";
        return new AudioFileException(name, problem + " (" + e + ")", e);
    }
}
