package io.kscribe.engine;

import ai.onnxruntime.OrtException;
import io.kscribe.engine.Decoder.Row;
import io.kscribe.engine.Decoder.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
            Vocabulary vocabulary, Decoder decoder, DecodingRequest request, int audioPositions, int textPositions) {
        this.vocabulary = vocabulary;
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
            int[] last = {tokens.get(tokens.size() - 1).id()};
            Step step = decoder.append(last, List.of(new Row(0, Suppression.TEXT)));
            attention.add(step.alignment().get(0));
            write(step.top().get(0).get(0));
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
        Step step = decoder.append(
                new int[] {vocabulary.startOfTranscript()},
                List.of(new Row(0, Suppression.NONE), new Row(0, Suppression.LANGUAGE)));
        hearSilence();
        promptAttention.addAll(step.alignment());
        DecodedToken best = step.top().get(1).get(0);
        return new Language(vocabulary.languageOf(best.id()), best.probability());
    }

    /** Reads the no-speech estimate off row 0 of the last run, which must be the start's. */
    private void hearSilence() {
        noSpeechProbability = (float) Math.exp(decoder.logProbability(0, vocabulary.noSpeech()));
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
        int known = prefix.size() + draft.size();
        int[] ids = Arrays.copyOf(prompt, prompt.length + known);
        for (int i = 0; i < known; i++) {
            DecodedToken token = i < prefix.size() ? prefix.get(i) : draft.get(i - prefix.size());
            ids[prompt.length + i] = token.id();
        }
        int first = prompt.length - 1 + prefix.size();
        List<Row> rows = new ArrayList<>();
        if (!startHeard) {
            rows.add(new Row(0, Suppression.NONE));
        }
        int silenceRows = rows.size();
        for (int i = 0; i <= draft.size(); i++) {
            boolean begins = prefix.isEmpty() && i == 0;
            rows.add(new Row(first + i, begins ? Suppression.BEGIN : Suppression.TEXT));
        }
        Step step = decoder.append(ids, rows);
        if (!startHeard) {
            hearSilence();
        }
        promptAttention.addAll(step.alignment().subList(0, prompt.length - 1));
        tokens.addAll(prefix);
        attention.addAll(step.alignment().subList(prompt.length - 1, first));
        for (int i = 0; i <= draft.size(); i++) {
            attention.add(step.alignment().get(first + i));
            write(step.top().get(silenceRows + i).get(0));
            boolean holds = unfinished()
                    && i < draft.size()
                    && tokens.get(tokens.size() - 1).id() == draft.get(i).id();
            if (!holds) {
                decoder.takeBack(draft.size() - i);
                return;
            }
        }
    }

    /** Writes a token, or notes the end. */
    private void write(DecodedToken token) {
        if (token.id() == vocabulary.endOfText()) {
            ended = true;
        } else {
            tokens.add(token);
        }
    }
}
