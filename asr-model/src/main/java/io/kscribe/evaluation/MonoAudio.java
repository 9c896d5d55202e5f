package io.kscribe.evaluation;

import io.kscribe.audio.AudioFile;
import io.kscribe.audio.StreamingResampler;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads whole recordings into memory as the recogniser wants them, so that reading is not timed with recognising. */
public final class MonoAudio {
    /** Samples a second of what {@link #read} gives. */
    public static final int RATE_HZ = 16_000;

    /** The longest recording that is read: an hour, 230 MB. */
    public static final Duration LONGEST = Duration.ofHours(1);

    private static final int FRAMES_A_READ = 1 << 16;

    private final List<float[]> pieces = new ArrayList<>();
    private int length;

    private final Duration longest;

    private MonoAudio(Duration longest) {
        this.longest = longest;
    }

    /**
     * Reads files, one after another.
     *
     * @return one channel, the mean of those recorded, at {@value #RATE_HZ} Hz, full scale at -1 and 1
     * @throws IOException in one sentence if a file cannot be read, or they are longer than {@link #LONGEST}
     */
    public static float[] read(List<Path> files) throws IOException {
        return read(files, LONGEST);
    }

    static float[] read(List<Path> files, Duration longest) throws IOException {
        MonoAudio audio = new MonoAudio(longest);
        for (Path file : files) {
            audio.read(file);
        }
        return audio.joined();
    }

    private void read(Path file) throws IOException {
        try (AudioFile recording = AudioFile.open(file)) {
            StreamingResampler resampler = new StreamingResampler(recording.sampleRateHz(), RATE_HZ);
            for (float[][] read = recording.read(FRAMES_A_READ);
                    read[0].length > 0;
                    read = recording.read(FRAMES_A_READ)) {
                add(file, resampler.accept(mean(read)));
            }
            add(file, resampler.finish());
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    private void add(Path file, float[] piece) throws IOException {
        if (length + (long) piece.length > longest.toSeconds() * RATE_HZ) {
            throw new IOException(file + ": the recording is longer than " + longest.toSeconds() + " s.");
        }
        pieces.add(piece);
        length += piece.length;
    }

    private float[] joined() {
        float[] all = new float[length];
        int position = 0;
        for (float[] piece : pieces) {
            System.arraycopy(piece, 0, all, position, piece.length);
            position += piece.length;
        }
        return all;
    }

    /** The mean of channels, {@code [channels][n]}. */
    private static float[] mean(float[][] channels) {
        float[] mean = Arrays.copyOf(channels[0], channels[0].length);
        for (int i = 0; channels.length > 1 && i < mean.length; i++) {
            float sum = 0;
            for (float[] channel : channels) {
                sum += channel[i];
            }
            mean[i] = sum / channels.length;
        }
        return mean;
    }
}
