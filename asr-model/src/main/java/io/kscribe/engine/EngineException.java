package io.kscribe.engine;

/** A graph that cannot be loaded or run: a fault of the installation or a lack of memory, not of the audio. */
public final class EngineException extends RuntimeException {
    private static final long serialVersionUID = 1;

    EngineException(String message, Throwable cause) {
        super(message, cause);
    }
}
