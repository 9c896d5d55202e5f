package io.kscribe.recognizer;

import io.kscribe.engine.DecodingRequest;
import io.kscribe.engine.SpeechWindow;
import io.kscribe.engine.Transcription;
import io.kscribe.engine.WhisperEngine;

/** A piece of decoding that a stream asks for: immutable, to be run on any thread and handed back to the stream. */
public final class RecognitionTask {
    private final Island island;
    private final boolean isFinal;
    private final int revision;
    private final SpeechWindow window;
    private final DecodingRequest request;

    RecognitionTask(Island island, boolean isFinal, int revision, SpeechWindow window, DecodingRequest request) {
        this.island = island;
        this.isFinal = isFinal;
        this.revision = revision;
        this.window = window;
        this.request = request;
    }

    /** Decodes; takes tens to hundreds of milliseconds. */
    public Transcription decode(WhisperEngine engine) {
        return engine.transcribe(window, request);
    }

    /** True if the result may become a final, and must not be skipped; a partial may be. */
    public boolean isFinal() {
        return isFinal;
    }

    /** The number of the segment that it is about, as in its results. */
    public long segment() {
        return island.segment();
    }

    Island island() {
        return island;
    }

    int revision() {
        return revision;
    }

    SpeechWindow window() {
        return window;
    }

    DecodingRequest request() {
        return request;
    }
}
