package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kscribe.compiler.GraphCompiler;
import io.kscribe.compiler.Precision;
import io.kscribe.testing.RandomCheckpoint;
import io.kscribe.testing.RandomCheckpoint.Dimensions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of Whisper checkpoint that people publish, in small and with random weights: it must compile, load and run. */
class CheckpointKindsTest {
    private static final int SECOND = 16_000;
    private static final int LARGE_V3_TOKENS = 51_866;
    private static final int ENGLISH_ONLY_TOKENS = 51_864;

    @TempDir
    private Path directory;

    private final ObjectNode generation = new ObjectMapper().createObjectNode();

    @ParameterizedTest
    @EnumSource
    void shouldRunAModelOf128MelBinsAndOneMoreLanguage(Precision precision) throws Exception {
        RandomCheckpoint checkpoint = new RandomCheckpoint(new Dimensions(64, 128, 2, 4, 2, 4, LARGE_V3_TOKENS), 1);
        try (WhisperEngine engine = engine(checkpoint, precision)) {
            assertThat(engine.melBins()).isEqualTo(128);
            assertWrites(engine, Optional.of("haw"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRunAnEnglishOnlyModelThatDoesNotSaySo(Precision precision) throws Exception {
        RandomCheckpoint checkpoint = new RandomCheckpoint(new Dimensions(64, 80, 1, 2, 1, 2, ENGLISH_ONLY_TOKENS), 2);
        try (WhisperEngine engine = engine(checkpoint, precision)) {
            assertThat(engine.languages()).isEmpty();
            assertWrites(engine, Optional.empty());
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldRunADistilledModelWithItsTeachersAlignmentHeads(Precision precision) throws Exception {
        generation.putArray("alignment_heads").addArray().add(25).add(6);
        RandomCheckpoint checkpoint = new RandomCheckpoint(new Dimensions(64, 80, 3, 4, 1, 2, 500), 3);
        try (WhisperEngine engine = engine(checkpoint, precision)) {
            Transcription transcription = assertWrites(engine, Optional.of("en"));
            assertThat(transcription.words())
                    .isNotEmpty()
                    .allSatisfy(word -> assertThat(word.endMillis()).isBetween(word.startMillis(), 1_000L));
        }
    }

    @Test
    void shouldKnowTheLanguagesOfAModelThatListsNone() throws Exception {
        RandomCheckpoint checkpoint = new RandomCheckpoint(new Dimensions(64, 80, 1, 2, 1, 2, 500), 4);
        try (WhisperEngine engine = engine(checkpoint, Precision.FP32)) {
            assertThat(engine.languages()).containsExactlyInAnyOrder("en", "de", "haw");
            Transcription transcription = assertWrites(engine, Optional.empty());
            assertThat(engine.languages()).contains(transcription.language());
        }
    }

    @Test
    void shouldBelieveALanguageListButForTokensThatTheModelDoesNotScore() throws Exception {
        generation.putObject("lang_to_id").put("<|de|>", 493).put("<|fr|>", 500);
        RandomCheckpoint checkpoint = new RandomCheckpoint(new Dimensions(64, 80, 1, 2, 1, 2, 500), 4);
        checkpoint.describe(directory, generation);
        assertThat(Vocabulary.read(directory, 500).languageTokens())
                .containsOnlyKeys("de")
                .containsValue(493);
    }

    @Test
    void shouldFindSuppressedTokensWhereOlderCheckpointsHaveThem() throws Exception {
        generation.putArray("suppress_tokens").add(7);
        new RandomCheckpoint(new Dimensions(64, 80, 1, 2, 1, 2, 500), 4).describe(directory, generation);
        ObjectNode config = (ObjectNode)
                new ObjectMapper().readTree(directory.resolve("config.json").toFile());
        config.putArray("suppress_tokens").add(8);
        config.putArray("begin_suppress_tokens").add(9);
        Files.writeString(directory.resolve("config.json"), config.toString());
        Vocabulary vocabulary = Vocabulary.read(directory, 500);
        assertThat(vocabulary.suppressed().get(7)).isTrue();
        assertThat(vocabulary.suppressed().get(8)).isFalse();
        assertThat(vocabulary.suppressedAtBegin().stream()).containsExactly(9);
    }

    private WhisperEngine engine(RandomCheckpoint checkpoint, Precision precision) throws Exception {
        checkpoint.describe(directory, generation).safetensors(directory, "F16");
        return WhisperEngine.open(new GraphCompiler(directory.resolve("home"))
                .compile(RandomCheckpoint.in(directory), precision, precision));
    }

    /** Random weights say nothing sensible, but what they say is text of the vocabulary, in numbers that are none but finite. */
    private static Transcription assertWrites(WhisperEngine engine, Optional<String> language) {
        Random random = new Random(6);
        float[] noise = new float[SECOND];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) random.nextGaussian() * 0.1f;
        }
        Transcription transcription =
                engine.transcribe(SpeechWindow.of(noise, engine.melBins()), DecodingRequest.transcribe(language));
        assertThat(transcription.tokens())
                .isNotEmpty()
                .allSatisfy(
                        token -> assertThat(token.logProbability()).isFinite().isLessThanOrEqualTo(0));
        assertThat(transcription.text()).matches("w\\d+( w\\d+)*");
        return transcription;
    }
}
