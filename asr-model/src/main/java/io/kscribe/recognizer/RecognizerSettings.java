package io.kscribe.recognizer;

import io.kscribe.engine.DecodingSettings;
import java.time.Duration;

/**
 * The streaming policy's settings. Durations are the audio's time.
 *
 * <p>{@link #live} and {@link #offline} are where one starts; {@link #toBuilder} changes some of them. Defaults below are those of
 * {@code live}, and of {@code offline} in brackets where it differs.
 *
 * @param loudnessFloorDbfs a frame that is less loud than this is no speech, whatever the detector says of it: its root mean square in
 *     decibels of full scale; -100 to 0; default -70 dBFS
 * @param speechThreshold a frame whose speech probability reaches this starts an island; default 0.5
 * @param silenceThreshold within an island a frame below this is silence; default 0.35
 * @param shortestSpeech an island with less speech than this is noise and dropped; default 96 ms
 * @param preRoll audio kept before the first frame of speech; default 300 ms
 * @param postRoll silence after which an island is decoded in the hope that it is over, and the silence that its final keeps; default
 *     240 ms (500 ms)
 * @param endpoint silence that ends an island; default 500 ms
 * @param longestIsland an island that reaches this is cut at its quietest frame; default 15 s (28 s)
 * @param patience an island longer than this ends at ever shorter silences, down to {@code postRoll} at {@code longestIsland};
 *     at least {@code preRoll} and {@code endpoint} together; default 8 s (28 s)
 * @param context a final that the model is not sure of is decoded again together with the islands before it that begin at most so long before
 *     its own end, for the sake of fewer errors; at most 29 s; zero: by itself; default 8 s (zero)
 * @param partialInterval speech between two partials; zero: no partials; default 500 ms (zero)
 * @param displayMargin the audio after a word before which it is not shown if the model doubts it altogether; the less it does, the sooner. The
 *     last moments of cut-off audio are misheard, which mostly shows in the probability; what two hypotheses agree on is shown anyway; default 800 ms
 * @param stabilityMargin a word is not stable before this much audio lies after it; default 400 ms
 * @param stabilityProbability a word is not stable before its island is over if the model finds one of its tokens less likely than this, nor is what
 *     follows it; 0: as soon as any; default 0.35
 * @param strict whether finals begin with the words that were stable, so that no such word is ever taken back. Such a final depends on
 *     the partials before it, and with that on the pace of decoding; others depend on the audio alone. Default false
 * @param multilingual whether the language is detected anew for each island with at least {@link RecognitionStream#LANGUAGE_AUDIO}
 *     of audio, where none was given for the channel; else it is detected once and kept. Default false
 * @param decoding how texts are searched for; {@link DecodingSettings#live} ({@link DecodingSettings#recordings})
 */
public record RecognizerSettings(
        float loudnessFloorDbfs,
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
        float stabilityProbability,
        boolean strict,
        boolean multilingual,
        DecodingSettings decoding) {
    private static final float LOWEST_FLOOR_DBFS = -100;

    /** What fits a window of 30 s whatever frame the limit falls into; nothing else may be longer either. */
    private static final Duration LONGEST = Duration.ofSeconds(29);

    /** Room for a cut: one that keeps something and leaves something. */
    private static final Duration SHORTEST_ISLAND = Duration.ofSeconds(1);

    public RecognizerSettings {
        if (!(loudnessFloorDbfs >= LOWEST_FLOOR_DBFS && loudnessFloorDbfs <= 0)) {
            throw new IllegalArgumentException(
                    "loudnessFloorDbfs must lie between -100 and 0 dBFS but was " + loudnessFloorDbfs);
        }
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
        within("displayMargin", Duration.ZERO, displayMargin, LONGEST);
        within("stabilityMargin", Duration.ZERO, stabilityMargin, LONGEST);
        if (!(stabilityProbability >= 0 && stabilityProbability <= 1)) {
            throw new IllegalArgumentException(
                    "stabilityProbability must lie between 0 and 1 but was " + stabilityProbability);
        }
    }

    private static void within(String name, Duration least, Duration duration, Duration most) {
        if (duration.compareTo(least) < 0 || duration.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " must lie between " + least.toMillis() + " and "
                    + most.toMillis() + " ms but was " + duration.toMillis() + " ms");
        }
    }

    /** For live audio: short islands, partials. */
    public static RecognizerSettings live() {
        return new Builder().build();
    }

    /** For recordings, where nobody waits: no partials, and islands that are decoded together, so that they may end at any pause. */
    public static RecognizerSettings offline() {
        return new Builder()
                .postRoll(Duration.ofMillis(500))
                .longestIsland(Duration.ofSeconds(28))
                .patience(Duration.ofSeconds(28))
                .context(Duration.ZERO)
                .partialInterval(Duration.ZERO)
                .decoding(DecodingSettings.recordings())
                .build();
    }

    /** These settings, to be changed. */
    public Builder toBuilder() {
        return new Builder(this);
    }

    /** Settings on their way; they are validated together when they are built. */
    public static final class Builder {
        private float loudnessFloorDbfs = -70;
        private float speechThreshold = 0.5f;
        private float silenceThreshold = 0.35f;
        private Duration shortestSpeech = Duration.ofMillis(96);
        private Duration preRoll = Duration.ofMillis(300);
        private Duration postRoll = Duration.ofMillis(240);
        private Duration endpoint = Duration.ofMillis(500);
        private Duration longestIsland = Duration.ofSeconds(15);
        private Duration patience = Duration.ofSeconds(8);
        private Duration context = Duration.ofSeconds(8);
        private Duration partialInterval = Duration.ofMillis(500);
        private Duration displayMargin = Duration.ofMillis(800);
        private Duration stabilityMargin = Duration.ofMillis(400);
        private float stabilityProbability = 0.35f;
        private boolean strict;
        private boolean multilingual;
        private DecodingSettings decoding = DecodingSettings.live();

        private Builder() {}

        private Builder(RecognizerSettings settings) {
            loudnessFloorDbfs = settings.loudnessFloorDbfs;
            speechThreshold = settings.speechThreshold;
            silenceThreshold = settings.silenceThreshold;
            shortestSpeech = settings.shortestSpeech;
            preRoll = settings.preRoll;
            postRoll = settings.postRoll;
            endpoint = settings.endpoint;
            longestIsland = settings.longestIsland;
            patience = settings.patience;
            context = settings.context;
            partialInterval = settings.partialInterval;
            displayMargin = settings.displayMargin;
            stabilityMargin = settings.stabilityMargin;
            stabilityProbability = settings.stabilityProbability;
            strict = settings.strict;
            multilingual = settings.multilingual;
            decoding = settings.decoding;
        }

        public Builder loudnessFloorDbfs(float floor) {
            loudnessFloorDbfs = floor;
            return this;
        }

        public Builder speechThreshold(float threshold) {
            speechThreshold = threshold;
            return this;
        }

        public Builder silenceThreshold(float threshold) {
            silenceThreshold = threshold;
            return this;
        }

        public Builder shortestSpeech(Duration speech) {
            shortestSpeech = speech;
            return this;
        }

        public Builder preRoll(Duration audio) {
            preRoll = audio;
            return this;
        }

        public Builder postRoll(Duration silence) {
            postRoll = silence;
            return this;
        }

        public Builder endpoint(Duration silence) {
            endpoint = silence;
            return this;
        }

        public Builder longestIsland(Duration length) {
            longestIsland = length;
            return this;
        }

        public Builder patience(Duration length) {
            patience = length;
            return this;
        }

        public Builder context(Duration audio) {
            context = audio;
            return this;
        }

        public Builder partialInterval(Duration speech) {
            partialInterval = speech;
            return this;
        }

        public Builder displayMargin(Duration audio) {
            displayMargin = audio;
            return this;
        }

        public Builder stabilityMargin(Duration audio) {
            stabilityMargin = audio;
            return this;
        }

        public Builder stabilityProbability(float least) {
            stabilityProbability = least;
            return this;
        }

        public Builder strict(boolean never) {
            strict = never;
            return this;
        }

        public Builder multilingual(boolean many) {
            multilingual = many;
            return this;
        }

        public Builder decoding(DecodingSettings search) {
            decoding = search;
            return this;
        }

        /**
         * The settings.
         *
         * @throws IllegalArgumentException in one sentence if one is out of its range, or they do not fit together
         */
        public RecognizerSettings build() {
            return new RecognizerSettings(
                    loudnessFloorDbfs,
                    speechThreshold,
                    silenceThreshold,
                    shortestSpeech,
                    preRoll,
                    postRoll,
                    endpoint,
                    longestIsland,
                    patience,
                    context,
                    partialInterval,
                    displayMargin,
                    stabilityMargin,
                    stabilityProbability,
                    strict,
                    multilingual,
                    decoding);
        }
    }
}
