package io.kscribe.engine;

import io.kscribe.engine.NextTokens.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One attempt at the text of a window: begins it, has it searched for, and reads what was found. */
final class Decoding implements Stage {
    /** The share of the sequence that a text may take, as in OpenAI's reference. */
    private static final int TEXT_SHARE = 2;

    /** More tokens than anyone says in a second, in the languages that need most bytes a word. */
    private static final int TOKENS_A_SECOND = 25;

    private static final int TOKENS_AT_LEAST = 12;
    /** Start, language, task, and that no time stamps are wanted. */
    private static final int LONGEST_PROMPT = 4;

    private static final int POSITIONS_A_SECOND = 50;
    private static final int MILLIS_A_POSITION = 20;

    private final Vocabulary vocabulary;
    private final WordAligner aligner;
    private final TokenTree tree;
    private final DecodingRequest request;
    private final int audioPositions;
    private final int textPositions;
    private final float temperature;
    private final Choice choice;
    private final Optional<TimestampRules> timestamps;
    private final NextTokens next;
    private final int limit;
    private final Opening opening;
    private @Nullable Search search;

    /**
     * Prepares an attempt.
     *
     * @param aligner for the words of the window
     * @param tree a new tree
     * @param audioPositions encoder positions that hold audio: how much there is to say
     * @param textPositions the longest sequence of the model
     * @param temperature 0: the likeliest text that is found; above 0: one drawn at random
     * @throws IllegalArgumentException if the model cannot do what the request asks for, or its prefix is longer than any text of the audio
     */
    Decoding(
            Vocabulary vocabulary,
            WordAligner aligner,
            TokenTree tree,
            DecodingRequest request,
            int audioPositions,
            int textPositions,
            float temperature,
            RandomGenerator random) {
        this.vocabulary = vocabulary;
        this.aligner = aligner;
        this.tree = tree;
        this.request = request;
        this.audioPositions = audioPositions;
        this.textPositions = textPositions;
        this.temperature = temperature;
        DecodingSettings settings = request.settings();
        if (settings.terms().isPresent() && !settings.terms().get().areOf(vocabulary)) {
            throw new IllegalArgumentException("the key terms were made by another engine");
        }
        choice = temperature > 0
                ? new Choice.Drawn(temperature, random)
                : settings.beams() > 1 ? new Choice.Several() : new Choice.Best();
        timestamps = settings.timestamps() ? Optional.of(new TimestampRules(vocabulary)) : Optional.empty();
        next = new NextTokens(vocabulary.endOfText(), timestamps, settings.terms(), choice);
        int[] previous = vocabulary.previous(settings.prompt(), textPositions / TEXT_SHARE);
        limit = limit(previous.length);
        List<DecodedToken> draft = choice instanceof Choice.Best ? request.draft() : List.of();
        opening = new Opening(vocabulary, tree, request, previous, draft, next, limit);
    }

    @Override
    public Optional<Pass> wanted() {
        return search == null ? opening.wanted() : search.wanted();
    }

    @Override
    public void accept(Step step) {
        if (search != null) {
            search.accept(step);
            return;
        }
        opening.accept(step);
        if (opening.wanted().isEmpty()) {
            search = search(opening.result());
        }
    }

    private Search search(Opening.Result opened) {
        boolean weak = opened.noSpeechProbability() > Transcription.NO_SPEECH_PROBABILITY;
        NextTokens favoured = weak ? next.withoutTerms() : next;
        return choice instanceof Choice.Several
                ? new BeamSearch(tree, favoured, limit, request.settings().beams(), opened)
                : new GreedySearch(tree, favoured, limit, opened);
    }

    /** The text, once nothing more is wanted. */
    Transcription result() {
        if (search == null) {
            throw new IllegalStateException("the decoding has not been run");
        }
        return read(opening.result(), search.text());
    }

    /** The most tokens that a text of the audio may have after an earlier text. */
    private int limit(int previous) {
        int sayable = TOKENS_AT_LEAST + audioPositions * TOKENS_A_SECOND / POSITIONS_A_SECOND;
        int room = textPositions - previous - LONGEST_PROMPT;
        return Math.min(Math.min(textPositions / TEXT_SHARE, room), sayable);
    }

    private Transcription read(Opening.Result opened, Text text) {
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
        String language = opened.language();
        long audioMillis = (long) audioPositions * MILLIS_A_POSITION;
        List<TimedWord> words = aligner.words(spoken, opened.promptAttention(), attention, audioPositions, language);
        int echo = timestamps.isEmpty() ? Echo.length(words) : 0;
        if (echo > 0) {
            words = words.subList(0, words.size() - echo);
            spoken = spoken.subList(0, words.get(words.size() - 1).endToken());
        }
        return new Transcription(
                language,
                opened.languageProbability(),
                spoken,
                vocabulary.text(spoken).strip(),
                words,
                timestamps.map(rules -> rules.segments(kept, audioMillis)).orElse(List.of()),
                (float) (text.logProbability() / (text.length() + 1)),
                opened.noSpeechProbability(),
                temperature,
                text.isEnded());
    }
}
