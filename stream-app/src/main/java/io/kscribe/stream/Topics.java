package io.kscribe.stream;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The names of the topics that kscribe reads and writes.
 *
 * @param audio chunks of audio, keyed by call
 * @param partials transcripts of what is still being spoken, keyed by call
 * @param transcripts final transcripts, keyed by call: the contract
 * @param deadLetters what could not be used, as it came, with the reason in headers
 */
public record Topics(String audio, String partials, String transcripts, String deadLetters) {

    public static final String AUDIO = "audio.chunks";
    public static final String PARTIALS = "transcripts.partial";
    public static final String TRANSCRIPTS = "transcripts";
    public static final String DEAD_LETTERS = "audio.dlq";

    /** Kafka's limit on the length of a topic's name. */
    private static final int LONGEST_NAME_CHARS = 249;

    public Topics {
        Set<String> names = new LinkedHashSet<>(List.of(audio, partials, transcripts, deadLetters));
        if (names.size() < 4) {
            throw new IllegalArgumentException("Two topics have the same name: " + audio + ", " + partials + ", "
                    + transcripts + ", " + deadLetters + ".");
        }
        for (String name : names) {
            if (!name.matches("[a-zA-Z0-9._-]{1," + LONGEST_NAME_CHARS + "}")
                    || name.equals(".")
                    || name.equals("..")) {
                throw new IllegalArgumentException("'" + name + "' is not a topic's name; expected 1 to "
                        + LONGEST_NAME_CHARS + " letters, digits, dots, dashes or underscores.");
            }
        }
    }

    /** The names that everybody uses: {@code audio.chunks}, {@code transcripts.partial}, {@code transcripts}, {@code audio.dlq}. */
    public static Topics standard() {
        return new Topics(AUDIO, PARTIALS, TRANSCRIPTS, DEAD_LETTERS);
    }

    /** All of them, in the order of the flow. */
    public List<String> names() {
        return List.of(audio, partials, transcripts, deadLetters);
    }
}
