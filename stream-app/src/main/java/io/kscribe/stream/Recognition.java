package io.kscribe.stream;

import io.kscribe.recognizer.StreamState;
import io.kscribe.recognizer.StreamingRecognizer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What recognising needs. Owned by whoever opened the recogniser; thread-safe.
 *
 * @param recognizer serves the channels' streams
 * @param language of channels that do not name theirs, as ISO 639-1; empty: detect it
 */
public record Recognition(StreamingRecognizer recognizer, Optional<String> language) {
    private static final Logger log = LoggerFactory.getLogger(Recognition.class);

    /** The start of a channel that names a language, which counts if the model knows it; else the service's does. */
    StreamState start(@Nullable String named) {
        if (named == null) {
            return recognizer.start(language);
        }
        if (recognizer.knows(named)) {
            return recognizer.start(Optional.of(named));
        }
        log.warn("The model {} does not know the language '{}' that a channel names", recognizer.modelName(), named);
        return recognizer.start(language);
    }
}
