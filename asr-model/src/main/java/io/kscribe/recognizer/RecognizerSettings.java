package io.kscribe.recognizer;

import java.time.Duration;

/**
 * The streaming policy's settings. Durations are the audio's time.
 *
 * @param speechThreshold a frame whose speech probability reaches this starts an island; default 0.5
 * @param silenceThreshold within an island a frame below this is silence; default 0.35
 * @param shortestSpeech an island with less speech than this is noise and dropped; default 96 ms
 * @param preRoll audio kept before the first frame of speech; default 300 ms
 * @param postRoll silence after which an island is decoded in the hope that it is over, and the silence that its final keeps; default 240 ms
 * @param endpoint silence that ends an island; default 500 ms
 * @param longestIsland an island that reaches this is cut at its quietest frame; default 15 s
 * @param patience an island longer than this ends at ever shorter silences, down to {@code postRoll} at {@code longestIsland};
 *     default 8 s
 * @param partialInterval speech between two partials; zero: no partials; default 500 ms
 * @param stabilityMargin a word is not stable before this much audio lies after it; default 500 ms
 */
public record RecognizerSettings(
        float speechThreshold,
        float silenceThreshold,
        Duration shortestSpeech,
        Duration preRoll,
        Duration postRoll,
        Duration endpoint,
        Duration longestIsland,
        Duration patience,
        Duration partialInterval,
        Duration stabilityMargin) {
    /** What fits a window of 30 s whatever frame the limit falls into. */
    private static final Duration LONGEST_WINDOW = Duration.ofSeconds(29);

    public RecognizerSettings {
        if (!(speechThreshold > 0 && speechThreshold < 1)) {
            throw new IllegalArgumentException("speechThreshold must lie between 0 and 1, not at " + speechThreshold);
        }
        if (!(silenceThreshold > 0 && silenceThreshold <= speechThreshold)) {
            throw new IllegalArgumentException(
                    "silenceThreshold must lie between 0 and speechThreshold, not at " + silenceThreshold);
        }
        notNegative("shortestSpeech", shortestSpeech);
        notNegative("preRoll", preRoll);
        notNegative("postRoll", postRoll);
        notNegative("partialInterval", partialInterval);
        notNegative("stabilityMargin", stabilityMargin);
        if (endpoint.compareTo(postRoll) < 0) {
            throw new IllegalArgumentException("endpoint (" + endpoint + ") must not be shorter than postRoll");
        }
        if (longestIsland.compareTo(LONGEST_WINDOW) > 0 || longestIsland.compareTo(patience) < 0) {
            throw new IllegalArgumentException(
                    "longestIsland must lie between patience and 29 s, not at " + longestIsland);
        }
        if (patience.compareTo(preRoll.plus(endpoint)) < 0) {
            throw new IllegalArgumentException("patience must be longer than preRoll and endpoint, not " + patience);
        }
    }

    private static void notNegative(String name, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, but is " + duration);
        }
    }

    /** For live audio: short islands, partials. */
    public static RecognizerSettings live() {
        return new RecognizerSettings(
                0.5f,
                0.35f,
                Duration.ofMillis(96),
                Duration.ofMillis(300),
                Duration.ofMillis(240),
                Duration.ofMillis(500),
                Duration.ofSeconds(15),
                Duration.ofSeconds(8),
                Duration.ofMillis(500),
                Duration.ofMillis(500));
    }

    /** For recordings, where nobody waits: islands long enough to give the model its context, no partials. */
    public static RecognizerSettings offline() {
        return new RecognizerSettings(
                0.5f,
                0.35f,
                Duration.ofMillis(96),
                Duration.ofMillis(300),
                Duration.ofMillis(500),
                Duration.ofMillis(1500),
                Duration.ofSeconds(28),
                Duration.ofSeconds(15),
                Duration.ZERO,
                Duration.ofMillis(500));
    }

    /** The same without partials. */
    public RecognizerSettings withoutPartials() {
        return new RecognizerSettings(
                speechThreshold,
                silenceThreshold,
                shortestSpeech,
                preRoll,
                postRoll,
                endpoint,
                longestIsland,
                patience,
                Duration.ZERO,
                stabilityMargin);
    }
}
