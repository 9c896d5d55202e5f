package io.kscribe.engine;

import java.util.List;

/**
 * What the decoder made of a window.
 *
 * @param language the language as ISO 639-1, given or detected
 * @param languageProbability how sure the detection is, 0 to 1; 1 if the language was given
 * @param tokens the text's tokens, without special ones
 * @param text the text without surrounding white space
 * @param words the text's words in order
 * @param segments the text between the model's own time stamps, in order; empty unless they were asked for
 * @param averageLogProbability the mean of the log-probabilities of everything written, with the end and time stamps, at most 0
 * @param noSpeechProbability the model's own estimate that there is no speech, 0 to 1
 * @param temperature 0 if this is the likeliest text found, else the temperature at which it was drawn
 * @param complete false if decoding was stopped by a limit or in a loop
 */
public record Transcription(
        String language,
        float languageProbability,
        List<DecodedToken> tokens,
        String text,
        List<TimedWord> words,
        List<TimedSegment> segments,
        float averageLogProbability,
        float noSpeechProbability,
        float temperature,
        boolean complete) {
    /** Above this the model's no-speech estimate counts, as in OpenAI's reference. */
    static final float NO_SPEECH_PROBABILITY = 0.6f;

    public Transcription {
        tokens = List.copyOf(tokens);
        words = List.copyOf(words);
        segments = List.copyOf(segments);
    }

    /** The mean probability of the tokens, 0 to 1; 0 without any. */
    public float confidence() {
        return (float)
                tokens.stream().mapToDouble(DecodedToken::probability).average().orElse(0);
    }
}
