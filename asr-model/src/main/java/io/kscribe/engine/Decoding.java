package io.kscribe.engine;

import ai.onnxruntime.OrtException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One attempt at the text of a window: begins it, has it searched for, and reads what was found. */
final class Decoding {
    /** The share of the sequence that a text may take, as in OpenAI's reference. */
    private static final int TEXT_SHARE = 2;

    /** More tokens than anyone says in a second, in the languages that need most bytes a word. */
    private static final int TOKENS_A_SECOND = 25;

    private static final int TOKENS_AT_LEAST = 12;
    private static final int POSITIONS_A_SECOND = 50;
    private static final int MILLIS_A_POSITION = 20;

    private final Vocabulary vocabulary;
    private final Decoder decoder;
    private final DecodingRequest request;
    private final int audioPositions;
    private final int limit;

    /**
     * Prepares an attempt.
     *
     * @param decoder a new tree
     * @param audioPositions encoder positions that hold audio: how much there is to say
     * @param textPositions the longest sequence of the model
     */
    Decoding(Vocabulary vocabulary, Decoder decoder, DecodingRequest request, int audioPositions, int textPositions) {
        this.vocabulary = vocabulary;
        this.decoder = decoder;
        this.request = request;
        this.audioPositions = audioPositions;
        limit = Math.min(
                textPositions / TEXT_SHARE, TOKENS_AT_LEAST + audioPositions * TOKENS_A_SECOND / POSITIONS_A_SECOND);
    }

    /**
     * Decodes.
     *
     * @param temperature 0: the likeliest text that is found; above 0: one drawn at random
     */
    Transcription run(float temperature, RandomGenerator random) throws OrtException {
        DecodingSettings settings = request.settings();
        Optional<TimestampRules> timestamps =
                settings.timestamps() ? Optional.of(new TimestampRules(vocabulary)) : Optional.empty();
        NextTokens next = new NextTokens(decoder, timestamps, temperature, random);
        boolean greedy = temperature > 0 || settings.beams() == 1;
        List<DecodedToken> draft = greedy && temperature == 0 ? request.draft() : List.of();
        Opening opening = Opening.of(vocabulary, decoder, request, draft, next, limit);
        int end = vocabulary.endOfText();
        Search search = greedy
                ? new GreedySearch(decoder, next, end, limit)
                : new BeamSearch(decoder, next, end, limit, settings.beams());
        return read(opening, search.run(opening), timestamps, temperature);
    }

    private Transcription read(Opening opening, Text text, Optional<TimestampRules> timestamps, float temperature) {
        List<DecodedToken> all = text.tokens();
        List<DecodedToken> kept = all.subList(0, all.size() - LoopGuard.loopLength(all));
        List<DecodedToken> spoken = new ArrayList<>();
        List<float[]> attention = new ArrayList<>();
        List<float[]> heard = text.attention();
        for (int i = 0; i < kept.size(); i++) {
            DecodedToken token = kept.get(i);
            if (timestamps.isEmpty() || !timestamps.get().isStamp(token)) {
                spoken.add(token);
                attention.add(heard.get(i));
            }
        }
        if (kept.size() < heard.size()) {
            attention.add(heard.get(kept.size()));
        }
        String language = opening.language();
        long audioMillis = (long) audioPositions * MILLIS_A_POSITION;
        return new Transcription(
                language,
                opening.languageProbability(),
                spoken,
                vocabulary.text(spoken).strip(),
                new WordAligner(vocabulary)
                        .words(spoken, opening.promptAttention(), attention, audioPositions, language),
                timestamps.map(rules -> rules.segments(kept, audioMillis)).orElse(List.of()),
                (float) (text.logProbability() / (text.length() + 1)),
                opening.noSpeechProbability(),
                temperature,
                text.isEnded());
    }
}
