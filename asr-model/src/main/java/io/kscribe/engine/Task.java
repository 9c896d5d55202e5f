package io.kscribe.engine;

/** What is written: what was said, or its English translation. */
public enum Task {
    TRANSCRIBE,
    TRANSLATE
}
