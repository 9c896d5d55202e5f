package io.kscribe.evaluation;

import java.io.IOException;

/** Says in one sentence why a manifest cannot be used: which one, what came, what was expected. */
public final class ManifestException extends IOException {
    private static final long serialVersionUID = 1;

    ManifestException(String sentence) {
        super(sentence);
    }

    ManifestException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
