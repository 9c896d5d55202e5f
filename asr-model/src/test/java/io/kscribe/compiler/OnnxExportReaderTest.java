package io.kscribe.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.kscribe.model.ModelException;
import io.kscribe.testing.TinyCheckpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxExportReaderTest {
    private static final int WIDTH = TinyCheckpoint.WIDTH;

    @TempDir
    Path temporary;

    private Path model;

    @BeforeEach
    void writeCheckpoint() throws Exception {
        model = TinyCheckpoint.write(temporary.resolve("model"), 1);
    }

    @Test
    void shouldGiveEveryWeightItsNeutralName() throws Exception {
        Weights weights = OnnxExportReader.read(model);
        assertThat(weights.get("encoder.conv1.weight", WIDTH, 80, 3)).isNotNull();
        assertThat(weights.get("encoder.layers.0.self_attn.k_proj.weight", WIDTH, WIDTH))
                .isNotNull();
        assertThat(weights.get("decoder.layers.1.fc2.weight", WIDTH, 32)).isNotNull();
        assertThat(weights.get("decoder.layers.1.fc1.bias", 32)).isNotNull();
        assertThat(weights.get("decoder.embed_positions.weight", 448, WIDTH)).isNotNull();
    }

    @Test
    void shouldTurnALinearLayersWeightRound() throws Exception {
        GraphProto graph = GraphProto.newBuilder()
                .addInitializer(
                        tensor("w", TensorProto.DataType.FLOAT, 2, 3).addAllFloatData(List.of(1f, 2f, 3f, 4f, 5f, 6f)))
                .addNode(node("MatMul", "/layers.0/fc1/MatMul", "w"))
                .build();
        Tensor weight = read(graph).get("encoder.layers.0.fc1.weight", 3, 2);
        assertThat(weight.values()).containsExactly(1, 4, 2, 5, 3, 6);
    }

    @Test
    void shouldTurnQuantisedWeightsBack() throws Exception {
        GraphProto graph = GraphProto.newBuilder()
                .addInitializer(tensor("w_quantized", TensorProto.DataType.UINT8, 1, 3)
                        .setRawData(ByteString.copyFrom(new byte[] {0, (byte) 128, (byte) 255})))
                .addInitializer(
                        tensor("w_zero_point", TensorProto.DataType.UINT8).addInt32Data(128))
                .addInitializer(tensor("w_scale", TensorProto.DataType.FLOAT).addFloatData(0.5f))
                .addNode(node("MatMulInteger", "/layers.0/fc1/MatMul_quant", "w_quantized"))
                .build();
        assertThat(read(graph).get("encoder.layers.0.fc1.weight", 3, 1).values())
                .containsExactly(-64, 0, 63.5f);
    }

    @Test
    void shouldTurnWeightsBackThatHaveAScaleAColumn() throws Exception {
        GraphProto graph = GraphProto.newBuilder()
                .addInitializer(tensor("w_quantized", TensorProto.DataType.INT8, 2, 2)
                        .setRawData(ByteString.copyFrom(new byte[] {1, 2, -3, -4})))
                .addInitializer(
                        tensor("w_zero_point", TensorProto.DataType.INT8, 2).addAllInt32Data(List.of(0, 1)))
                .addInitializer(tensor("w_scale", TensorProto.DataType.FLOAT, 2).addAllFloatData(List.of(1f, 10f)))
                .addNode(node("MatMulInteger", "/layers.0/fc1/MatMul_quant", "w_quantized"))
                .build();
        assertThat(read(graph).get("encoder.layers.0.fc1.weight", 2, 2).values())
                .containsExactly(1, -3, 10, -50);
    }

    @Test
    void shouldNameTheScaleThatIsMissing() {
        GraphProto graph = GraphProto.newBuilder()
                .addInitializer(tensor("w_quantized", TensorProto.DataType.UINT8, 1, 1)
                        .setRawData(ByteString.copyFrom(new byte[] {7})))
                .addNode(node("MatMulInteger", "/layers.0/fc1/MatMul_quant", "w_quantized"))
                .build();
        assertThatThrownBy(() -> read(graph))
                .isInstanceOf(ModelException.class)
                .hasMessage(TinyCheckpoint.encoder(model) + " has no tensor 'w_scale'");
    }

    @Test
    void shouldRefuseScalesThatDoNotFit() {
        GraphProto graph = GraphProto.newBuilder()
                .addInitializer(tensor("w_quantized", TensorProto.DataType.UINT8, 1, 3)
                        .setRawData(ByteString.copyFrom(new byte[] {1, 2, 3})))
                .addInitializer(
                        tensor("w_zero_point", TensorProto.DataType.UINT8).addInt32Data(0))
                .addInitializer(tensor("w_scale", TensorProto.DataType.FLOAT, 2).addAllFloatData(List.of(1f, 10f)))
                .addNode(node("MatMulInteger", "/layers.0/fc1/MatMul_quant", "w_quantized"))
                .build();
        assertThatThrownBy(() -> read(graph))
                .isInstanceOf(ModelException.class)
                .hasMessage("tensor 'w' in " + TinyCheckpoint.encoder(model)
                        + " has 2 quantisation parameters; 1 or 3 were expected");
    }

    @Test
    void shouldReadAQuantisedExportAsItsOriginal() throws Exception {
        String[] linear = {"encoder.layers.0.self_attn.q_proj.weight", "decoder.layers.1.encoder_attn.v_proj.weight"};
        String bias = "encoder.layers.0.fc1.bias";
        Weights exact = OnnxExportReader.read(model);
        float[][] weights = {values(exact, linear[0], WIDTH, WIDTH), values(exact, linear[1], WIDTH, WIDTH)};
        float[] biases = values(exact, bias, 32);
        for (Path file : List.of(TinyCheckpoint.encoder(model), TinyCheckpoint.decoder(model))) {
            TinyCheckpoint.edit(file, OnnxExportReaderTest::quantise);
            Path quantised = file.resolveSibling(file.getFileName().toString().replace(".onnx", "_quantized.onnx"));
            Files.move(file, quantised);
        }
        Weights read = OnnxExportReader.read(model);
        for (int i = 0; i < linear.length; i++) {
            assertThat(values(read, linear[i], WIDTH, WIDTH))
                    .hasSameSizeAs(weights[i])
                    .usingComparatorWithPrecision(0.011f)
                    .containsExactly(weights[i]);
        }
        assertThat(values(read, bias, 32)).isEqualTo(biases);
    }

    private static float[] values(Weights weights, String name, int... shape) throws ModelException {
        return weights.get(name, shape).values();
    }

    /** Linear weights to bytes around 128, in steps of 0.02. */
    private static void quantise(GraphProto.Builder graph) {
        List<TensorProto> parameters = new ArrayList<>();
        for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
            if (tensor.getName().startsWith("onnx::MatMul")) {
                String name = tensor.getName();
                var floats = tensor.getRawData()
                        .asReadOnlyByteBuffer()
                        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                        .asFloatBuffer();
                byte[] bytes = new byte[floats.remaining()];
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) (Math.round(floats.get(i) / 0.02f) + 128);
                }
                tensor.setName(name + "_quantized")
                        .setDataType(TensorProto.DataType.UINT8.getNumber())
                        .setRawData(ByteString.copyFrom(bytes));
                parameters.add(tensor(name + "_zero_point", TensorProto.DataType.UINT8)
                        .addInt32Data(128)
                        .build());
                parameters.add(tensor(name + "_scale", TensorProto.DataType.FLOAT)
                        .addFloatData(0.02f)
                        .build());
            }
        }
        parameters.forEach(graph::addInitializer);
        quantiseNodes(graph);
    }

    private static void quantiseNodes(GraphProto.Builder graph) {
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            if (node.getOpType().equals("If")) {
                quantiseNodes(node.getAttributeBuilder(0).getGBuilder());
            } else if (node.getOpType().equals("MatMul")) {
                node.setOpType("MatMulInteger")
                        .setName(node.getName() + "_quant")
                        .setInput(1, node.getInput(1) + "_quantized");
            }
        }
    }

    private Weights read(GraphProto encoder) throws Exception {
        TinyCheckpoint.edit(
                TinyCheckpoint.encoder(model), graph -> graph.clear().mergeFrom(encoder));
        return OnnxExportReader.read(model);
    }

    private static TensorProto.Builder tensor(String name, TensorProto.DataType type, long... shape) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.getNumber());
        for (long length : shape) {
            tensor.addDims(length);
        }
        return tensor;
    }

    private static NodeProto.Builder node(String type, String name, String weight) {
        return NodeProto.newBuilder()
                .setOpType(type)
                .setName(name)
                .addInput("x")
                .addInput(weight);
    }
}
