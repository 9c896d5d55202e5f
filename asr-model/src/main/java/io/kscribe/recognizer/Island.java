package io.kscribe.recognizer;

import io.kscribe.audio.LogMelSpectrogram;
import io.kscribe.engine.SpeechWindow;
import io.kscribe.engine.Transcription;
import io.kscribe.recognizer.VoiceActivityDetector.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of speech between silences: its audio, what the detector said of it, and what has been made of it so far.
 *
 * <p>Positions are samples from the channel's first, at 16 kHz.
 */
final class Island {
    private static final int FRAME = VoiceActivityDetector.FRAME_SAMPLES;

    /** Frames over which loudness is averaged to find a gap between words: 96 ms. */
    private static final int QUIET_FRAMES = 3;

    private final long segment;
    private final StreamState before;
    private final long start;
    private final long firstFrame;
    private final LogMelSpectrogram spectrogram;
    private final List<Frame> frames = new ArrayList<>();
    private float[] samples;
    private int length;
    private long speechEnd;
    private int speechSamples;
    private double clarity;
    private boolean truncated;

    /** What is to become the final, once the island seems to be over. */
    private @Nullable SpeechWindow finalWindow;

    /** The frames heard when the final's window was taken. */
    private int finalFrames;

    private boolean finalRequested;
    private @Nullable Transcription finalResult;
    private boolean finished;
    private final Hypothesis hypothesis = new Hypothesis();

    private record Frame(float speech, Memory memory) {}

    /**
     * Opens an island.
     *
     * @param before the stream's state at which the island opens
     * @param preRoll the audio between the state's {@code retainFrom} and its {@code position}
     */
    Island(StreamState before, float[] preRoll, int melBins) {
        this.segment = before.segment();
        this.before = before;
        this.firstFrame = before.position();
        this.start = firstFrame - preRoll.length;
        this.spectrogram = new LogMelSpectrogram(melBins);
        this.samples = Arrays.copyOf(preRoll, preRoll.length + 64 * FRAME);
        this.length = preRoll.length;
        this.speechEnd = firstFrame;
        spectrogram.accept(preRoll, 0, preRoll.length);
    }

    /** Hears the next frame and the detector's verdict on it. */
    void hear(float[] frame, float speech, Memory memory, RecognizerSettings settings) {
        if (length + FRAME > samples.length) {
            samples = Arrays.copyOf(samples, samples.length * 2);
        }
        System.arraycopy(frame, 0, samples, length, FRAME);
        length += FRAME;
        spectrogram.accept(frame, 0, FRAME);
        frames.add(new Frame(speech, memory));
        if (speech >= settings.speechThreshold()) {
            speechSamples += FRAME;
            clarity += speech;
        }
        if (speech >= settings.silenceThreshold()) {
            speechEnd = end();
            finalWindow = null;
            finalRequested = false;
            finalResult = null;
        }
    }

    long segment() {
        return segment;
    }

    StreamState before() {
        return before;
    }

    long start() {
        return start;
    }

    long end() {
        return start + length;
    }

    int length() {
        return length;
    }

    /** Frames heard: grows with the audio, whatever the pace of decoding. */
    int frames() {
        return frames.size();
    }

    /** Samples since the last speech. */
    long silence() {
        return end() - speechEnd;
    }

    int speechSamples() {
        return speechSamples;
    }

    /** The detector's mean probability over the frames that it takes for speech, 0 to 1; 0 without any. */
    double clarity() {
        return speechSamples == 0 ? 0 : clarity * FRAME / speechSamples;
    }

    boolean truncated() {
        return truncated;
    }

    Hypothesis hypothesis() {
        return hypothesis;
    }

    /** All audio so far. */
    SpeechWindow window() {
        return SpeechWindow.of(spectrogram);
    }

    /** Takes what has been heard as what the final will be made of. */
    void conclude() {
        if (finalWindow == null) {
            finalWindow = window();
            finalFrames = frames.size();
        }
    }

    int finalFrames() {
        return finalFrames;
    }

    /** The last samples that are not in the final: the next island's pre-roll. */
    float[] tail(int limit) {
        int used = finalWindow == null ? 0 : finalWindow.samples();
        return Arrays.copyOfRange(samples, Math.max(used, length - limit), length);
    }

    /** The final's window, the first time it is asked for; speech that goes on makes a new one. */
    @Nullable
    SpeechWindow requestFinal() {
        if (finalWindow == null || finalRequested) {
            return null;
        }
        finalRequested = true;
        return finalWindow;
    }

    /** Takes a final's text if it is of the window that counts. */
    @SuppressWarnings("ReferenceEquality") // the very snapshot, not an equal one
    boolean offerFinal(SpeechWindow window, Transcription transcription) {
        if (window != finalWindow) {
            return false;
        }
        finalResult = transcription;
        return true;
    }

    @Nullable
    Transcription finalResult() {
        return finalResult;
    }

    void finish() {
        finished = true;
    }

    boolean finished() {
        return finished;
    }

    /**
     * Ends the island at the quietest moment of its last part; the rest is for another.
     *
     * @param lastPart how far back to look, in samples
     * @return the index of the first frame of the rest
     */
    int cut(int lastPart) {
        int from = Math.max(1, frames.size() - lastPart / FRAME);
        int to = frames.size() - QUIET_FRAMES;
        int quietest = to;
        double least = Double.POSITIVE_INFINITY;
        for (int i = from; i <= to; i++) {
            double energy = energy(i - 1, i - 1 + QUIET_FRAMES);
            if (energy < least) {
                least = energy;
                quietest = i;
            }
        }
        int kept = quietest + 1;
        truncated = true;
        LogMelSpectrogram shortened = new LogMelSpectrogram(spectrogram.melBins());
        shortened.accept(samples, 0, frameStart(kept));
        finalWindow = SpeechWindow.of(shortened);
        finalFrames = kept;
        finalRequested = false;
        finalResult = null;
        return kept;
    }

    /** A frame's place in the channel. */
    long positionOf(int frame) {
        return firstFrame + (long) frame * FRAME;
    }

    float[] samplesOf(int frame) {
        return Arrays.copyOfRange(samples, frameStart(frame), frameStart(frame + 1));
    }

    float speechOf(int frame) {
        return frames.get(frame).speech();
    }

    Memory memoryAfter(int frame) {
        return frames.get(frame).memory();
    }

    private int frameStart(int frame) {
        return (int) (positionOf(frame) - start);
    }

    private double energy(int fromFrame, int toFrame) {
        double sum = 0;
        for (int i = frameStart(fromFrame); i < frameStart(toFrame); i++) {
            sum += samples[i] * samples[i];
        }
        return sum;
    }
}
