package io.kscribe.testing;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import io.kscribe.model.Checkpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A Whisper checkpoint of any dimensions and random weights, which can be written in every container that kscribe reads. The weights are
 * numbers that binary32, binary16 and bfloat16 all hold exactly, so that every container holds the same model.
 */
public final class RandomCheckpoint {
    private static final int AUDIO_POSITIONS = 1500;
    private static final int TEXT_POSITIONS = 448;
    private static final String ENCODER = "model.encoder.";
    private static final List<String> LANGUAGES = List.of("en", "de", "haw");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Dimensions dimensions;
    private final Random random;
    private final Map<String, Weight> weights = new LinkedHashMap<>();

    /**
     * The dimensions that checkpoints differ in.
     *
     * @param width features a position
     * @param melBins bins of the spectrogram
     * @param encoderLayers blocks of the encoder
     * @param encoderHeads heads of its attention
     * @param decoderLayers blocks of the decoder
     * @param decoderHeads heads of its attention
     * @param vocabulary tokens
     */
    public record Dimensions(
            int width,
            int melBins,
            int encoderLayers,
            int encoderHeads,
            int decoderLayers,
            int decoderHeads,
            int vocabulary) {
        /** Hidden width of the perceptrons. */
        public int feedForward() {
            return 4 * width;
        }
    }

    /**
     * A tensor of the checkpoint.
     *
     * @param values its numbers, row-major
     * @param shape the length of each axis
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bulk numbers, never compared
    public record Weight(float[] values, int... shape) {}

    /** Draws the weights. */
    public RandomCheckpoint(Dimensions dimensions, long seed) {
        this.dimensions = dimensions;
        random = new Random(seed);
        int width = dimensions.width();
        draw(ENCODER + "conv1.weight", 0x1p-9f, width, dimensions.melBins(), 3);
        draw(ENCODER + "conv1.bias", 0x1p-10f, width);
        draw(ENCODER + "conv2.weight", 0x1p-9f, width, width, 3);
        draw(ENCODER + "conv2.bias", 0x1p-10f, width);
        draw(ENCODER + "embed_positions.weight", 0x1p-8f, AUDIO_POSITIONS, width);
        for (int l = 0; l < dimensions.encoderLayers(); l++) {
            attention(ENCODER + "layers." + l + ".", "self_attn");
            perceptron(ENCODER + "layers." + l + ".");
        }
        norm(ENCODER + "layer_norm");
        String decoder = "model.decoder.";
        draw(decoder + "embed_tokens.weight", 0x1p-8f, dimensions.vocabulary(), width);
        draw(decoder + "embed_positions.weight", 0x1p-8f, TEXT_POSITIONS, width);
        for (int l = 0; l < dimensions.decoderLayers(); l++) {
            attention(decoder + "layers." + l + ".", "self_attn");
            attention(decoder + "layers." + l + ".", "encoder_attn");
            perceptron(decoder + "layers." + l + ".");
        }
        norm(decoder + "layer_norm");
    }

    private void attention(String layer, String name) {
        for (String projection : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
            draw(layer + name + "." + projection + ".weight", 0x1p-8f, dimensions.width(), dimensions.width());
            if (!projection.equals("k_proj")) {
                draw(layer + name + "." + projection + ".bias", 0x1p-10f, dimensions.width());
            }
        }
        norm(layer + name + "_layer_norm");
    }

    private void perceptron(String layer) {
        draw(layer + "fc1.weight", 0x1p-9f, dimensions.feedForward(), dimensions.width());
        draw(layer + "fc1.bias", 0x1p-10f, dimensions.feedForward());
        draw(layer + "fc2.weight", 0x1p-9f, dimensions.width(), dimensions.feedForward());
        draw(layer + "fc2.bias", 0x1p-10f, dimensions.width());
        norm(layer + "final_layer_norm");
    }

    private void norm(String name) {
        float[] gains = new float[dimensions.width()];
        for (int i = 0; i < gains.length; i++) {
            gains[i] = 1 + random.nextInt(-32, 33) * 0x1p-7f;
        }
        weights.put(name + ".weight", new Weight(gains, gains.length));
        draw(name + ".bias", 0x1p-10f, dimensions.width());
    }

    private void draw(String name, float step, int... shape) {
        float[] values = new float[IntStream.of(shape).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(-127, 128) * step;
        }
        weights.put(name, new Weight(values, shape));
    }

    /** Its dimensions. */
    public Dimensions dimensions() {
        return dimensions;
    }

    /** A weight by Hugging Face's name. */
    public Weight weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    /** How many numbers it has. */
    public long parameters() {
        return weights.values().stream()
                .mapToLong(weight -> weight.values().length)
                .sum();
    }

    /** The checkpoint in a directory as the store would give it. */
    public static Checkpoint in(Path directory) {
        return new Checkpoint("random", directory.toAbsolutePath(), "0123456789abcdef".repeat(4));
    }

    /** Writes what is beside the weights: {@code config.json}, {@code generation_config.json}, {@code tokenizer.json} and so on. */
    public RandomCheckpoint describe(Path directory) throws IOException {
        return describe(directory, JSON.createObjectNode());
    }

    /**
     * Writes what is beside the weights.
     *
     * @param generation what {@code generation_config.json} says
     */
    public RandomCheckpoint describe(Path directory, ObjectNode generation) throws IOException {
        ObjectNode config = JSON.createObjectNode()
                .put("model_type", "whisper")
                .put("d_model", dimensions.width())
                .put("num_mel_bins", dimensions.melBins())
                .put("encoder_layers", dimensions.encoderLayers())
                .put("encoder_attention_heads", dimensions.encoderHeads())
                .put("encoder_ffn_dim", dimensions.feedForward())
                .put("decoder_layers", dimensions.decoderLayers())
                .put("decoder_attention_heads", dimensions.decoderHeads())
                .put("decoder_ffn_dim", dimensions.feedForward())
                .put("vocab_size", dimensions.vocabulary())
                .put("max_source_positions", AUDIO_POSITIONS)
                .put("max_target_positions", TEXT_POSITIONS);
        Files.writeString(directory.resolve("config.json"), config.toString());
        Files.writeString(directory.resolve("generation_config.json"), generation.toString());
        Files.writeString(
                directory.resolve("tokenizer.json"),
                tokenizer(dimensions.vocabulary()).toString());
        Files.writeString(directory.resolve("preprocessor_config.json"), "{}");
        return this;
    }

    /** Numbered words, then Whisper's special tokens without time stamps, three languages among them. */
    private static ObjectNode tokenizer(int vocabulary) {
        ObjectNode tokenizer = JSON.createObjectNode();
        List<String> special = List.of(
                "<|endoftext|>",
                "<|startoftranscript|>",
                "<|" + LANGUAGES.get(0) + "|>",
                "<|" + LANGUAGES.get(1) + "|>",
                "<|" + LANGUAGES.get(2) + "|>",
                "<|translate|>",
                "<|transcribe|>",
                "<|startoflm|>",
                "<|nospeech|>",
                "<|notimestamps|>");
        int words = vocabulary - special.size();
        ObjectNode vocab = tokenizer.putObject("model").putObject("vocab");
        for (int id = 0; id < words; id++) {
            vocab.put("\u0120w" + id, id);
        }
        for (int i = 0; i < special.size(); i++) {
            tokenizer
                    .withArrayProperty("added_tokens")
                    .addObject()
                    .put("id", words + i)
                    .put("content", special.get(i));
        }
        return tokenizer;
    }

    /** Writes {@code model.safetensors}. */
    public RandomCheckpoint safetensors(Path directory, String type) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter(type);
        weights.forEach((name, weight) -> writer.tensor(name, weight.values(), weight.shape()));
        writer.write(directory.resolve("model.safetensors"));
        return this;
    }

    /** Writes shards of {@code .safetensors} and their index, tensors dealt in turn. */
    public RandomCheckpoint shards(Path directory, String type, int count) throws IOException {
        List<SafetensorsWriter> writers = IntStream.range(0, count)
                .mapToObj(i -> new SafetensorsWriter(type))
                .toList();
        ObjectNode index = JSON.createObjectNode();
        ObjectNode map = index.putObject("weight_map");
        int at = 0;
        for (Map.Entry<String, Weight> entry : weights.entrySet()) {
            Weight weight = entry.getValue();
            writers.get(at % count).tensor(entry.getKey(), weight.values(), weight.shape());
            map.put(entry.getKey(), shard(at % count));
            at++;
        }
        for (int i = 0; i < count; i++) {
            writers.get(i).write(directory.resolve(shard(i)));
        }
        Files.writeString(directory.resolve("model.safetensors.index.json"), index.toString());
        return this;
    }

    private static String shard(int number) {
        return "model-" + number + ".safetensors";
    }

    /**
     * Writes Hugging Face's ONNX export in single precision.
     *
     * @param external whether the numbers lie in files beside the graphs
     */
    public RandomCheckpoint export(Path directory, boolean external) throws IOException {
        Files.createDirectories(directory.resolve("onnx"));
        write(directory.resolve("onnx").resolve("encoder_model.onnx"), graph(true), external);
        // As in a merged export: the nodes are in a branch, the constants outside.
        GraphProto.Builder decoder = graph(false);
        GraphProto.Builder branch = GraphProto.newBuilder().addAllNode(decoder.getNodeList());
        decoder.clearNode()
                .addNode(NodeProto.newBuilder()
                        .setOpType("If")
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("then_branch")
                                .setType(AttributeProto.AttributeType.GRAPH)
                                .setG(branch)));
        write(directory.resolve("onnx").resolve("decoder_model_merged.onnx"), decoder, external);
        return this;
    }

    private GraphProto.Builder graph(boolean encoder) {
        GraphProto.Builder graph = GraphProto.newBuilder();
        weights.forEach((name, weight) -> {
            if (name.startsWith(ENCODER) == encoder) {
                String exported = encoder ? name.substring(ENCODER.length()) : name;
                boolean linear = name.matches(".*(_proj|fc[12])\\.weight");
                Weight constant = linear ? transposed(weight) : weight;
                String constantName = linear ? "onnx::MatMul_" + graph.getInitializerCount() : exported;
                graph.addInitializer(tensor(constantName, constant));
                if (linear || weight.shape().length == 3) {
                    String path =
                            exported.replace(".weight", "").replace('.', '/').replace("layers/", "layers.");
                    String type = linear ? "MatMul" : "Conv";
                    graph.addNode(NodeProto.newBuilder()
                            .setOpType(type)
                            .setName("/" + path + "/" + type)
                            .addInput("x")
                            .addInput(constantName));
                }
            }
        });
        return graph;
    }

    private static Weight transposed(Weight weight) {
        int rows = weight.shape()[0];
        int columns = weight.shape()[1];
        float[] values = new float[rows * columns];
        for (int i = 0; i < values.length; i++) {
            values[i % columns * rows + i / columns] = weight.values()[i];
        }
        return new Weight(values, columns, rows);
    }

    private static TensorProto tensor(String name, Weight weight) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setName(name).setDataType(TensorProto.DataType.FLOAT.getNumber());
        for (int length : weight.shape()) {
            tensor.addDims(length);
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * weight.values().length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(weight.values());
        return tensor.setRawData(ByteString.copyFrom(bytes.array())).build();
    }

    private static void write(Path file, GraphProto.Builder graph, boolean external) throws IOException {
        if (external) {
            String numbers = file.getFileName() + "_data";
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            for (TensorProto.Builder tensor : graph.getInitializerBuilderList()) {
                tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(entry("location", numbers))
                        .addExternalData(entry("offset", Integer.toString(data.size())));
                data.writeBytes(tensor.getRawData().toByteArray());
                tensor.clearRawData();
            }
            Files.write(file.resolveSibling(numbers), data.toByteArray());
        }
        Files.write(file, ModelProto.newBuilder().setGraph(graph).build().toByteArray());
    }

    private static StringStringEntryProto entry(String key, String value) {
        return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
    }
}
