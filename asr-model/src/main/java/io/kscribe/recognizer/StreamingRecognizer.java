package io.kscribe.recognizer;

import io.kscribe.engine.Task;
import io.kscribe.engine.Transcription;
import io.kscribe.engine.WhisperEngine;
import io.kscribe.recognizer.VoiceActivityDetector.Speech;
import io.kscribe.recognizer.VoiceActivityDetector.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Recognises speech on any number of channels: the models, how they are used, and the {@linkplain RecognitionStream streams} that they
 * serve.
 *
 * <p>Thread-safe. Owns the models: closing it closes them, and is for when no stream and no task is at work any more.
 */
public final class StreamingRecognizer implements AutoCloseable {
    private static final String ENGLISH = "en";

    private final WhisperEngine engine;
    private final VoiceActivityDetector detector;
    private final RecognizerSettings settings;
    private final Task task;

    /**
     * Makes a recogniser.
     *
     * @param engine writes down what is said; closed with the recogniser
     * @param detector tells where something is said; closed with the recogniser
     * @param task transcribe, or translate into English
     */
    public StreamingRecognizer(
            WhisperEngine engine, VoiceActivityDetector detector, RecognizerSettings settings, Task task) {
        this.engine = engine;
        this.detector = detector;
        this.settings = settings;
        this.task = task;
    }

    /** The same that transcribes. */
    public StreamingRecognizer(WhisperEngine engine, VoiceActivityDetector detector, RecognizerSettings settings) {
        this(engine, detector, settings, Task.TRANSCRIBE);
    }

    /**
     * A stream for a channel that begins.
     *
     * @param language what is spoken, as ISO 639-1; empty: detect it
     * @throws IllegalArgumentException if the model does not know the language
     */
    public RecognitionStream open(Optional<String> language) {
        return open(start(language));
    }

    /** A stream from a state on: the start of a channel, or where another stream of it was; it is fed from {@code retainFrom} on. */
    public RecognitionStream open(StreamState state) {
        return new RecognitionStream(settings, detector, engine.melBins(), engine.keepsWindowsApart(), task, state);
    }

    /**
     * The state of a channel that begins.
     *
     * @param language what is spoken, as ISO 639-1; empty: detect it
     * @throws IllegalArgumentException if the model does not know the language
     */
    public StreamState start(Optional<String> language) {
        if (language.isPresent() && !knows(language.get())) {
            throw new IllegalArgumentException(
                    "the model " + modelName() + " does not know the language '" + language.get() + "'");
        }
        // A model of English alone is not asked for a language.
        return StreamState.start(language.filter(engine.languages()::contains));
    }

    /** The same models with other settings; closing either closes them. */
    public StreamingRecognizer with(RecognizerSettings others) {
        return new StreamingRecognizer(engine, detector, others, task);
    }

    /** Whether the model writes a language, given as ISO 639-1. */
    public boolean knows(String language) {
        Set<String> known = engine.languages();
        return known.isEmpty() ? language.equals(ENGLISH) : known.contains(language);
    }

    /**
     * What has come on a channel.
     *
     * @param stream follows the channel
     * @param first the place of the first sample in the channel, as for {@link RecognitionStream#accept}
     * @param samples mono at 16 kHz, full scale at -1 and 1
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bulk numbers, never compared
    public record Arrival(RecognitionStream stream, long first, float[] samples) {}

    /**
     * Lets streams hear what has come on their channels, with one run of the detector: the same as {@link RecognitionStream#accept} for
     * each, at less cost. The streams must be the caller's for the time being.
     *
     * @param arrivals at most one for a stream
     * @throws IllegalArgumentException if samples are not those that a stream is to hear next
     * @throws IllegalStateException if a stream has ended
     */
    public void accept(List<Arrival> arrivals) {
        List<Speech> unheard = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            RecognitionStream stream = arrival.stream();
            unheard.add(new Speech(stream.memory(), stream.unheard(arrival.first(), arrival.samples())));
        }
        List<List<Verdict>> verdicts = detector.hear(unheard);
        for (int i = 0; i < unheard.size(); i++) {
            arrivals.get(i).stream().hear(unheard.get(i).samples(), verdicts.get(i));
        }
    }

    /** Decodes a task of any of its streams on the calling thread; takes tens to hundreds of milliseconds. */
    public Transcription decode(RecognitionTask due) {
        return due.decode(engine);
    }

    /** The model's name, for instance "base". */
    public String modelName() {
        return engine.modelName();
    }

    /** What writes down what is said. */
    public WhisperEngine engine() {
        return engine;
    }

    /** How streams are set. */
    public RecognizerSettings settings() {
        return settings;
    }

    @Override
    public void close() {
        try {
            engine.close();
        } finally {
            detector.close();
        }
    }
}
