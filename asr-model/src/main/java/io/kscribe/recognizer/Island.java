package io.kscribe.recognizer;

import io.kscribe.audio.LogMelSpectrogram;
import io.kscribe.engine.OngoingSpeech;
import io.kscribe.engine.SpeechWindow;
import io.kscribe.engine.Transcription;
import io.kscribe.recognizer.VoiceActivityDetector.Memory;
import java.time.Duration;
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
    static final int SAMPLES_A_MILLI = 16;

    /** Frames over which loudness is averaged to find a gap between words: 96 ms. */
    private static final int QUIET_FRAMES = 3;

    private final long segment;
    private final StreamState before;
    private final long start;
    private final long firstFrame;
    private final LogMelSpectrogram spectrogram;
    private final OngoingSpeech ongoing = new OngoingSpeech();
    private final List<Frame> frames = new ArrayList<>();
    private int heardFrames;
    private float[] samples;
    private int length;
    private long speechEnd;
    private int speechSamples;
    private double clarity;
    private boolean truncated;

    /** How much of it is to become the final, in samples, once the island seems to be over; before that 0. Read by other threads. */
    private volatile int finalLength;

    /** The frames heard when that was known. */
    private int finalFrames;

    /** What the final is being made of. Read by other threads. */
    private volatile @Nullable SpeechWindow finalWindow;

    private volatile boolean over;

    /** How the final is to be heard. */
    private Hearing hearing = Hearing.ALONE;

    /** What was made of the final's audio before it is heard again. */
    private @Nullable Transcription firstHearing;

    private @Nullable Transcription finalResult;
    private boolean failed;
    private boolean finished;
    private final Hypothesis hypothesis;

    /** The ways in which a final's audio is heard, one after the other as far as it takes. */
    enum Hearing {
        /** By itself. */
        ALONE,

        /** Behind what was said before. */
        TOGETHER,

        /** By itself, over the full window if its text does not end otherwise. */
        WHOLE,

        /** By itself, a little later in the window. */
        AGAIN
    }

    private record Frame(float speech, Memory memory) {}

    /**
     * Opens an island.
     *
     * @param before the stream's state at which the island opens
     * @param preRoll the audio between the state's {@code retainFrom} and its {@code position}
     * @param hypothesis what is believed of it already
     */
    Island(StreamState before, float[] preRoll, int melBins, Hypothesis hypothesis) {
        this.hypothesis = hypothesis;
        this.segment = before.segment();
        this.before = before;
        this.firstFrame = before.position();
        this.start = firstFrame - preRoll.length;
        this.spectrogram = new LogMelSpectrogram(melBins);
        this.samples = Arrays.copyOf(preRoll, preRoll.length + 64 * FRAME);
        this.length = preRoll.length;
        this.speechEnd = firstFrame;
    }

    /** Hears the next frame and the detector's verdict on it. */
    void hear(float[] frame, float speech, Memory memory, RecognizerSettings settings) {
        if (length + FRAME > samples.length) {
            samples = Arrays.copyOf(samples, samples.length * 2);
        }
        System.arraycopy(frame, 0, samples, length, FRAME);
        length += FRAME;
        frames.add(new Frame(speech, memory));
        heardFrames++;
        if (speech >= settings.speechThreshold()) {
            speechSamples += FRAME;
            clarity += speech;
        }
        if (speech >= settings.silenceThreshold()) {
            speechEnd = end();
            finalLength = 0;
            finalWindow = null;
            finalResult = null;
            hearing = Hearing.ALONE;
            failed = false;
        }
    }

    long segment() {
        return segment;
    }

    /** What its windows are windows of, while it is spoken. */
    OngoingSpeech ongoing() {
        return ongoing;
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
        return heardFrames;
    }

    /** Samples since the last speech. */
    long silence() {
        return end() - speechEnd;
    }

    int speechSamples() {
        return speechSamples;
    }

    /** How much the detector took for speech. */
    Duration speech() {
        return Duration.ofMillis(speechSamples / SAMPLES_A_MILLI);
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

    /** The first samples; what the spectrogram has heard of them already is not computed again. */
    SpeechWindow window(int samplesWanted) {
        int heard = spectrogram.samples();
        if (heard > samplesWanted) {
            return SpeechWindow.of(Arrays.copyOf(samples, samplesWanted), spectrogram.melBins());
        }
        spectrogram.accept(samples, heard, samplesWanted - heard);
        return SpeechWindow.of(spectrogram);
    }

    /** Takes what has been heard as what the final will be made of. */
    void conclude() {
        if (finalLength == 0) {
            finalLength = length;
            finalFrames = heardFrames;
        }
    }

    /** What the final is made of: samples from {@link #start} on. */
    float[] finalSamples() {
        return Arrays.copyOf(samples, finalLength);
    }

    /** How many they are. */
    int finalLength() {
        return finalLength;
    }

    /** The place in it of the first frame taken for speech, in samples from its start. */
    int speechStartOffset() {
        return (int) (firstFrame - start);
    }

    /** The place in it where the last frame that is no silence ends, in samples from its start. */
    int speechEndOffset() {
        return (int) Math.min(finalLength, speechEnd - start);
    }

    int finalFrames() {
        return finalFrames;
    }

    /** The last samples that are not in the final: the next island's pre-roll. */
    float[] tail(int limit) {
        return Arrays.copyOfRange(samples, Math.max(finalLength, length - limit), length);
    }

    /**
     * The window of a final that {@linkplain #needsFinal is needed}; speech that goes on makes it need another.
     *
     * @param preface what is heard before the island
     */
    SpeechWindow requestFinal(Preface preface) {
        SpeechWindow window =
                preface.isEmpty() ? window(finalLength) : preface.window(finalSamples(), spectrogram.melBins());
        finalWindow = window;
        return window;
    }

    /** Whether a final is to be decoded that was not asked for. */
    boolean needsFinal() {
        return finalLength > 0 && finalWindow == null;
    }

    Hearing hearing() {
        return hearing;
    }

    /**
     * Has the final decoded once more.
     *
     * @param next how
     * @param before what came of it before
     */
    void redo(Hearing next, Transcription before) {
        finalWindow = null;
        finalResult = null;
        hearing = next;
        firstHearing = before;
    }

    /** What was made of the final's audio before it was heard in another way. */
    Transcription firstHearing() {
        if (firstHearing == null) {
            throw new IllegalStateException("the island has been heard once");
        }
        return firstHearing;
    }

    /** Whether a final is being made of this window, or was: speech that goes on wants another. On any thread. */
    @SuppressWarnings("ReferenceEquality") // the very snapshot, not an equal one
    boolean wants(SpeechWindow window) {
        return window == finalWindow;
    }

    /** Whether a final is wanted of what has been heard. On any thread. */
    boolean seemsOver() {
        return finalLength > 0;
    }

    /** Whether nothing more is heard. On any thread. */
    boolean over() {
        return over;
    }

    /** Hears nothing more. */
    void stop() {
        over = true;
        ongoing.end();
    }

    /** Takes the final's text. */
    void settle(Transcription transcription) {
        finalResult = transcription;
    }

    @Nullable
    Transcription finalResult() {
        return finalResult;
    }

    /** Lets go of all that the final is not made of, once the next island has taken its part. */
    void compact() {
        frames.clear();
        samples = finalSamples();
    }

    /** The final that was offered last stands for one that cannot be decoded. */
    void fail() {
        failed = true;
    }

    boolean failed() {
        return failed;
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
     * @param kept what must not be cut off, in samples from its start
     * @return the index of the first frame of the rest
     */
    int cut(int lastPart, int kept) {
        int to = frames.size() - QUIET_FRAMES;
        int earliest = Math.max(1, (kept - (int) (firstFrame - start)) / FRAME);
        int from = Math.min(to, Math.max(earliest, frames.size() - lastPart / FRAME));
        int quietest = to;
        double least = Double.POSITIVE_INFINITY;
        for (int i = from; i <= to; i++) {
            double energy = energy(i - 1, i - 1 + QUIET_FRAMES);
            if (energy < least) {
                least = energy;
                quietest = i;
            }
        }
        int rest = quietest + 1;
        truncated = true;
        finalLength = frameStart(rest);
        finalFrames = rest;
        finalWindow = null;
        finalResult = null;
        hearing = Hearing.ALONE;
        failed = false;
        return rest;
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
