package io.kscribe.engine;

import static io.kscribe.engine.RandomModels.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decodes with a model of random weights, whose texts loop, run into limits or end as chance will have it. */
class GreedySearchTest {
    private static final int WORDS = 15;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldWriteTheSameWithAnyDraft(long seed) throws Exception {
        try (WhisperEngine engine = engine(seed)) {
            Random random = new Random(seed);
            for (int seconds : new int[] {1, 4, 20}) {
                SpeechWindow window = window(random, seconds);
                DecodingRequest plain =
                        DecodingRequest.transcribe(Optional.of("en")).withoutFallback();
                Transcription expected = engine.transcribe(window, plain);
                for (int i = 0; i < 12; i++) {
                    List<DecodedToken> draft = draft(random, expected.tokens());
                    Transcription drafted = engine.transcribe(window, plain.withHypothesis(draft, 0));
                    assertThat(ids(drafted)).as("draft %s", draft).isEqualTo(ids(expected));
                    assertThat(drafted.complete()).isEqualTo(expected.complete());
                    assertThat(drafted.text()).isEqualTo(expected.text());
                    assertThat(drafted.words()).hasSameSizeAs(expected.words());
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldWriteOnFromAPrefix(long seed) throws Exception {
        try (WhisperEngine engine = engine(seed)) {
            Random random = new Random(seed);
            SpeechWindow window = window(random, 5);
            List<DecodedToken> prefix = List.of(token(3), token(0), token(5));
            DecodingRequest request = DecodingRequest.transcribe(Optional.of("de"))
                    .withoutFallback()
                    .withHypothesis(prefix, 3);
            Transcription free = engine.transcribe(window, request);
            assertThat(free.tokens()).startsWith(token(3), token(0), token(5));
            assertThat(free.text()).startsWith("dee a you");

            List<DecodedToken> drafted = new ArrayList<>(prefix);
            drafted.addAll(draft(random, free.tokens().subList(3, free.tokens().size())));
            assertThat(ids(engine.transcribe(window, request.withHypothesis(drafted, 3))))
                    .isEqualTo(ids(free));
        }
    }

    @Test
    void shouldStopAtTheMostThatAnyoneSaysInTheTime() throws Exception {
        try (WhisperEngine engine = engine(1)) {
            for (int seconds : new int[] {1, 2, 10}) {
                Transcription text = engine.transcribe(
                        window(new Random(7), seconds), DecodingRequest.transcribe(Optional.of("en")));
                assertThat(text.tokens()).hasSizeLessThanOrEqualTo(Math.min(224, 12 + 25 * seconds));
            }
        }
    }

    @Test
    void shouldRefuseAPrefixLongerThanAnyText() throws Exception {
        try (WhisperEngine engine = engine(1)) {
            List<DecodedToken> prefix = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                prefix.add(token(i % WORDS));
            }
            DecodingRequest request =
                    DecodingRequest.transcribe(Optional.of("en")).withHypothesis(prefix, prefix.size());
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.transcribe(window(new Random(7), 2), request))
                    .withMessage("a text of this audio has at most 62 tokens, the prefix has 500");
        }
    }

    @Test
    void shouldDetectALanguageItKnows() throws Exception {
        try (WhisperEngine engine = engine(2)) {
            Transcription text =
                    engine.transcribe(window(new Random(7), 2), DecodingRequest.transcribe(Optional.empty()));
            assertThat(engine.languages()).contains(text.language());
            assertThat(text.languageProbability()).isBetween(1 / 3f, 1f);
        }
    }

    @Test
    void shouldRefuseALanguageItDoesNotKnow() throws Exception {
        try (WhisperEngine engine = engine(2)) {
            DecodingRequest french = DecodingRequest.transcribe(Optional.of("fr"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.transcribe(window(new Random(7), 2), french))
                    .withMessage("the model does not know the language 'fr'");
        }
    }

    @Test
    void shouldRefuseAWindowOfAnotherModel() throws Exception {
        try (WhisperEngine engine = engine(2)) {
            SpeechWindow window = SpeechWindow.of(new float[16_000], 128);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine.transcribe(window, DecodingRequest.transcribe(Optional.of("en"))))
                    .withMessage("tiny-random hears 80 mel bins, the window has 128");
        }
    }

    @Test
    void shouldDecodeOverTheFullWindowWhatDoesNotEnd() throws Exception {
        try (WhisperEngine engine = engine(1)) {
            SpeechWindow window = window(new Random(1), 4);
            DecodingRequest request = DecodingRequest.transcribe(Optional.of("en"));
            boolean complete =
                    engine.transcribe(window, request.withoutFallback()).complete();
            assertThat(engine.fullWindowFallbacks()).isZero();
            engine.transcribe(window, request);
            assertThat(engine.fullWindowFallbacks()).isEqualTo(complete ? 0 : 1);
        }
    }

    @Test
    void shouldHoldNoSessionOpenOnceItIsClosed() throws Exception {
        WhisperEngine engine = engine(1);
        engine.close();
        assertThatIllegalStateException()
                .isThrownBy(() ->
                        engine.transcribe(window(new Random(7), 1), DecodingRequest.transcribe(Optional.of("en"))));
    }

    private WhisperEngine engine(long seed) throws Exception {
        return RandomModels.engine(directory, seed);
    }

    /** Some of the text, then anything, sometimes far too much. */
    private static List<DecodedToken> draft(Random random, List<DecodedToken> text) {
        List<DecodedToken> draft = new ArrayList<>(text.subList(0, random.nextInt(text.size() + 1)));
        int more = random.nextInt(5) == 0 ? 600 : random.nextInt(20);
        int repeated = random.nextInt(WORDS);
        boolean loops = random.nextBoolean();
        for (int i = 0; i < more; i++) {
            draft.add(token(loops ? repeated : random.nextInt(WORDS)));
        }
        return draft;
    }

    private static DecodedToken token(int id) {
        return new DecodedToken(id, -1);
    }

    private static List<Integer> ids(Transcription transcription) {
        return transcription.tokens().stream().map(DecodedToken::id).toList();
    }
}
