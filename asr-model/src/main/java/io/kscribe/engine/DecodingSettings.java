package io.kscribe.engine;

import java.util.Optional;

/**
 * How texts are searched for: what stays the same from window to window.
 *
 * @param beams how many texts are followed at once: 1 is greedy, and the fastest; more find likelier texts
 * @param padding how much of the silence after the audio is computed
 * @param fallback what is tried when a text cannot be right
 * @param timestamps whether the model is asked to divide its text into {@linkplain Transcription#segments timed segments}
 * @param prompt what might have been said before, in the spelling that is wanted; of a long one the last 223 tokens count (of
 *     {@code n_ctx / 2 - 1} as in OpenAI's reference); empty: nothing
 * @param terms what is favoured; empty: nothing
 */
public record DecodingSettings(
        int beams, Padding padding, Fallback fallback, boolean timestamps, String prompt, Optional<KeyTerms> terms) {
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
        return new DecodingSettings(1, Padding.merged(), Fallback.fullWindowOnly(), false, "", Optional.empty());
    }

    /** For recordings: greedy, with every fallback. */
    public static DecodingSettings recordings() {
        return live().withFallback(Fallback.reference());
    }

    /** The same with another number of texts followed at once. */
    public DecodingSettings withBeams(int number) {
        return new DecodingSettings(number, padding, fallback, timestamps, prompt, terms);
    }

    /** The same with another fallback. */
    public DecodingSettings withFallback(Fallback other) {
        return new DecodingSettings(beams, padding, other, timestamps, prompt, terms);
    }

    /** The same with another share of the silence. */
    public DecodingSettings withPadding(Padding other) {
        return new DecodingSettings(beams, other, fallback, timestamps, prompt, terms);
    }

    /** The same with timed segments. */
    public DecodingSettings withTimestamps() {
        return new DecodingSettings(beams, padding, fallback, true, prompt, terms);
    }

    /** The same with an earlier text. */
    public DecodingSettings withPrompt(String text) {
        return new DecodingSettings(beams, padding, fallback, timestamps, text, terms);
    }

    /** The same with terms favoured, made by the engine that decodes. */
    public DecodingSettings withTerms(KeyTerms favoured) {
        return new DecodingSettings(beams, padding, fallback, timestamps, prompt, Optional.of(favoured));
    }
}
