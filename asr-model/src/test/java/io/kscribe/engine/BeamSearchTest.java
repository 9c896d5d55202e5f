package io.kscribe.engine;

import static io.kscribe.engine.RandomModels.window;
import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.kscribe.engine.NextTokens.Choice;
import io.kscribe.engine.Pass.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
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
            try (Heard heard = engine.encoder().hear(window, ContextLayout.of(window.samples(), Padding.merged()));
                    Decoder decoder = engine.decoder(heard)) {
                Opening opening = opening(engine, decoder.tree(0), tokens);
                decoder.run(List.of(opening));
                Opening.Result opened = opening.result();
                double sum = 0;
                for (int i = 0; i < tokens.size(); i++) {
                    sum += opened.step()
                            .logProbability(opened.firstRow() + i, tokens.get(i).id());
                }
                if (beam.isEnded()) {
                    sum += opened.step()
                            .logProbability(
                                    opened.firstRow() + tokens.size(),
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

    /** What a text must begin with says nothing about how it goes on best. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void shouldNotCountThePrefix(long seed) throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, seed)) {
            SpeechWindow window = window(new Random(seed), 4);
            Transcription certain = engine.transcribe(window, beginning(0));
            Transcription unlikely = engine.transcribe(window, beginning(-8));
            assertThat(unlikely.text()).isEqualTo(certain.text());
        }
    }

    private static DecodingRequest beginning(float logProbability) {
        return ENGLISH.withPrefix(IntStream.range(1, 9)
                        .mapToObj(id -> new DecodedToken(id, logProbability))
                        .toList())
                .withSettings(ENGLISH.settings().withBeams(5));
    }

    @Test
    void shouldGiveABranchWhatItWouldHaveAlone() throws Exception {
        try (WhisperEngine engine = RandomModels.engine(directory, 5)) {
            SpeechWindow window = window(new Random(5), 2);
            try (Heard heard = engine.encoder().hear(window, ContextLayout.of(window.samples(), Padding.merged()));
                    Decoder branching = engine.decoder(heard);
                    Decoder straight = engine.decoder(heard)) {
                TokenTree tree = branching.tree(0);
                Row text = new Row(0, Suppression.TEXT);
                step(branching, Pass.onTip(tree, new int[] {1, 2, 3}, List.of(text)));
                int trunk = tree.tip();
                List<Row> rows = List.of(text, new Row(1, Suppression.TEXT));
                step(branching, new Pass(new int[] {4, 5}, new int[] {trunk, trunk}, rows));
                // One branch goes on twice, the other is dropped.
                int branch = trunk + 2;
                Step inTree = step(branching, new Pass(new int[] {6, 7}, new int[] {branch, branch}, rows));

                Pass all =
                        Pass.onTip(straight.tree(0), new int[] {1, 2, 3, 5, 7}, List.of(new Row(4, Suppression.TEXT)));
                Step alone = step(straight, all);
                assertThat(inTree.logProbabilities(1)).containsExactly(alone.logProbabilities(0), Offset.offset(1e-4f));
                assertThat(inTree.alignment(1)).containsExactly(alone.alignment(4), Offset.offset(1e-4f));
            }
        }
    }

    private static Step step(Decoder decoder, Pass pass) throws OrtException {
        return decoder.step(List.of(Optional.of(pass))).get(0);
    }

    /** The text of a search with some beams, greedily with none. */
    private static Text text(WhisperEngine engine, SpeechWindow window, int beams) throws OrtException {
        try (Heard heard = engine.encoder().hear(window, ContextLayout.of(window.samples(), Padding.merged()));
                Decoder decoder = engine.decoder(heard)) {
            TokenTree tree = decoder.tree(0);
            Opening opening = opening(engine, tree, List.of());
            decoder.run(List.of(opening));
            NextTokens next = likeliest(engine);
            Search search = beams == 0
                    ? new GreedySearch(tree, next, LIMIT, opening.result())
                    : new BeamSearch(tree, next, LIMIT, beams, opening.result());
            decoder.run(List.of(search));
            return search.text();
        }
    }

    private static Opening opening(WhisperEngine engine, TokenTree tree, List<DecodedToken> draft) {
        return new Opening(engine.vocabulary(), tree, ENGLISH, NOTHING, draft, likeliest(engine), LIMIT);
    }

    private static NextTokens likeliest(WhisperEngine engine) {
        int end = engine.vocabulary().endOfText();
        return new NextTokens(end, Optional.empty(), Optional.empty(), new Choice.Several());
    }
}
