package io.kscribe.settings;

/** Says in a sentence what is wrong with what was given, and where. */
public final class SettingsException extends Exception {
    private static final long serialVersionUID = 1;

    SettingsException(String sentence) {
        super(sentence);
    }

    SettingsException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
