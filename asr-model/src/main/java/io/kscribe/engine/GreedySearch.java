package io.kscribe.engine;

import ai.onnxruntime.OrtException;
import io.kscribe.engine.Decoder.Step;
import io.kscribe.engine.WhisperEngine.TokenBias;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * Writes one text, always the likeliest next token, checking a draft on the way.
 *
 * <p>A draft is a guess at what comes next. One pass over all of it gives what the decoder would have written after each of its
 * tokens; as far as the two agree the draft is right, and writing goes on from there. A sequence is used once.
 */
final class GreedySearch {
    /** The share of the sequence that a text may take, as in OpenAI's reference. */
    private static final int TEXT_SHARE = 2;

    /** More tokens than anyone says in a second, in the languages that need most bytes a word. */
    private static final int TOKENS_A_SECOND = 25;

    private static final int TOKENS_AT_LEAST = 12;
    private static final int POSITIONS_A_SECOND = 50;

    private final Vocabulary vocabulary;
    private final TokenBias bias;
    private final Decoder decoder;
    private final DecodingRequest request;
    private final int audioPositions;
    private final int limit;
    private final List<DecodedToken> tokens = new ArrayList<>();
    private final List<float[]> promptAttention = new ArrayList<>();
    private final List<float[]> attention = new ArrayList<>();
    private float noSpeechProbability;
    private boolean ended;

    /**
     * Prepares to write.
     *
     * @param audioPositions encoder positions that hold audio: how much there is to say
     * @param textPositions the longest sequence of the model
     */
    GreedySearch(
            Vocabulary vocabulary,
            TokenBias bias,
            Decoder decoder,
            DecodingRequest request,
            int audioPositions,
            int textPositions) {
        this.vocabulary = vocabulary;
        this.bias = bias;
        this.decoder = decoder;
        this.request = request;
        this.audioPositions = audioPositions;
        limit = Math.min(
                textPositions / TEXT_SHARE, TOKENS_AT_LEAST + audioPositions * TOKENS_A_SECOND / POSITIONS_A_SECOND);
    }

    private record Language(String code, float probability) {}

    Transcription run() throws OrtException {
        boolean detect = request.language().isEmpty() && !vocabulary.languages().isEmpty();
        Language language =
                detect ? detectLanguage() : new Language(request.language().orElse("en"), 1);
        int[] prompt = vocabulary.prompt(language.code(), request.task());
        prompt = detect ? Arrays.copyOfRange(prompt, 1, prompt.length) : prompt;
        begin(prompt, detect);
        while (unfinished()) {
            Step step = decoder.append(new int[] {tokens.get(tokens.size() - 1).id()}, new int[] {0}, bias.text);
            attention.add(step.alignment().get(0));
            write(step.logProbabilities(), 0, new BitSet());
        }
        List<DecodedToken> written = tokens.subList(0, tokens.size() - LoopGuard.loopLength(tokens));
        return new Transcription(
                language.code(),
                language.probability(),
                written,
                vocabulary.text(written).strip(),
                words(written, language.code()),
                noSpeechProbability,
                ended);
    }

    private boolean unfinished() {
        return !ended && tokens.size() < limit && LoopGuard.loopLength(tokens) == 0;
    }

    private List<TimedWord> words(List<DecodedToken> written, String language) {
        List<float[]> rows = attention.subList(0, Math.min(attention.size(), written.size() + 1));
        return new WordAligner(vocabulary).words(written, promptAttention, rows, audioPositions, language);
    }

    private Language detectLanguage() throws OrtException {
        Step step = decoder.append(new int[] {vocabulary.startOfTranscript()}, new int[] {0, 0}, bias.language);
        hearSilence(step.logProbabilities());
        promptAttention.addAll(step.alignment());
        int row = vocabulary.size();
        Map.Entry<String, Integer> best = vocabulary.languageTokens().entrySet().stream()
                .max((a, b) -> Float.compare(
                        step.logProbabilities()[row + a.getValue()], step.logProbabilities()[row + b.getValue()]))
                .orElseThrow();
        return new Language(best.getKey(), (float) Math.exp(step.logProbabilities()[row + best.getValue()]));
    }

    private void hearSilence(float[] logProbabilities) {
        noSpeechProbability = (float) Math.exp(logProbabilities[vocabulary.noSpeech()]);
    }

    /** Runs the prompt, the prefix and the draft in one pass, and writes as much of the draft as holds. */
    private void begin(int[] prompt, boolean startHeard) throws OrtException {
        List<DecodedToken> prefix = request.prefix();
        if (prefix.size() > limit) {
            throw new IllegalArgumentException(
                    "a text of this audio has at most " + limit + " tokens, the prefix has " + prefix.size());
        }
        List<DecodedToken> draft =
                request.draft().subList(0, Math.min(request.draft().size(), limit - prefix.size()));
        if (prefix.isEmpty() && draft.isEmpty()) {
            Step step = decoder.append(prompt, new int[] {0, prompt.length - 1}, bias.prompt);
            if (!startHeard) {
                hearSilence(step.logProbabilities());
            }
            promptAttention.addAll(step.alignment().subList(0, prompt.length - 1));
            attention.add(step.alignment().get(prompt.length - 1));
            write(step.logProbabilities(), 1, new BitSet());
            return;
        }
        int known = prefix.size() + draft.size();
        int[] ids = Arrays.copyOf(prompt, prompt.length + known);
        for (int i = 0; i < known; i++) {
            ids[prompt.length + i] = i < prefix.size()
                    ? prefix.get(i).id()
                    : draft.get(i - prefix.size()).id();
        }
        int first = prompt.length - 1 + prefix.size();
        int[] rows = new int[draft.size() + 1];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = first + i;
        }
        Step step = decoder.append(ids, rows, bias.text);
        tokens.addAll(prefix);
        promptAttention.addAll(step.alignment().subList(0, prompt.length - 1));
        attention.addAll(step.alignment().subList(prompt.length - 1, first + 1));
        for (int i = 0; i < rows.length; i++) {
            if (i > 0) {
                attention.add(step.alignment().get(first + i));
            }
            boolean begins = prefix.isEmpty() && i == 0;
            write(step.logProbabilities(), i, begins ? vocabulary.suppressedAtBegin() : new BitSet());
            boolean holds = unfinished()
                    && i < draft.size()
                    && tokens.get(tokens.size() - 1).id() == draft.get(i).id();
            if (!holds) {
                decoder.takeBack(draft.size() - i);
                return;
            }
        }
    }

    /** Writes the likeliest token of a row, or notes the end. */
    private void write(float[] logProbabilities, int row, BitSet excluded) {
        int from = row * vocabulary.size();
        int best = -1;
        float bestLogProbability = Float.NEGATIVE_INFINITY;
        for (int id = 0; id < vocabulary.size(); id++) {
            if (logProbabilities[from + id] > bestLogProbability && !excluded.get(id)) {
                bestLogProbability = logProbabilities[from + id];
                best = id;
            }
        }
        if (best == vocabulary.endOfText()) {
            ended = true;
        } else {
            tokens.add(new DecodedToken(best, bestLogProbability));
        }
    }
}
