package io.kscribe.stream;

import io.kscribe.engine.Task;
import io.kscribe.engine.WhisperEngine;
import io.kscribe.recognizer.RecognitionStream;
import io.kscribe.recognizer.RecognizerSettings;
import io.kscribe.recognizer.StreamState;
import io.kscribe.recognizer.VoiceActivityDetector;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What recognising needs: the engine, the detector and how they are set. Owned by whoever opened the two; thread-safe.
 *
 * @param engine the Whisper model
 * @param detector the voice activity model
 * @param settings the streaming policy's settings
 * @param language of channels that do not name theirs, as ISO 639-1; empty: detect it
 */
public record Recognition(
        WhisperEngine engine, VoiceActivityDetector detector, RecognizerSettings settings, Optional<String> language) {
    private static final Logger log = LoggerFactory.getLogger(Recognition.class);

    /** A stream from a state on. */
    RecognitionStream stream(StreamState state) {
        return new RecognitionStream(settings, detector, engine.melBins(), Task.TRANSCRIBE, state);
    }

    String modelName() {
        return engine.modelName();
    }

    /** The language that a channel names, if the model knows it; else the service's. */
    Optional<String> known(@Nullable String named) {
        if (named == null) {
            return language;
        }
        if (engine.languages().contains(named)) {
            return Optional.of(named);
        }
        log.warn("The model {} does not know the language '{}' that a channel names", modelName(), named);
        return language;
    }
}
