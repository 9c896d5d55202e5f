package io.kscribe.stream;

import io.kscribe.engine.WhisperEngine;

/**
 * How much the workers take on.
 *
 * @param partialsTogether partials that a worker decodes side by side; default 4
 * @param finalsTogether {@linkplain io.kscribe.recognizer.RecognitionTask#isSociable sociable} finals that a worker decodes side by side; default 4, but 1
 *     if the engine does not {@linkplain WhisperEngine#keepsWindowsApart keep them apart}
 */
record InferenceLimits(int partialsTogether, int finalsTogether) {
    InferenceLimits {
        if (partialsTogether < 1 || finalsTogether < 1) {
            throw new IllegalArgumentException("Workers take on one task at least; they were given " + partialsTogether
                    + " partials and " + finalsTogether + " finals at once.");
        }
    }

    /** The defaults. */
    static InferenceLimits standard(WhisperEngine engine) {
        return new InferenceLimits(4, engine.keepsWindowsApart() ? 4 : 1);
    }
}
