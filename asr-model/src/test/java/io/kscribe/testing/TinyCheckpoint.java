package io.kscribe.testing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.kscribe.model.Checkpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.Consumer;

/**
 * A Whisper checkpoint of 16 features and random weights, in the layout of Hugging Face's ONNX export: it says nothing sensible, but
 * in milliseconds and with every part that a real one has.
 */
public final class TinyCheckpoint {
    /** Features a position. */
    public static final int WIDTH = 16;

    private static final int HIDDEN = 32;
    private static final int ENCODER_LAYERS = 1;
    private static final int DECODER_LAYERS = 2;
    private static final int TEXT_POSITIONS = 448;
    private static final String DECODER = "model.decoder.";

    private static final String CONFIG = """
            {"model_type": "whisper", "d_model": 16, "num_mel_bins": 80,
             "encoder_layers": 1, "encoder_attention_heads": 2, "encoder_ffn_dim": 32,
             "decoder_layers": 2, "decoder_attention_heads": 2, "decoder_ffn_dim": 32,
             "vocab_size": %d, "max_source_positions": 1500, "max_target_positions": 448}
            """;

    private final Path directory;
    private final Random random;
    private GraphProto.Builder graph = GraphProto.newBuilder();
    private int constants;

    private TinyCheckpoint(Path directory, long seed) {
        this.directory = directory;
        random = new Random(seed);
    }

    /** Writes a checkpoint of English words, with random weights. */
    public static Path write(Path directory, long seed) throws IOException {
        TokenizerFiles tokenizer = TokenizerFiles.multilingual(
                        " a", " be", " see", " dee", " oh", " you", "er", "ing", "s", ",", ".", " no", " yes", " one",
                        " two")
                .alignmentHead(1, 0)
                .alignmentHead(0, 1);
        tokenizer.write(directory);
        Files.writeString(directory.resolve("config.json"), CONFIG.formatted(tokenizer.size()));
        Files.writeString(directory.resolve("preprocessor_config.json"), "{}");
        TinyCheckpoint checkpoint = new TinyCheckpoint(directory, seed);
        checkpoint.writeEncoder();
        checkpoint.writeDecoder(tokenizer.size());
        return directory;
    }

    /** The checkpoint as the store would give it. */
    public static Checkpoint checkpoint(Path directory) {
        return new Checkpoint("tiny-random", directory.toAbsolutePath(), "0123456789abcdef".repeat(4));
    }

    /** The encoder's file. */
    public static Path encoder(Path directory) {
        return directory.resolve("onnx").resolve("encoder_model.onnx");
    }

    /** The decoder's file. */
    public static Path decoder(Path directory) {
        return directory.resolve("onnx").resolve("decoder_model_merged.onnx");
    }

    /** Changes a file's graph. */
    public static void edit(Path file, Consumer<GraphProto.Builder> change) throws IOException {
        ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
        change.accept(model.getGraphBuilder());
        Files.write(file, model.build().toByteArray());
    }

    private void writeEncoder() throws IOException {
        convolution("conv1", WIDTH, 80);
        convolution("conv2", WIDTH, WIDTH);
        constant("embed_positions.weight", 0.3, 1500, WIDTH);
        for (int l = 0; l < ENCODER_LAYERS; l++) {
            attention("layers." + l + ".", "self_attn");
            perceptron("layers." + l + ".");
        }
        norm("layer_norm");
        write(encoder(directory), graph);
    }

    private void writeDecoder(int vocabulary) throws IOException {
        graph = GraphProto.newBuilder();
        constant(DECODER + "embed_tokens.weight", 0.8, vocabulary, WIDTH);
        constant(DECODER + "embed_positions.weight", 0.5, TEXT_POSITIONS, WIDTH);
        for (int l = 0; l < DECODER_LAYERS; l++) {
            attention(DECODER + "layers." + l + ".", "self_attn");
            attention(DECODER + "layers." + l + ".", "encoder_attn");
            perceptron(DECODER + "layers." + l + ".");
        }
        norm(DECODER + "layer_norm");
        // As in a merged export: the nodes are in a branch, the constants outside.
        GraphProto.Builder branch = GraphProto.newBuilder().addAllNode(graph.getNodeList());
        graph.clearNode()
                .addNode(NodeProto.newBuilder()
                        .setOpType("If")
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("then_branch")
                                .setType(AttributeProto.AttributeType.GRAPH)
                                .setG(branch)));
        write(decoder(directory), graph);
    }

    private void attention(String layer, String name) {
        for (String projection : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
            linear(layer + name + "." + projection, WIDTH, WIDTH, !projection.equals("k_proj"));
        }
        norm(layer + name + "_layer_norm");
    }

    private void perceptron(String layer) {
        linear(layer + "fc1", HIDDEN, WIDTH, true);
        linear(layer + "fc2", WIDTH, HIDDEN, true);
        norm(layer + "final_layer_norm");
    }

    /** A weight without a telling name, {@code [in, out]}, used by a node that has one. */
    private void linear(String name, int out, int in, boolean biased) {
        String constant = "onnx::MatMul_" + constants++;
        constant(constant, 1.5 / Math.sqrt(in), in, out);
        graph.addNode(NodeProto.newBuilder()
                .setOpType("MatMul")
                .setName("/" + name.replace('.', '/').replace("layers/", "layers.") + "/MatMul")
                .addInput("x")
                .addInput(constant));
        if (biased) {
            constant(name + ".bias", 0.1, out);
        }
    }

    private void convolution(String name, int out, int in) {
        constant(name + ".weight", 1 / Math.sqrt(3 * in), out, in, 3);
        constant(name + ".bias", 0.1, out);
        graph.addNode(NodeProto.newBuilder()
                .setOpType("Conv")
                .setName("/" + name + "/Conv")
                .addInput("x")
                .addInput(name + ".weight"));
    }

    private void norm(String name) {
        constant(name + ".weight", 1, WIDTH);
        constant(name + ".bias", 0.1, WIDTH);
    }

    private void constant(String name, double deviation, int... shape) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber());
        int count = 1;
        for (int length : shape) {
            tensor.addDims(length);
            count *= length;
        }
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            bytes.putFloat((float) (random.nextGaussian() * deviation));
        }
        graph.addInitializer(tensor.setRawData(ByteString.copyFrom(bytes.array())));
    }

    private static void write(Path file, GraphProto.Builder graph) throws IOException {
        Path folder = file.resolveSibling(".");
        Files.createDirectories(folder.normalize());
        Files.write(file, ModelProto.newBuilder().setGraph(graph).build().toByteArray());
    }
}
