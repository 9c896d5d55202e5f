package io.kscribe.stream;

import io.kscribe.compiler.GraphCompiler;
import io.kscribe.engine.WhisperEngine;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelException;
import io.kscribe.model.ModelStore;
import io.kscribe.recognizer.RecognizerSettings;
import io.kscribe.recognizer.StreamingRecognizer;
import io.kscribe.recognizer.VoiceActivityDetector;
import java.util.Optional;

/** The real models at their smallest, opened once for all tests of a JVM and left to its end. */
public final class TinyModel {
    private static final Recognition LIVE = open();

    private TinyModel() {}

    /** Whisper tiny as the service uses it: live, the language detected. */
    public static Recognition live() {
        return LIVE;
    }

    private static Recognition open() {
        ModelStore store = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError());
        try {
            return new Recognition(
                    new StreamingRecognizer(
                            WhisperEngine.open(new GraphCompiler(store.home()).compile(store.checkpoint("tiny"))),
                            VoiceActivityDetector.open(store.voiceActivityModel()),
                            RecognizerSettings.live()),
                    Optional.empty());
        } catch (ModelException e) {
            throw new IllegalStateException(e);
        }
    }
}
