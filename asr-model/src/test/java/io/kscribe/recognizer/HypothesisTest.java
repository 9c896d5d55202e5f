package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class HypothesisTest {
    private static final long MARGIN_MILLIS = 500;
    private static final long DISPLAY_MILLIS = 800;
    private static final long WORD_MILLIS = 200;
    private static final float LEAST_PROBABILITY = 0.3f;

    @Example
    void shouldHoldNothingStableAfterOneHypothesis() {
        Hypothesis hypothesis = new Hypothesis();
        assertThat(hypothesis.published()).isFalse();
        assertThat(hypothesis.accept(text(1, 2, 3), 2000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY))
                .isTrue();
        assertThat(hypothesis.stableTokens()).isZero();
        assertThat(hypothesis.stableChars()).isZero();
        assertThat(hypothesis.published()).isTrue();
    }

    @Example
    void shouldHoldStableWhatTwoHypothesesAgreeOn() {
        Hypothesis hypothesis = new Hypothesis();
        hypothesis.accept(text(1, 2, 3), 1500, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        hypothesis.accept(text(1, 2, 7), 2000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.stableTokens()).isEqualTo(2);
        assertThat(hypothesis.stableChars()).isEqualTo("w1 w2".length());
    }

    @Example
    void shouldHoldStableOnlyWhatLiesFarEnoughFromTheEndOfTheAudio() {
        Hypothesis hypothesis = new Hypothesis();
        hypothesis.accept(text(1, 2, 3), 1000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        hypothesis.accept(text(1, 2, 3), 1099, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.stableTokens()).isEqualTo(2);
        hypothesis.accept(text(1, 2, 3), 1100, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.stableTokens()).isEqualTo(3);
    }

    @Example
    void shouldHoldNothingStableThatTheModelDoubtsNorWhatFollows() {
        Transcription sure = text(1, 2, 3);
        Transcription doubtful = transcription(
                sure.text(),
                List.of(new DecodedToken(1, -0.1f), new DecodedToken(2, -1.3f), new DecodedToken(3, -0.1f)),
                sure.words().toArray(TimedWord[]::new));
        for (List<Transcription> both : List.of(List.of(sure, doubtful), List.of(doubtful, sure))) {
            Hypothesis hypothesis = new Hypothesis();
            hypothesis.accept(both.get(0), 2000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
            hypothesis.accept(both.get(1), 2500, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
            assertThat(hypothesis.stableTokens()).isEqualTo(1);
            assertThat(hypothesis.heldTokens()).as("not to flicker").isEqualTo(3);
            assertThat(hypothesis.shownWords()).isEqualTo(3);
        }
        Hypothesis bold = new Hypothesis();
        bold.accept(doubtful, 2000, DISPLAY_MILLIS, MARGIN_MILLIS, 0);
        bold.accept(doubtful, 2500, DISPLAY_MILLIS, MARGIN_MILLIS, 0);
        assertThat(bold.stableTokens()).isEqualTo(3);
    }

    @Example
    void shouldLetGoOfDoubtfulWordsThatAFreeHypothesisHasOtherwise() {
        Hypothesis hypothesis = new Hypothesis();
        Transcription sure = text(1, 2, 3);
        Transcription doubtful = transcription(
                sure.text(),
                List.of(new DecodedToken(1, -0.1f), new DecodedToken(2, -1.3f), new DecodedToken(3, -0.1f)),
                sure.words().toArray(TimedWord[]::new));
        hypothesis.accept(doubtful, 2000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        hypothesis.accept(doubtful, 2500, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);

        assertThat(hypothesis.accept(text(1, 9, 3), 3000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY))
                .isTrue();
        assertThat(hypothesis.heldTokens()).isEqualTo(1);
        assertThat(hypothesis.stableTokens()).isEqualTo(1);
        assertThat(hypothesis.accept(text(8, 9, 3), 3500, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY))
                .as("stable words stand")
                .isFalse();
    }

    /** Tokens of {@link #text} are doubted by a tenth: a word is shown 76 ms after its end. */
    @Example
    void shouldShowOnlyWordsThatLieFarEnoughFromTheEndOfTheAudio() {
        Hypothesis hypothesis = new Hypothesis();
        hypothesis.accept(text(1, 2, 3), 276, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.shownWords()).isZero();
        assertThat(hypothesis.published()).isFalse();
        hypothesis.accept(text(1, 2, 3), 476, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.shownWords()).isEqualTo(1);
        assertThat(hypothesis.published()).isTrue();
        hypothesis.accept(text(1, 2, 3), 477, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.shownWords()).isEqualTo(2);
    }

    @Example
    void shouldShowWordsTheLaterTheMoreTheyAreDoubted() {
        Hypothesis hypothesis = new Hypothesis();
        List<DecodedToken> tokens = List.of(new DecodedToken(1, 0), new DecodedToken(2, (float) Math.log(0.25)));
        Transcription text = transcription(
                "w1 w2", tokens, new TimedWord("w1", 0, 200, 1, 1, 2), new TimedWord("w2", 200, 400, 0.25f, 2, 5));
        hypothesis.accept(text, 200, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.shownWords()).isEqualTo(1);
        hypothesis.accept(text, 999, DISPLAY_MILLIS, DISPLAY_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.shownWords()).isEqualTo(1);
        hypothesis.accept(text, 1001, DISPLAY_MILLIS, DISPLAY_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.shownWords()).isEqualTo(2);
    }

    @Example
    void shouldShowStableWordsWhereverTheyAreHeardNow() {
        Hypothesis hypothesis = new Hypothesis();
        hypothesis.accept(text(1), 1000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        hypothesis.accept(text(1), 1500, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.stableTokens()).isEqualTo(1);
        Transcription later = transcription("w1", tokens(1), new TimedWord("w1", 1900, 2000, 0.9f, 1, 2));
        hypothesis.accept(later, 2000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.shownWords()).isEqualTo(1);
    }

    @Example
    void shouldRefuseATextThatChangesWhatIsStable() {
        Hypothesis hypothesis = new Hypothesis();
        hypothesis.accept(text(1, 2, 3), 2000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        hypothesis.accept(text(1, 2, 3), 2500, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.accept(text(1, 9, 3), 3000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY))
                .isFalse();
        assertThat(hypothesis.accept(text(1, 2), 3000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY))
                .isFalse();
        assertThat(ids(hypothesis.tokens())).containsExactly(1, 2, 3);
    }

    @Example
    void shouldRefuseATextOfLessAudio() {
        Hypothesis hypothesis = new Hypothesis();
        hypothesis.accept(text(1, 2, 3), 2000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.accept(text(1, 2), 1500, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY))
                .isFalse();
        assertThat(hypothesis.accept(text(1, 2, 4), 2000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY))
                .isFalse();
        assertThat(ids(hypothesis.tokens())).containsExactly(1, 2, 3);
    }

    @Example
    void shouldNotTakeBackStableCharactersWhenAWordGrows() {
        Hypothesis hypothesis = new Hypothesis();
        hypothesis.accept(text(1, 2), 2000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        hypothesis.accept(text(1, 2), 2500, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.stableChars()).isEqualTo(5);
        Transcription grown = transcription(
                "w1 w2, w3",
                tokens(1, 2, 100, 3),
                new TimedWord("w1", 0, 200, 0.9f, 1, 2),
                new TimedWord("w2,", 200, 400, 0.9f, 3, 6),
                new TimedWord("w3", 400, 600, 0.9f, 4, 9));
        assertThat(hypothesis.accept(grown, 3000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY))
                .isTrue();
        assertThat(hypothesis.stableTokens()).isEqualTo(2);
        assertThat(hypothesis.stableChars()).isEqualTo(5);
        hypothesis.accept(grown, 3500, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        assertThat(hypothesis.stableTokens()).isEqualTo(4);
        assertThat(hypothesis.stableChars()).isEqualTo(9);
    }

    @Example
    void shouldEndAStableWordThatAFinalWouldLetGrow() {
        Hypothesis hypothesis = new Hypothesis();
        hypothesis.accept(text(1, 2), 2000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        hypothesis.accept(text(1, 2), 2500, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY);
        Transcription grown = transcription(
                "w1 w2th w3",
                tokens(1, 2, 100, 3),
                new TimedWord("w1", 0, 200, 0.9f, 1, 2),
                new TimedWord("w2th", 200, 400, 0.9f, 3, 7),
                new TimedWord("w3", 400, 600, 0.9f, 4, 10));
        assertThat(hypothesis.accept(grown, 3000, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY))
                .isFalse();

        Transcription kept = hypothesis.kept(grown);

        assertThat(kept.text()).isEqualTo("w1 w2 th w3");
        assertThat(kept.tokens()).isEqualTo(grown.tokens());
        assertThat(kept.words())
                .containsExactly(
                        new TimedWord("w1", 0, 200, 0.9f, 1, 2),
                        new TimedWord("w2", 200, 400, 0.9f, 2, 5),
                        new TimedWord("th", 400, 400, 0.9f, 3, 8),
                        new TimedWord("w3", 400, 600, 0.9f, 4, 11));
        assertThat(hypothesis.kept(text(1, 2, 3))).isEqualTo(text(1, 2, 3));
        assertThat(hypothesis.kept(text(1, 9)).text())
                .as("what was believed last")
                .isEqualTo("w1 w2");
    }

    @Property
    void shouldNeverChangeWhatIsStable(
            @ForAll @Size(max = 12) List<@Size(max = 8) List<@IntRange(max = 2) Integer>> endings,
            @ForAll @IntRange(min = 1, max = 700) int stepMillis) {
        Hypothesis hypothesis = new Hypothesis();
        List<Integer> stable = List.of();
        String stableText = "";
        long audioMillis = 0;
        for (List<Integer> ending : endings) {
            audioMillis += stepMillis;
            List<Integer> next = new ArrayList<>(stable);
            next.addAll(ending);
            Transcription text = text(next.stream().mapToInt(i -> i).toArray());
            assertThat(hypothesis.accept(text, audioMillis, DISPLAY_MILLIS, MARGIN_MILLIS, LEAST_PROBABILITY))
                    .isTrue();

            List<Integer> now = ids(hypothesis.tokens()).subList(0, hypothesis.stableTokens());
            String textNow = text.text().substring(0, hypothesis.stableChars());
            assertThat(now).hasSizeGreaterThanOrEqualTo(stable.size());
            assertThat(now.subList(0, stable.size())).isEqualTo(stable);
            assertThat(textNow).startsWith(stableText);
            stable = now;
            stableText = textNow;
        }
    }

    /** Token n is the word "wn"; words follow one another every 200 ms. */
    private static Transcription text(int... ids) {
        StringBuilder text = new StringBuilder();
        List<TimedWord> words = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            text.append(i == 0 ? "w" : " w").append(ids[i]);
            words.add(new TimedWord("w" + ids[i], i * WORD_MILLIS, (i + 1) * WORD_MILLIS, 0.9f, i + 1, text.length()));
        }
        return transcription(text.toString(), tokens(ids), words.toArray(TimedWord[]::new));
    }

    private static Transcription transcription(String text, List<DecodedToken> tokens, TimedWord... words) {
        return new Transcription("en", 1, tokens, text, List.of(words), List.of(), 0, 0, 0, true);
    }

    private static List<DecodedToken> tokens(int... ids) {
        return Arrays.stream(ids).mapToObj(id -> new DecodedToken(id, -0.1f)).toList();
    }

    private static List<Integer> ids(List<DecodedToken> tokens) {
        return tokens.stream().map(DecodedToken::id).toList();
    }
}
