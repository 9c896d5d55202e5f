package io.kscribe.engine;

import ai.onnxruntime.OrtException;
import io.kscribe.engine.Decoder.Row;
import io.kscribe.engine.Decoder.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How a decoding begins: the language and the silence that were heard, and the pass over all that is known before the first choice.
 *
 * @param language the language as ISO 639-1
 * @param languageProbability how sure the detection is; 1 if the language was given
 * @param noSpeechProbability the model's estimate that there is no speech
 * @param promptAttention for each token before the text but its last {@code [heads, positions]}
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
     * @param limit the most tokens that the text may have
     * @throws IllegalArgumentException if the prefix is longer than that, or the model does not know the language
     */
    static Opening of(
            Vocabulary vocabulary,
            Decoder decoder,
            DecodingRequest request,
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
        boolean detects =
                request.language().isEmpty() && !vocabulary.languages().isEmpty();
        List<float[]> promptAttention = new ArrayList<>();
        if (detects) {
            Step start = decoder.append(
                    new int[] {vocabulary.startOfTranscript()},
                    List.of(new Row(0, Suppression.NONE), new Row(0, Suppression.LANGUAGE)));
            noSpeech = silence(vocabulary, decoder);
            promptAttention.addAll(start.alignment());
            DecodedToken best = start.top().get(1).get(0);
            language = vocabulary.languageOf(best.id());
            languageProbability = best.probability();
        }

        int[] whole =
                vocabulary.prompt(language, request.task(), request.settings().timestamps());
        int[] prompt = detects ? Arrays.copyOfRange(whole, 1, whole.length) : whole;
        List<DecodedToken> checked = draft.subList(0, Math.min(draft.size(), limit - prefix.size()));
        int[] ids = Arrays.copyOf(prompt, prompt.length + prefix.size() + checked.size());
        for (int i = prompt.length; i < ids.length; i++) {
            int known = i - prompt.length;
            ids[i] = (known < prefix.size() ? prefix.get(known) : checked.get(known - prefix.size())).id();
        }
        List<Row> rows = new ArrayList<>();
        if (!detects) {
            rows.add(new Row(0, Suppression.NONE));
        }
        int firstRow = rows.size();
        int firstToken = prompt.length - 1 + prefix.size();
        for (int i = 0; i <= checked.size(); i++) {
            rows.add(new Row(firstToken + i, next.suppression(prefix.isEmpty() && i == 0)));
        }
        Step step = decoder.append(ids, rows);
        if (!detects) {
            noSpeech = silence(vocabulary, decoder);
        }
        promptAttention.addAll(step.alignment().subList(0, prompt.length - 1));
        Text text = Text.EMPTY;
        for (int i = 0; i < prefix.size(); i++) {
            DecodedToken token = prefix.get(i);
            text = text.with(token, step.alignment().get(prompt.length - 1 + i), token.logProbability());
        }
        return new Opening(
                language, languageProbability, noSpeech, promptAttention, text, checked, step, firstRow, firstToken);
    }

    /** Reads the no-speech estimate off row 0 of the last run, which must be the start's. */
    private static float silence(Vocabulary vocabulary, Decoder decoder) {
        return (float) Math.exp(decoder.logProbability(0, vocabulary.noSpeech()));
    }
}
