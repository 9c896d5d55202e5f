package io.kscribe.recognizer;

import io.kscribe.engine.DecodingSettings;
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
 *     at least {@code preRoll} and {@code endpoint} together; default 8 s
 * @param context a final is decoded together with the islands before it that begin at most so long before its own end, for the
 *     sake of fewer errors; at most 29 s; zero: by itself; default 12 s
 * @param partialInterval speech between two partials; zero: no partials; default 500 ms
 * @param displayMargin a word is not shown before this much audio lies after it, since the last moments of cut-off audio are misheard; at most
 *     {@code stabilityMargin}; default 180 ms
 * @param stabilityMargin a word is not stable before this much audio lies after it; default 500 ms
 * @param decoding how texts are searched for; {@link DecodingSettings#live} or {@link DecodingSettings#recordings}
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
        Duration context,
        Duration partialInterval,
        Duration displayMargin,
        Duration stabilityMargin,
        DecodingSettings decoding) {
    /** What fits a window of 30 s whatever frame the limit falls into; nothing else may be longer either. */
    private static final Duration LONGEST = Duration.ofSeconds(29);

    /** Room for a cut: one that keeps something and leaves something. */
    private static final Duration SHORTEST_ISLAND = Duration.ofSeconds(1);

    public RecognizerSettings {
        if (!(speechThreshold > 0 && speechThreshold < 1)) {
            throw new IllegalArgumentException("speechThreshold must lie between 0 and 1 but was " + speechThreshold);
        }
        if (!(silenceThreshold > 0 && silenceThreshold <= speechThreshold)) {
            throw new IllegalArgumentException(
                    "silenceThreshold must lie between 0 and speechThreshold but was " + silenceThreshold);
        }
        within("longestIsland", SHORTEST_ISLAND, longestIsland, LONGEST);
        within("shortestSpeech", Duration.ZERO, shortestSpeech, longestIsland);
        within("preRoll", Duration.ZERO, preRoll, longestIsland);
        within("postRoll", Duration.ZERO, postRoll, longestIsland);
        within("endpoint", postRoll, endpoint, longestIsland);
        within("patience", preRoll.plus(endpoint), patience, longestIsland);
        within("context", Duration.ZERO, context, LONGEST);
        within("partialInterval", Duration.ZERO, partialInterval, LONGEST);
        within("stabilityMargin", Duration.ZERO, stabilityMargin, LONGEST);
        within("displayMargin", Duration.ZERO, displayMargin, stabilityMargin);
    }

    private static void within(String name, Duration least, Duration duration, Duration most) {
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " must lie between " + least.toMillis() + " and "
                    + most.toMillis() + " ms but was " + duration.toMillis() + " ms");
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
                Duration.ofSeconds(12),
                Duration.ofMillis(500),
                Duration.ofMillis(180),
                Duration.ofMillis(500),
                DecodingSettings.live());
    }

    /** For recordings, where nobody waits: no partials, and islands that are decoded together, so that they may end at any pause. */
    public static RecognizerSettings offline() {
        return new RecognizerSettings(
                0.5f,
                0.35f,
                Duration.ofMillis(96),
                Duration.ofMillis(300),
                Duration.ofMillis(500),
                Duration.ofMillis(500),
                Duration.ofSeconds(28),
                Duration.ofSeconds(28),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofMillis(180),
                Duration.ofMillis(500),
                DecodingSettings.recordings());
    }

    /** The same without partials. */
    public RecognizerSettings withoutPartials() {
        return withPartialInterval(Duration.ZERO);
    }

    /** The same with another interval between partials; zero: none. */
    public RecognizerSettings withPartialInterval(Duration other) {
        return with(endpoint, context, other, stabilityMargin, decoding);
    }

    /** The same with another silence that ends an island. */
    public RecognizerSettings withEndpoint(Duration other) {
        return with(other, context, partialInterval, stabilityMargin, decoding);
    }

    /** The same with another reach of what finals are decoded together with; zero: nothing. */
    public RecognizerSettings withContext(Duration other) {
        return with(endpoint, other, partialInterval, stabilityMargin, decoding);
    }

    /** The same with another distance from the end of the audio at which words become stable, and none of them shown later than that. */
    public RecognizerSettings withStabilityMargin(Duration other) {
        return with(endpoint, context, partialInterval, other, decoding);
    }

    /** The same with texts searched for in another way. */
    public RecognizerSettings withDecoding(DecodingSettings other) {
        return with(endpoint, context, partialInterval, stabilityMargin, other);
    }

    private RecognizerSettings with(
            Duration silence, Duration before, Duration interval, Duration margin, DecodingSettings search) {
        return new RecognizerSettings(
                speechThreshold,
                silenceThreshold,
                shortestSpeech,
                preRoll,
                postRoll,
                silence,
                longestIsland,
                patience,
                before,
                interval,
                displayMargin.compareTo(margin) < 0 ? displayMargin : margin,
                margin,
                search);
    }
}
