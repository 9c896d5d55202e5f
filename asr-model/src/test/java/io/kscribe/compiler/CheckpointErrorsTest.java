package io.kscribe.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.kscribe.model.ModelException;
import io.kscribe.testing.TinyCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of checkpoints that are not what they seem. */
class CheckpointErrorsTest {
    @TempDir
    Path home;

    private Path model;

    @BeforeEach
    void writeCheckpoint() throws Exception {
        model = TinyCheckpoint.write(home.resolve("model"), 1);
    }

    @Test
    void shouldNameTheTensorThatIsMissing() throws Exception {
        TinyCheckpoint.edit(
                TinyCheckpoint.decoder(model),
                graph -> remove(graph, "model.decoder.layers.1.encoder_attn.q_proj.bias"));
        assertThatCompiling().hasMessage("the checkpoint has no tensor 'decoder.layers.1.encoder_attn.q_proj.bias'");
    }

    @Test
    void shouldNameTheLinearLayerWhoseNodeSaysNothing() throws Exception {
        TinyCheckpoint.edit(
                TinyCheckpoint.encoder(model),
                graph -> graph.getNodeBuilderList()
                        .forEach(node -> node.setName(node.getName().contains("fc2") ? "MatMul_7" : node.getName())));
        assertThatCompiling().hasMessage("the checkpoint has no tensor 'encoder.layers.0.fc2.weight'");
    }

    @Test
    void shouldNameTheTensorOfAnotherShape() throws Exception {
        change(
                TinyCheckpoint.encoder(model),
                "layer_norm.weight",
                tensor -> tensor.clearDims().addDims(4).addDims(4));
        assertThatCompiling()
                .hasMessage("tensor 'encoder.layer_norm.weight' has shape [4, 4], the configuration asks for [16]");
    }

    @Test
    void shouldNameTheTensorThatIsTorn() throws Exception {
        change(
                TinyCheckpoint.encoder(model),
                "conv1.bias",
                tensor -> tensor.setRawData(tensor.getRawData().substring(0, 63)));
        assertThatCompiling()
                .hasMessage("tensor 'conv1.bias' in " + TinyCheckpoint.encoder(model)
                        + " is torn: its shape [16] asks for 16 values of type FLOAT, the file holds 63 bytes");
    }

    @ParameterizedTest
    @CsvSource({"-16, -16", "3000000000, 3000000000"})
    void shouldNameTheTensorOfAnImpossibleShape(long length, String named) throws Exception {
        change(
                TinyCheckpoint.encoder(model),
                "conv1.bias",
                tensor -> tensor.clearDims().addDims(length));
        assertThatCompiling()
                .hasMessage("tensor 'conv1.bias' in " + TinyCheckpoint.encoder(model) + " is torn: its shape [" + named
                        + "] asks for " + named + " values of type FLOAT, the file holds 64 bytes");
    }

    @Test
    void shouldNameTheTensorOfATypeThatIsNotRead() throws Exception {
        change(
                TinyCheckpoint.encoder(model),
                "conv1.bias",
                tensor -> tensor.setDataType(TensorProto.DataType.FLOAT16.getNumber())
                        .setRawData(tensor.getRawData().substring(0, 32)));
        assertThatCompiling()
                .hasMessage("tensor 'conv1.bias' in " + TinyCheckpoint.encoder(model)
                        + " is of type FLOAT16; FLOAT, UINT8 and INT8 are read");
    }

    @Test
    void shouldNameTheTensorThatHoldsNoNumber() throws Exception {
        change(TinyCheckpoint.encoder(model), "conv1.bias", tensor -> {
            byte[] bytes = tensor.getRawData().toByteArray();
            Arrays.fill(bytes, 0, 4, (byte) 0xFF);
            tensor.setRawData(ByteString.copyFrom(bytes));
        });
        assertThatCompiling().hasMessage("tensor 'encoder.conv1.bias' holds a number that is not finite");
    }

    @Test
    void shouldNameTheFileThatIsTorn() throws Exception {
        Path decoder = TinyCheckpoint.decoder(model);
        byte[] bytes = Files.readAllBytes(decoder);
        Files.write(decoder, Arrays.copyOf(bytes, bytes.length * 2 / 3));
        assertThatCompiling().hasMessageStartingWith(decoder + " is not a whole ONNX file: ");
    }

    @Test
    void shouldNameTheFileThatIsMissing() throws Exception {
        Files.delete(TinyCheckpoint.encoder(model));
        assertThatCompiling()
                .hasMessage(model + " has neither onnx/encoder_model.onnx nor onnx/encoder_model_quantized.onnx");
    }

    @Test
    void shouldSayWhatWeightsItReads() throws Exception {
        Files.delete(TinyCheckpoint.encoder(model));
        Files.delete(TinyCheckpoint.decoder(model));
        Files.delete(model.resolve("onnx"));
        assertThatCompiling()
                .hasMessage(
                        model
                                + " holds no weights that kscribe reads; it reads an ONNX export under onnx/, and model.safetensors");
    }

    @Test
    void shouldRefuseAModelThatIsNoWhisper() throws Exception {
        config("\"whisper\"", "\"wav2vec2\"");
        assertThatCompiling()
                .hasMessage(
                        model.resolve("config.json") + " describes a model of type 'wav2vec2'; kscribe runs 'whisper'");
    }

    @Test
    void shouldRefuseAConfigurationThatIsTorn() throws Exception {
        Files.writeString(model.resolve("config.json"), "{\"model_type\": \"whis");
        assertThatCompiling().hasMessageStartingWith(model.resolve("config.json") + " cannot be read as JSON: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"d_model\": 16       | \"width\": 16          | has no positive integer 'd_model'",
                "\"encoder_layers\": 1 | \"encoder_layers\": 0  | has no positive integer 'encoder_layers'",
                "\"d_model\": 16       | \"d_model\": \"16\"    | has no positive integer 'd_model'",
                "\"d_model\": 16       | \"d_model\": 15        |"
                        + " is not a Whisper model's: a width of 15 cannot be divided among 2 attention heads",
                "\"num_mel_bins\": 80  | \"num_mel_bins\": 64   |"
                        + " is not a Whisper model's: a Whisper model hears 80 or 128 mel bins, not 64",
                "\"max_source_positions\": 1500 | \"max_source_positions\": 750 |"
                        + " is not a Whisper model's: a Whisper model has 1500 audio positions, not 750"
            })
    void shouldRefuseDimensionsThatNoWhisperHas(String whole, String broken, String sentence) throws Exception {
        config(whole, broken);
        assertThatCompiling().hasMessage(model.resolve("config.json") + " " + sentence);
    }

    @Test
    void shouldLeaveNothingBehindWhenItFails() throws Exception {
        TinyCheckpoint.edit(TinyCheckpoint.decoder(model), graph -> remove(graph, "model.decoder.layer_norm.bias"));
        assertThatCompiling().isInstanceOf(ModelException.class);
        try (var compiled = Files.list(home.resolve("compiled"))) {
            assertThat(compiled.filter(Files::isDirectory)).isEmpty();
        }
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertThatCompiling() {
        return assertThatThrownBy(() -> new GraphCompiler(home).compile(TinyCheckpoint.checkpoint(model)))
                .isInstanceOf(ModelException.class);
    }

    private void config(String whole, String broken) throws Exception {
        Path config = model.resolve("config.json");
        String text = Files.readString(config);
        assertThat(text).contains(whole.strip());
        Files.writeString(config, text.replace(whole.strip(), broken.strip()));
    }

    private static void remove(GraphProto.Builder graph, String name) {
        for (int i = 0; i < graph.getInitializerCount(); i++) {
            if (graph.getInitializer(i).getName().equals(name)) {
                graph.removeInitializer(i);
                return;
            }
        }
        throw new IllegalArgumentException("there is no " + name);
    }

    private static void change(Path file, String name, Consumer<TensorProto.Builder> change) throws Exception {
        TinyCheckpoint.edit(
                file,
                graph -> graph.getInitializerBuilderList().stream()
                        .filter(tensor -> tensor.getName().equals(name))
                        .forEach(change));
    }
}
