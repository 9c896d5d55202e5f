package io.kscribe.settings;

/**
 * Where a value comes from.
 *
 * @param place in short, as in {@code kscribe.yaml:3}
 * @param phrase in a sentence, as in {@code http.port in kscribe.yaml, line 3}
 */
public record Origin(String place, String phrase) {

    /** Nobody gave it. */
    public static final Origin DEFAULT = new Origin("default", "the default");

    /** Whoever started the command gave it. */
    public static final Origin COMMAND_LINE = new Origin("command line", "the command line");

    /** A file gave it. */
    static Origin file(String file, int line, String key) {
        return new Origin(file + ":" + line, key + " in " + file + ", line " + line);
    }

    /** A variable gave it. */
    static Origin variable(String name) {
        return new Origin(name, "the variable " + name);
    }
}
