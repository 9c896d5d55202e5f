package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.DecodingRequest;
import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefaceTest {
    private static final int MILLI = 16;
    private static final int WORD_MILLIS = 400;
    private static final float LOG_PROBABILITY = -0.5f;
    private static final float END_LOG_PROBABILITY = -2;

    @ParameterizedTest
    @CsvSource({
        // How many tokens stand, what is written, a token a word, what of it is the island's.
        "2, And so ask not., ask not.",
        "2, And so, ''",
        "2, And, ''",
        "1, And so ask not., so ask not.",
        "2, no no no no, no no"
    })
    void shouldLeaveToTheIslandWhatFollowsTheTextThatStands(int standing, String written, String own) {
        Transcription rest = preface(standing).rest(text(written));

        assertThat(rest.text()).isEqualTo(own);
        assertThat(String.join(" ", rest.words().stream().map(TimedWord::text).toList()))
                .isEqualTo(own);
    }

    @Test
    void shouldCountTimesTokensAndCharactersFromTheIslandsStart() {
        Transcription rest = preface(2).rest(text("And so ask not."));

        assertThat(rest.words())
                .containsExactly(
                        new TimedWord("ask", 0, WORD_MILLIS, 1, 1, 3),
                        new TimedWord("not.", WORD_MILLIS, 2L * WORD_MILLIS, 1, 2, 8));
        assertThat(rest.tokens()).extracting(DecodedToken::id).containsExactly(2, 3);
        assertThat(rest.averageLogProbability())
                .isCloseTo((2 * LOG_PROBABILITY + END_LOG_PROBABILITY) / 3, within(1e-5f));
    }

    @Test
    void shouldLetNoWordBeginBeforeTheIsland() {
        Transcription rest = preface(2, 3).rest(text("And so ask not."));

        assertThat(rest.words().get(0).startMillis()).isZero();
        assertThat(rest.words().get(0).endMillis()).isZero();
        assertThat(rest.words().get(1).startMillis()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        // The last word that stands, what becomes of it with one more token, what the island gets.
        "so, 'so,', ask not.",
        "so, solely, ''",
        // The text that stands ends in a blank, which is no word.
        "And, so, ''"
    })
    void shouldLeaveTheLastWordWholeAndTakeNothingIfItBecomesAnother(String last, String grown, String own) {
        Transcription written = text("And " + grown + " ask not.");
        List<DecodedToken> tokens = new ArrayList<>(written.tokens());
        tokens.add(2, new DecodedToken(9, LOG_PROBABILITY));
        List<TimedWord> words = written.words().stream()
                .map(word -> word.endToken() < 2 ? word : later(word))
                .toList();
        Preface preface = new Preface(new float[MILLI], preface(2).tokens(), last);

        Transcription rest = preface.rest(
                new Transcription("en", 1, tokens, written.text(), words, List.of(), LOG_PROBABILITY, 0, 0, true));

        assertThat(rest.text()).isEqualTo(own);
        assertThat(rest.tokens()).hasSameSizeAs(rest.words());
    }

    /** The word, a token later. */
    private static TimedWord later(TimedWord word) {
        return new TimedWord(word.text(), word.startMillis(), word.endMillis(), 1, word.endToken() + 1, word.endChar());
    }

    @Test
    void shouldGiveTheTextThatStandsAndLetTheModelWriteOn() {
        DecodedToken next = new DecodedToken(7, 0);
        DecodingRequest alone = DecodingRequest.transcribe(Optional.of("en")).withDraft(List.of(next));
        Preface preface = preface(2);

        assertThat(preface.request(alone).prefix()).isEqualTo(preface.tokens());
        assertThat(preface.request(alone).draft()).containsExactly(next);
        assertThat(preface.window(new float[MILLI], 80).samples()).isEqualTo((2 * WORD_MILLIS + 1) * MILLI);
    }

    @Test
    void shouldLeaveEverythingToAnIslandThatNothingWasSaidBefore() {
        Transcription whole = text("Ask not.");
        assertThat(Preface.NONE.rest(whole)).isSameAs(whole);
        DecodingRequest alone = DecodingRequest.transcribe(Optional.of("en"));
        assertThat(Preface.NONE.request(alone)).isSameAs(alone);
    }

    /** A preface of so many words, a token each. */
    private static Preface preface(int words) {
        return preface(words, words);
    }

    /** A preface of so many words that is as long as others. */
    private static Preface preface(int words, int asLong) {
        return new Preface(
                new float[asLong * WORD_MILLIS * MILLI],
                IntStream.range(0, words)
                        .mapToObj(id -> new DecodedToken(id, 0))
                        .toList(),
                "");
    }

    /** Words that take the same time, a token each. */
    private static Transcription text(String text) {
        List<TimedWord> words = new ArrayList<>();
        List<DecodedToken> tokens = new ArrayList<>();
        int chars = 0;
        for (String word : text.split(" ", -1)) {
            long start = (long) words.size() * WORD_MILLIS;
            chars += (words.isEmpty() ? 0 : 1) + word.length();
            tokens.add(new DecodedToken(tokens.size(), LOG_PROBABILITY));
            words.add(new TimedWord(word, start, start + WORD_MILLIS, 1, tokens.size(), chars));
        }
        float average = (tokens.size() * LOG_PROBABILITY + END_LOG_PROBABILITY) / (tokens.size() + 1);
        return new Transcription("en", 1, tokens, text, words, List.of(), average, 0, 0, true);
    }
}
