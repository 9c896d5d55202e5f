package io.kscribe.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.model.ModelException;
import io.kscribe.testing.RandomCheckpoint;
import io.kscribe.testing.RandomCheckpoint.Dimensions;
import io.kscribe.testing.SafetensorsWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One model in every container that kscribe reads. */
class CheckpointContainersTest {
    private static final RandomCheckpoint CHECKPOINT = new RandomCheckpoint(new Dimensions(64, 80, 2, 4, 1, 2, 300), 7);

    @TempDir
    private Path directory;

    private int containers;

    private interface Container {
        void write(Path directory) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void shouldCompileTheSameGraphsFromEveryContainer(Precision precision) throws Exception {
        CompiledModel expected = compiled(precision, at -> CHECKPOINT.safetensors(at, "F32"));
        for (Container container : new Container[] {
            at -> CHECKPOINT.safetensors(at, "F16"),
            at -> CHECKPOINT.safetensors(at, "BF16"),
            at -> CHECKPOINT.shards(at, "F32", 3),
            at -> CHECKPOINT.shards(at, "F16", 2),
            at -> CHECKPOINT.export(at, false),
            at -> CHECKPOINT.export(at, true)
        }) {
            CompiledModel model = compiled(precision, container);
            assertThat(model.encoder()).hasSameBinaryContentAs(expected.encoder());
            assertThat(model.decoder()).hasSameBinaryContentAs(expected.decoder());
        }
    }

    @Test
    void shouldTakeSafetensorsWhereAnExportIsNotWhole() throws Exception {
        CompiledModel expected = compiled(Precision.FP32, at -> CHECKPOINT.safetensors(at, "F32"));
        CompiledModel model = compiled(Precision.FP32, at -> {
            CHECKPOINT.safetensors(at, "F32").export(at, false);
            Files.delete(at.resolve("onnx").resolve("decoder_model_merged.onnx"));
        });
        assertThat(model.encoder()).hasSameBinaryContentAs(expected.encoder());
    }

    @Test
    void shouldNameTheTensorWhoseNumbersAreMissingBesideTheGraph() {
        assertThatThrownBy(() -> compiled(Precision.FP32, at -> {
                    CHECKPOINT.export(at, true);
                    Path numbers = at.resolve("onnx").resolve("encoder_model.onnx_data");
                    Files.write(numbers, Arrays.copyOf(Files.readAllBytes(numbers), 200_000));
                }))
                .isInstanceOf(ModelException.class)
                .hasMessageMatching("tensor 'embed_positions\\.weight' in .*encoder_model\\.onnx is torn: its 384000"
                        + " bytes should lie in \"encoder_model\\.onnx_data\" beside it, from byte \\d+");
    }

    @Test
    void shouldSayWhatItReadsWhereThereAreNoWeights() {
        assertThatThrownBy(() -> compiled(Precision.FP32, at -> {}))
                .isInstanceOf(ModelException.class)
                .hasMessageEndingWith("holds no weights that kscribe reads; it reads an ONNX export under onnx/, and"
                        + " model.safetensors");
    }

    @ParameterizedTest
    @ValueSource(strings = {"NaN", "Infinity"})
    void shouldNameATensorThatIsNotFinite(String number) {
        assertThatThrownBy(() -> compiled(
                        Precision.FP32,
                        at -> new SafetensorsWriter("F32")
                                .tensor("model.encoder.conv1.weight", filled(Float.parseFloat(number)), 64, 80, 3)
                                .write(at.resolve("model.safetensors"))))
                .isInstanceOf(ModelException.class)
                .hasMessage("tensor 'encoder.conv1.weight' holds a number that is not finite");
    }

    private static float[] filled(float value) {
        float[] values = new float[64 * 80 * 3];
        values[values.length - 1] = value;
        return values;
    }

    private CompiledModel compiled(Precision precision, Container container) throws IOException, ModelException {
        Path place = Files.createDirectory(directory.resolve("container" + containers++));
        CHECKPOINT.describe(place);
        container.write(place);
        return new GraphCompiler(place.resolve("home")).compile(RandomCheckpoint.in(place), precision, precision);
    }
}
