package io.kscribe.engine;

import ai.onnxruntime.OrtException;
import io.kscribe.engine.Decoder.Row;
import io.kscribe.engine.Decoder.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How a decoding begins: the language and the silence that were heard, and the pass over all that is known before the first choice.
 *
 * @param language the language as ISO 639-1
 * @param languageProbability how sure the detection is; 1 if the language was given
 * @param noSpeechProbability the model's estimate that there is no speech
 * @param promptAttention for each token from the start on to before the text but the last {@code [heads, positions]}
 * @param text the prefix
 * @param draft what is checked after it
 * @param step the pass over prompt, prefix and draft
 * @param firstRow the row of the step after the prefix; one for each token of the draft comes after it
 * @param firstToken the token of the step, the last of prompt and prefix, that the first row belongs to
 */
record Opening(
        String language,
        float languageProbability,
        float noSpeechProbability,
        List<float[]> promptAttention,
        Text text,
        List<DecodedToken> draft,
        Step step,
        int firstRow,
        int firstToken) {

    /**
     * Runs the prompt, the prefix and a draft in one pass, after another for the language if that is to be detected.
     *
     * @param previous tokens that come before the start, of {@link Vocabulary#previous}
     * @param limit the most tokens that the text may have
     * @throws IllegalArgumentException if the prefix is longer than that, or the model does not know the language
     */
    static Opening of(
            Vocabulary vocabulary,
            Decoder decoder,
            DecodingRequest request,
            int[] previous,
            List<DecodedToken> draft,
            NextTokens next,
            int limit)
            throws OrtException {
        List<DecodedToken> prefix = request.prefix();
        if (prefix.size() > limit) {
            throw new IllegalArgumentException(
                    "a text of this audio has at most " + limit + " tokens, the prefix has " + prefix.size());
        }
        String language = request.language().orElse("en");
        float languageProbability = 1;
        float noSpeech = 0;
        List<float[]> promptAttention = new ArrayList<>();
        boolean detects =
                request.language().isEmpty() && !vocabulary.languages().isEmpty();
        boolean startHeard = detects && previous.length == 0;
        if (detects) {
            Step start = decoder.append(
                    new int[] {vocabulary.startOfTranscript()},
                    List.of(new Row(0, Suppression.NONE), new Row(0, Suppression.LANGUAGE)));
            DecodedToken best = start.top().get(1).get(0);
            language = vocabulary.languageOf(best.id());
            languageProbability = best.probability();
            if (startHeard) {
                noSpeech = silence(vocabulary, decoder);
                promptAttention.addAll(start.alignment());
            } else {
                decoder.takeBack(1);
            }
        }

        int[] whole =
                vocabulary.prompt(language, request.task(), request.settings().timestamps());
        int[] prompt = startHeard ? Arrays.copyOfRange(whole, 1, whole.length) : whole;
        List<DecodedToken> known = new ArrayList<>(prefix);
        known.addAll(draft.subList(0, Math.min(draft.size(), limit - prefix.size())));
        int[] written = known.stream().mapToInt(DecodedToken::id).toArray();
        int[] ids =
                Stream.of(previous, prompt, written).flatMapToInt(IntStream::of).toArray();
        int lastOfPrompt = previous.length + prompt.length - 1;
        int firstToken = lastOfPrompt + prefix.size();
        List<Row> rows = new ArrayList<>();
        if (!startHeard) {
            rows.add(new Row(previous.length, Suppression.NONE));
        }
        int firstRow = rows.size();
        for (int token = firstToken; token < ids.length; token++) {
            rows.add(new Row(token, next.suppression(token == lastOfPrompt)));
        }
        Step step = decoder.append(ids, rows);
        if (!startHeard) {
            noSpeech = silence(vocabulary, decoder);
        }
        promptAttention.addAll(step.alignment().subList(previous.length, lastOfPrompt));
        Text text = Text.EMPTY;
        for (int i = 0; i < prefix.size(); i++) {
            text = next.longer(text, prefix.get(i), step.alignment().get(lastOfPrompt + i));
        }
        return new Opening(
                language,
                languageProbability,
                noSpeech,
                promptAttention,
                text,
                known.subList(prefix.size(), known.size()),
                step,
                firstRow,
                firstToken);
    }

    /** Reads the no-speech estimate off row 0 of the last run, which must be the start's. */
    private static float silence(Vocabulary vocabulary, Decoder decoder) {
        return (float) Math.exp(decoder.logProbability(0, vocabulary.noSpeech()));
    }
}
