package io.kscribe.settings;

/**
 * Something that can be set, and what it is called wherever it can be.
 *
 * @param key in the file, as in {@code http.port}; what is before the last dot names its section
 * @param option on the command line, as in {@code --http-port}
 * @param variable in the environment, as in {@code KSCRIBE_HTTP_PORT}
 * @param form how it is written
 * @param standard its default as text; empty if there is none
 * @param unit what is counted; empty if nothing is, or the text says it, as in {@code 100ms}
 * @param description what it is, for a person
 */
public record Setting(
        String key, String option, String variable, Form form, String standard, String unit, String description) {

    /** How values are written. */
    public enum Form {
        /** As it is. */
        TEXT,
        /** A number. */
        NUMBER,
        /** {@code true} or {@code false}. */
        SWITCH,
        /** Several texts, in a text separated by commas. */
        LIST
    }

    /** The section that it is in, as in {@code http}; empty for what is in none. */
    public String section() {
        return key.substring(0, Math.max(0, key.lastIndexOf('.')));
    }

    /** What it is called within its section, as in {@code port}. */
    public String name() {
        return key.substring(key.lastIndexOf('.') + 1);
    }
}
