package io.kscribe.engine;

import static io.kscribe.engine.RandomModels.window;
import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.engine.Decoder.Row;
import io.kscribe.engine.Decoder.Step;
import io.kscribe.engine.NextTokens.Choice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BeamSearchTest {
    private static final int LIMIT = 60;
    private static final int[] NOTHING = {};
    private static final DecodingRequest ENGLISH =
            DecodingRequest.transcribe(Optional.of("en")).withoutFallback();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldWriteWithOneBeamWhatGreedySearchWrites(long seed) throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, seed)) {
            for (int seconds : new int[] {1, 4}) {
                SpeechWindow window = window(new Random(seed), seconds);
                Text greedy = text(engine, window, 0);
                Text beam = text(engine, window, 1);
                assertThat(beam.tokens()).isEqualTo(greedy.tokens());
                assertThat(beam.isEnded()).isEqualTo(greedy.isEnded());
                assertThat(beam.logProbability()).isEqualTo(greedy.logProbability());
                assertThat(beam.attention()).containsExactlyElementsOf(greedy.attention());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldGiveATextItsTrueProbability(long seed) throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, seed)) {
            SpeechWindow window = window(new Random(seed), 4);
            Text beam = text(engine, window, 5);
            List<DecodedToken> tokens = beam.tokens();
            try (WhisperEngine.Heard heard = engine.hear(window, ContextLayout.merged(window.samples()));
                    Decoder tree = heard.tree()) {
                NextTokens next = likeliest(engine, tree);
                Opening opening = Opening.of(engine.vocabulary(), tree, ENGLISH, NOTHING, tokens, next, LIMIT);
                double sum = 0;
                for (int i = 0; i < tokens.size(); i++) {
                    sum += tree.logProbability(
                            opening.firstRow() + i, tokens.get(i).id());
                }
                if (beam.isEnded()) {
                    sum += tree.logProbability(
                            opening.firstRow() + tokens.size(),
                            engine.vocabulary().endOfText());
                }
                assertThat(beam.logProbability()).isCloseTo(sum, Offset.offset(1e-3));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldPreferATextThatEnds(long seed) throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, seed)) {
            for (int seconds : new int[] {1, 4, 10}) {
                SpeechWindow window = window(new Random(seed), seconds);
                Transcription greedy = engine.transcribe(window, ENGLISH);
                Transcription beam = engine.transcribe(
                        window, ENGLISH.withSettings(ENGLISH.settings().withBeams(5)));
                assertThat(beam.complete() || !greedy.complete()).isTrue();
                assertThat(LoopGuard.loopLength(beam.tokens())).isZero();
            }
        }
    }

    @Test
    void shouldGiveABranchWhatItWouldHaveAlone() throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, 5)) {
            SpeechWindow window = window(new Random(5), 2);
            try (WhisperEngine.Heard heard = engine.hear(window, ContextLayout.merged(window.samples()));
                    Decoder tree = heard.tree();
                    Decoder alone = heard.tree()) {
                Row text = new Row(0, Suppression.TEXT);
                tree.append(new int[] {1, 2, 3}, List.of(text));
                int trunk = tree.tip();
                tree.append(new int[] {4, 5}, new int[] {trunk, trunk}, List.of(text, new Row(1, Suppression.TEXT)));
                // One branch goes on twice, the other is dropped.
                Step branched = tree.append(
                        new int[] {6, 7},
                        new int[] {trunk + 2, trunk + 2},
                        List.of(text, new Row(1, Suppression.TEXT)));
                float[] inTree = tree.logProbabilities(1);

                Step straight = alone.append(new int[] {1, 2, 3, 5, 7}, List.of(new Row(4, Suppression.TEXT)));
                assertThat(inTree).containsExactly(alone.logProbabilities(0), Offset.offset(1e-4f));
                assertThat(branched.alignment().get(1))
                        .containsExactly(straight.alignment().get(4), Offset.offset(1e-4f));
            }
        }
    }

    /** The text of a search with some beams, greedily with none. */
    private static Text text(WhisperEngine engine, SpeechWindow window, int beams) throws Exception {
        try (WhisperEngine.Heard heard = engine.hear(window, ContextLayout.merged(window.samples()));
                Decoder tree = heard.tree()) {
            NextTokens next = likeliest(engine, tree);
            Opening opening = Opening.of(engine.vocabulary(), tree, ENGLISH, NOTHING, List.of(), next, LIMIT);
            Search search = beams == 0 ? new GreedySearch(tree, next, LIMIT) : new BeamSearch(tree, next, LIMIT, beams);
            return search.run(opening);
        }
    }

    private static NextTokens likeliest(WhisperEngine engine, Decoder tree) {
        int end = engine.vocabulary().endOfText();
        return new NextTokens(tree, end, Optional.empty(), Optional.empty(), new Choice.Several());
    }
}
