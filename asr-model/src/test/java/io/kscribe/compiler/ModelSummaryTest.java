package io.kscribe.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.model.Checkpoint;
import io.kscribe.model.Damage;
import io.kscribe.model.ModelException;
import io.kscribe.model.Sha256;
import io.kscribe.testing.RandomCheckpoint;
import io.kscribe.testing.RandomCheckpoint.Dimensions;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSummaryTest {
    @TempDir
    private Path directory;

    private Checkpoint checkpoint;

    @BeforeEach
    void setUp() throws Exception {
        new RandomCheckpoint(new Dimensions(32, 128, 3, 4, 2, 2, 300), 1)
                .describe(directory)
                .safetensors(directory, "F16");
        checkpoint = RandomCheckpoint.in(directory);
    }

    @Test
    void shouldSayWhatTheModelIs() throws Exception {
        CompiledModel model = compile("home", Precision.FP32);
        assertThat(model.summary())
                .containsExactly(
                        "model       random",
                        "checkpoint  " + "0123456789abcdef".repeat(4),
                        "compiler    version " + GraphCompiler.VERSION,
                        "parameters  159360",
                        "width       32",
                        "mel bins    128",
                        "vocabulary  300",
                        "encoder     3 layers of 4 heads, int8-rowwise",
                        "decoder     2 layers of 2 heads, fp32, words timed by 2 heads",
                        "file        decoder.onnx, " + Files.size(model.decoder()) + " bytes",
                        "file        encoder.onnx, " + Files.size(model.encoder()) + " bytes",
                        Sha256.ofFile(model.decoder()) + "  decoder.onnx",
                        Sha256.ofFile(model.encoder()) + "  encoder.onnx");
    }

    @Test
    void shouldBeTheSameBytesForTheSameCheckpoint() throws Exception {
        CompiledModel one = compile("one", Precision.INT8_BLOCKWISE);
        CompiledModel other = compile("other", Precision.INT8_BLOCKWISE);
        assertThat(other.directory().resolve("summary.txt"))
                .hasSameBinaryContentAs(one.directory().resolve("summary.txt"));
    }

    @Test
    void shouldFindTheGraphThatWasDamaged() throws Exception {
        CompiledModel model = compile("home", Precision.FP32);
        assertThat(model.verify()).isEmpty();
        byte[] graph = Files.readAllBytes(model.decoder());
        String before = Sha256.ofFile(model.decoder());
        graph[graph.length / 2] ^= 1;
        Files.write(model.decoder(), graph);
        assertThat(model.verify()).containsExactly(new Damage(model.decoder(), before, Sha256.ofFile(model.decoder())));
        Files.delete(model.encoder());
        assertThat(model.verify()).hasSize(2).last().extracting(Damage::found).isEqualTo("nothing");
    }

    @Test
    void shouldMissASummaryThatIsGoneOrNamesNothing() throws Exception {
        CompiledModel model = compile("home", Precision.FP32);
        Files.writeString(model.directory().resolve("summary.txt"), "model  random\n");
        assertThatThrownBy(model::verify)
                .isInstanceOf(ModelException.class)
                .hasMessage(model.directory().resolve("summary.txt") + " names no file, delete " + model.directory());
        Files.delete(model.directory().resolve("summary.txt"));
        assertThatThrownBy(model::summary)
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(model.directory() + " has no readable summary.txt, delete it: ");
    }

    @Test
    void shouldFindWhatACheckpointWasCompiledTo() throws Exception {
        GraphCompiler compiler = new GraphCompiler(directory.resolve("home"));
        assertThat(compiler.compiled(checkpoint)).isEmpty();
        CompiledModel standard = compiler.compile(checkpoint);
        CompiledModel exact = compiler.compile(checkpoint, Precision.FP32, Precision.FP32);
        assertThat(compiler.compiled(checkpoint)).containsExactlyInAnyOrder(standard, exact);
        assertThat(compiler.compiled(new Checkpoint("other", checkpoint.directory(), "f".repeat(64))))
                .isEmpty();
    }

    private CompiledModel compile(String home, Precision decoder) throws ModelException {
        return new GraphCompiler(directory.resolve(home)).compile(checkpoint, Precision.INT8_ROWWISE, decoder);
    }
}
