package io.kscribe.engine;

import io.kscribe.engine.Pass.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a decoding begins: the pass over all that is known before the first choice, the prompt, the prefix and a draft; after another
 * for the language if that is to be detected.
 */
final class Opening implements Stage {
    private final Vocabulary vocabulary;
    private final TokenTree tree;
    private final DecodingRequest request;
    private final int[] previous;
    private final NextTokens next;
    private final List<DecodedToken> draft;
    private final List<float[]> promptAttention = new ArrayList<>();

    private boolean detects;
    private String language;
    private float languageProbability = 1;
    private float noSpeech;
    private boolean startHeard;
    private int promptLength;
    private @Nullable Pass wanted;
    private @Nullable Result result;

    /**
     * What was heard.
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
    record Result(
            String language,
            float languageProbability,
            float noSpeechProbability,
            List<float[]> promptAttention,
            Text text,
            List<DecodedToken> draft,
            Step step,
            int firstRow,
            int firstToken) {}

    /**
     * Prepares the first pass.
     *
     * @param previous tokens that come before the start, of {@link Vocabulary#previous}
     * @param draft what is likely to come after the request's prefix
     * @param limit the most tokens that the text may have
     * @throws IllegalArgumentException if the prefix is longer than that, or the model does not know the language
     */
    Opening(
            Vocabulary vocabulary,
            TokenTree tree,
            DecodingRequest request,
            int[] previous,
            List<DecodedToken> draft,
            NextTokens next,
            int limit) {
        int kept = request.prefix().size();
        if (kept > limit) {
            throw new IllegalArgumentException(
                    "a text of this audio has at most " + limit + " tokens, the prefix has " + kept);
        }
        this.vocabulary = vocabulary;
        this.tree = tree;
        this.request = request;
        this.previous = previous.clone();
        this.draft = draft.subList(0, Math.min(draft.size(), limit - kept));
        this.next = next;
        language = request.language().orElse("en");
        detects = request.language().isEmpty() && !vocabulary.languages().isEmpty();
        wanted = detects ? start() : known();
    }

    @Override
    public Optional<Pass> wanted() {
        return Optional.ofNullable(wanted);
    }

    @Override
    public void accept(Step step) {
        if (detects) {
            detect(step);
            detects = false;
            wanted = known();
        } else {
            result = read(step);
            wanted = null;
        }
    }

    /** What was heard, once the stage is over. */
    Result result() {
        if (result == null) {
            throw new IllegalStateException("the opening has not been run");
        }
        return result;
    }

    private Pass start() {
        return Pass.onTip(
                tree,
                new int[] {vocabulary.startOfTranscript()},
                List.of(new Row(0, Suppression.NONE), new Row(0, Suppression.LANGUAGE)));
    }

    private void detect(Step step) {
        DecodedToken best = step.top(1).get(0);
        language = vocabulary.languageOf(best.id());
        languageProbability = best.probability();
        // With an earlier text before it the start is another one.
        startHeard = previous.length == 0;
        if (startHeard) {
            noSpeech = silence(step);
            promptAttention.add(step.alignment(0));
        } else {
            tree.takeBack(1);
        }
    }

    private Pass known() {
        int[] whole =
                vocabulary.prompt(language, request.task(), request.settings().timestamps());
        int[] prompt = startHeard ? Arrays.copyOfRange(whole, 1, whole.length) : whole;
        promptLength = prompt.length;
        int[] written = Stream.concat(request.prefix().stream(), draft.stream())
                .mapToInt(DecodedToken::id)
                .toArray();
        int[] ids =
                Stream.of(previous, prompt, written).flatMapToInt(IntStream::of).toArray();
        List<Row> rows = new ArrayList<>();
        if (!startHeard) {
            rows.add(new Row(previous.length, Suppression.NONE));
        }
        for (int token = firstToken(); token < ids.length; token++) {
            rows.add(new Row(token, next.suppression(token == lastOfPrompt())));
        }
        return Pass.onTip(tree, ids, rows);
    }

    private int lastOfPrompt() {
        return previous.length + promptLength - 1;
    }

    private int firstToken() {
        return lastOfPrompt() + request.prefix().size();
    }

    private Result read(Step step) {
        if (!startHeard) {
            noSpeech = silence(step);
        }
        for (int token = previous.length; token < lastOfPrompt(); token++) {
            promptAttention.add(step.alignment(token));
        }
        Text text = Text.EMPTY;
        for (int i = 0; i < request.prefix().size(); i++) {
            text = next.longer(text, request.prefix().get(i), step.alignment(lastOfPrompt() + i));
        }
        return new Result(
                language,
                languageProbability,
                noSpeech,
                List.copyOf(promptAttention),
                text,
                draft,
                step,
                startHeard ? 0 : 1,
                firstToken());
    }

    /** Reads the no-speech estimate off row 0, which must be the start's. */
    private float silence(Step step) {
        return (float) Math.exp(step.logProbability(0, vocabulary.noSpeech()));
    }
}
