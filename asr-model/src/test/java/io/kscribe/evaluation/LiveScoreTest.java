package io.kscribe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kscribe.evaluation.LiveScore.Changes;
import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.ShownResult;
import io.kscribe.recognizer.SpokenWord;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LiveScoreTest {
    private static final Duration CHUNK = Duration.ofMillis(100);
    private static final Duration AUDIO = Duration.ofSeconds(2);
    private static final Duration COMPUTING = Duration.ofMillis(100);

    @Test
    void shouldTimeSpeechFromItsArrivalToTheFirstPartialThatHasHeardIt() {
        LiveScore score = score(
                partial(650, 600, word("a", 0, 500), word("x", 500, 600)),
                partial(1150, 1050, word("a", 0, 500), word("b", 500, 1000)),
                fin(1800, word("a", 0, 500), word("b", 500, 1000)));

        assertThat(score.partial().counts())
                .isEqualTo(new TreeMap<>(Map.of(550L, 10L, 450L, 20L, 350L, 20L, 250L, 20L, 150L, 20L, 50L, 10L)));
    }

    @Test
    void shouldTakeTheFinalForSpeechThatNoPartialHasHeard() {
        assertThat(score(fin(900, word("yes", 100, 200))).partial().counts())
                .isEqualTo(new TreeMap<>(Map.of(700L, 10L)));
    }

    @Test
    void shouldTimeWordsFromTheirEndToTheFirstResultThatHasThemAsTheFinalHas() {
        LiveScore score = score(
                partial(650, 600, word("a", 0, 400), word("x", 400, 600)),
                partial(1150, 1050, stable("A,", 0, 450), word("b", 500, 900)),
                fin(1800, word("a", 0, 500), word("b", 500, 1000)));

        assertThat(score.wordShown()).isEqualTo(millis(150, 150));
        assertThat(score.wordStable()).isEqualTo(millis(650, 800));
        assertThat(score.finals()).isEqualTo(millis(800));
    }

    @Test
    void shouldTimeAWordThatWasLostInBetweenFromWhenItWasFirstShown() {
        LiveScore score = score(
                partial(600, 500, word("a", 0, 400)),
                partial(1100, 1000, word("x", 0, 400)),
                fin(1500, word("a", 0, 400)));

        assertThat(score.wordShown()).isEqualTo(millis(200));
        assertThat(score.shown()).isEqualTo(new Changes(2, 2));
    }

    @Test
    void shouldCountEachFormOfAWordThatWasShownAndThoseThatChanged() {
        LiveScore score = score(
                partial(650, 600, word("a", 0, 500), word("x", 500, 600)),
                partial(1150, 1050, word("a", 0, 500), word("b", 500, 1000)),
                fin(1800, word("a", 0, 500), word("c", 500, 1000), word("d", 1000, 1100)));

        assertThat(score.shown()).isEqualTo(new Changes(3, 2));
        assertThat(score.shown().share()).hasValue(2 / 3.0);
    }

    @Test
    void shouldCountStableWordsThatTheFinalChanges() {
        LiveScore score = score(
                partial(1150, 1050, stable("a", 0, 300), stable("b", 300, 600), word("x", 600, 1000)),
                fin(1800, word("a", 0, 300), word("p", 300, 600), word("c", 600, 1000)));

        assertThat(score.stable()).isEqualTo(new Changes(2, 1));
    }

    @Test
    void shouldCountAllWordsOfASegmentThatIsTakenBackAsChanged() {
        LiveScore score =
                score(partial(1150, 1050, stable("thank", 0, 300), word("you", 300, 600)), partial(1800, 1700));

        assertThat(score.shown()).isEqualTo(new Changes(2, 2));
        assertThat(score.stable()).isEqualTo(new Changes(1, 1));
        assertThat(score.partial()).isEqualTo(Latencies.NONE);
        assertThat(score.wordShown()).isEqualTo(Latencies.NONE);
        assertThat(score.finals()).isEqualTo(Latencies.NONE);
    }

    @Test
    void shouldKeepSegmentsApart() {
        LiveScore score = LiveScore.of(
                List.of(shown(0, true, 900, 400, word("a", 0, 400)), shown(1, true, 1900, 1200, word("b", 1000, 1200))),
                CHUNK,
                AUDIO,
                COMPUTING);

        assertThat(score.finals()).isEqualTo(millis(500, 700));
        assertThat(score.shown().share()).isEmpty();
        assertThat(score.stable()).isEqualTo(new Changes(0, 0));
    }

    @Test
    void shouldKnowTheMeanAndTheWorstRealTimeFactor() {
        LiveScore sum = LiveScore.ZERO
                .plus(LiveScore.of(List.of(), CHUNK, Duration.ofSeconds(3), Duration.ofMillis(300)))
                .plus(LiveScore.of(List.of(), CHUNK, Duration.ofSeconds(1), Duration.ofMillis(500)));

        assertThat(sum.load().meanFactor()).hasValue(0.2);
        assertThat(sum.load().worstFactor()).isEqualTo(0.5);
        assertThat(sum.isMeasured()).isTrue();
        assertThat(LiveScore.ZERO.isMeasured()).isFalse();
        assertThat(LiveScore.ZERO.load().meanFactor()).isEmpty();
    }

    @Test
    void shouldRefuseMoreChangesThanWords() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Changes(1, 2))
                .withMessage("2 of 1 words cannot have been changed");
    }

    private static LiveScore score(ShownResult... shown) {
        return LiveScore.of(List.of(shown), CHUNK, AUDIO, COMPUTING);
    }

    private static ShownResult partial(long atMillis, long audioMillis, SpokenWord... words) {
        return shown(0, false, atMillis, audioMillis, words);
    }

    private static ShownResult fin(long atMillis, SpokenWord... words) {
        return shown(0, true, atMillis, words[words.length - 1].endMillis(), words);
    }

    private static ShownResult shown(
            long segment, boolean isFinal, long atMillis, long endMillis, SpokenWord... words) {
        List<SpokenWord> said = Arrays.stream(words)
                .map(word -> isFinal ? stable(word.text(), word.startMillis(), word.endMillis()) : word)
                .toList();
        long startMillis = said.isEmpty() ? 0 : said.get(0).startMillis();
        RecognitionResult result =
                new RecognitionResult(segment, 1, isFinal, "", 0, said, startMillis, endMillis, "en", 1, false);
        return new ShownResult(result, Duration.ofMillis(atMillis));
    }

    private static SpokenWord word(String text, long startMillis, long endMillis) {
        return new SpokenWord(text, startMillis, endMillis, 1, false);
    }

    private static SpokenWord stable(String text, long startMillis, long endMillis) {
        return new SpokenWord(text, startMillis, endMillis, 1, true);
    }

    private static Latencies millis(long... millis) {
        return Latencies.of(Arrays.stream(millis));
    }
}
