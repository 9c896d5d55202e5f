package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.kscribe.engine.DecodedToken;
import io.kscribe.engine.DecodingRequest;
import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
        // What stands, what is written, what of it is said before the island.
        "And so., And so ask not., 2, ask not.",
        "And so., And so, 2, ''",
        "And so., AND SO - ask not., 2, - ask not.",
        // Written otherwise than it stands.
        "replied she, replied he of a truth, 2, of a truth",
        "my fellow Americans, my Americans ask not, 2, ask not",
        "my Americans, my fellow Americans ask not, 3, ask not",
        // Times that are a word off lose against words.
        "And so., And so ask not., 1, ask not.",
        "And so., And so ask not., 3, ask not.",
        // Words that are joined or parted otherwise are told by their letters.
        "my fellow ASNOT!, my fellow ask not what your, 4, what your",
        // Words that tell nothing lose against times.
        "The Tao., thou must need recite., 2, need recite.",
        "no no, no no no, 2, no"
    })
    void shouldLeaveToTheIslandWhatFollowsTheTextThatStands(String stands, String written, int early, String own) {
        Transcription rest = preface(stands, early).rest(text(written));

        assertThat(rest.text()).isEqualTo(own);
        assertThat(String.join(" ", rest.words().stream().map(TimedWord::text).toList()))
                .isEqualTo(own);
    }

    @Test
    void shouldCountTimesTokensAndCharactersFromTheIslandsStart() {
        Transcription rest = preface("And so.", 2).rest(text("And so ask not."));

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
        Transcription rest = preface("And so.", 3).rest(text("And so ask not."));

        assertThat(rest.words().get(0).startMillis()).isZero();
        assertThat(rest.words().get(0).endMillis()).isZero();
        assertThat(rest.words().get(1).startMillis()).isZero();
    }

    @Test
    void shouldOfferTheTextThatStandsAsADraftOnly() {
        DecodingRequest alone = DecodingRequest.transcribe(Optional.of("en"));
        Preface preface = preface("And so.", 2);

        assertThat(preface.request(alone).prefix()).isEmpty();
        assertThat(preface.request(alone).draft()).isEqualTo(preface.tokens());
        DecodedToken next = new DecodedToken(7, 0);
        assertThat(preface.request(alone.withDraft(List.of(next))).draft())
                .isEqualTo(List.of(preface.tokens().get(0), next));
        assertThat(preface.window(new float[MILLI], 80).samples()).isEqualTo((2 * WORD_MILLIS + 1) * MILLI);
    }

    @Test
    void shouldLeaveEverythingToAnIslandThatNothingWasSaidBefore() {
        Transcription whole = text("Ask not.");
        assertThat(Preface.NONE.rest(whole)).isSameAs(whole);
        DecodingRequest alone = DecodingRequest.transcribe(Optional.of("en"));
        assertThat(Preface.NONE.request(alone)).isSameAs(alone);
    }

    /** A preface as long as so many words. */
    private static Preface preface(String text, int words) {
        return new Preface(
                new float[words * WORD_MILLIS * MILLI],
                List.of(new DecodedToken(100, 0)),
                Arrays.asList(text.split(" ")));
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
