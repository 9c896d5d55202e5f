package io.kscribe.engine;

/**
 * How texts are searched for: what stays the same from window to window.
 *
 * @param beams how many texts are followed at once: 1 is greedy, and the fastest; more find likelier texts
 * @param fallback what is tried when a text cannot be right
 * @param timestamps whether the model is asked to divide its text into {@linkplain Transcription#segments timed segments}
 */
public record DecodingSettings(int beams, Fallback fallback, boolean timestamps) {
    /** The most texts that can be followed at once. */
    public static final int MOST_BEAMS = 15;

    /** How many OpenAI's reference follows. */
    public static final int REFERENCE_BEAMS = 5;

    public DecodingSettings {
        if (beams < 1 || beams > MOST_BEAMS) {
            throw new IllegalArgumentException("beams must lie between 1 and " + MOST_BEAMS + " but was " + beams);
        }
    }

    /** For live audio: greedy, with the full window as the only fallback. */
    public static DecodingSettings live() {
        return new DecodingSettings(1, Fallback.fullWindowOnly(), false);
    }

    /** For recordings: greedy, with every fallback. */
    public static DecodingSettings recordings() {
        return new DecodingSettings(1, Fallback.reference(), false);
    }

    /** The same with another number of texts followed at once. */
    public DecodingSettings withBeams(int number) {
        return new DecodingSettings(number, fallback, timestamps);
    }

    /** The same with another fallback. */
    public DecodingSettings withFallback(Fallback other) {
        return new DecodingSettings(beams, other, timestamps);
    }

    /** The same with timed segments. */
    public DecodingSettings withTimestamps() {
        return new DecodingSettings(beams, fallback, true);
    }
}
