package io.kscribe.audio;

import java.io.IOException;

/** Says in one sentence why a recording cannot be read: which one, what came, what was expected. */
public final class AudioFileException extends IOException {
    AudioFileException(String name, String problem) {
        super(name + ": " + problem + ".");
    }

    AudioFileException(String name, String problem, Throwable cause) {
        super(name + ": " + problem + ".", cause);
    }
}
