package io.kscribe.compiler;

import static ai.onnx.proto.OnnxMl.TensorProto.DataType.FLOAT;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.kscribe.model.ModelException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The Silero voice activity detector (versions 5 and 6, at 16 kHz; github.com/snakers4/silero-vad), made for many frames at once.
 *
 * <p>Published it is a graph of 150 nodes that takes a frame a call. Only its recurrent layer has to go frame by frame; what comes before
 * it (a short-time Fourier transform by convolution, four convolutions over its four columns, the recurrent layer's input weights) is the
 * same for every frame, and here it is a graph of plain matrix products with a row a frame. The recurrent layer's own weights are given
 * out, for the caller to go through it.
 *
 * @param graph an ONNX graph: {@code windows [4 * frames, 256]} samples, four overlapping windows a frame, 128 samples from one to the
 *     next; out {@code gates [frames, 512]}, what the frame adds to the recurrent layer's input, forget, cell and output gates
 * @param recurrent {@code [128, 512]}, what the layer's last output adds to those gates
 * @param output {@code [128]}, from the layer's output, where it is positive, to the log-odds of speech
 * @param outputBias added to the log-odds
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bulk numbers, never compared
public record CompiledDetector(byte[] graph, float[] recurrent, float[] output, float outputBias) {
    /** Numbers that the recurrent layer gives and remembers. */
    public static final int WIDTH = 128;

    /** Samples that a window of the Fourier transform sees. */
    public static final int WINDOW_SAMPLES = 256;

    /** Samples from one window to the next. */
    public static final int HOP_SAMPLES = 128;

    /** Windows a frame. */
    public static final int WINDOWS_A_FRAME = 4;

    private static final int BINS = WINDOW_SAMPLES / 2 + 1;
    private static final int NARROW = 64;
    private static final String BASIS = "stft.forward_basis_buffer";

    /**
     * Compiles a published detector; takes some 50 ms.
     *
     * @throws ModelException in one sentence if the file is not one
     */
    public static CompiledDetector compile(Path model) throws ModelException {
        Weights weights = read(model);
        try {
            Tensor output = weights.get("decoder.decoder.2.weight", 1, WIDTH, 1);
            return new CompiledDetector(
                    graph(weights),
                    weights.get("decoder.rnn.weight_hh", 4 * WIDTH, WIDTH)
                            .transposed()
                            .values(),
                    output.values(),
                    weights.get("decoder.decoder.2.bias", 1).values()[0]);
        } catch (ModelException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new ModelException(
                    model + " is no Silero voice activity detector of version 5 or 6: " + e.getMessage(), e);
        }
    }

    /** The constants of the branch for 16 kHz; that for 8 kHz has the same names and a shorter Fourier transform. */
    private static Weights read(Path model) throws ModelException {
        Weights weights = new Weights();
        try {
            for (NodeProto node :
                    ModelProto.parseFrom(Files.readAllBytes(model)).getGraph().getNodeList()) {
                for (AttributeProto branch : node.getAttributeList()) {
                    if (branch.hasG() && isWideband(branch.getG())) {
                        putAll(branch.getG(), weights);
                    }
                }
            }
        } catch (IOException e) {
            throw new ModelException(model + " is not a whole ONNX file: " + e.getMessage(), e);
        }
        return weights;
    }

    private static boolean isWideband(GraphProto branch) {
        return branch.getNodeList().stream()
                .anyMatch(node ->
                        name(node).equals(BASIS) && node.getAttribute(0).getT().getDims(0) == 2 * BINS);
    }

    private static void putAll(GraphProto branch, Weights weights) {
        for (NodeProto node : branch.getNodeList()) {
            if (node.getOpType().equals("Constant")) {
                weights.put(name(node), new Constant(node.getAttribute(0).getT()));
            }
        }
    }

    private static String name(NodeProto constant) {
        return constant.getOutput(0).replaceFirst("^.*__", "");
    }

    private record Constant(TensorProto tensor) implements TensorSource {
        @Override
        public int[] shape() {
            return tensor.getDimsList().stream().mapToInt(Long::intValue).toArray();
        }

        @Override
        public Tensor read() {
            FloatBuffer raw = tensor.getRawData()
                    .asReadOnlyByteBuffer()
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer();
            float[] values = new float[raw.remaining()];
            raw.get(values);
            return new Tensor(values, shape());
        }
    }

    private static byte[] graph(Weights weights) throws ModelException {
        GraphBuilder graph = new GraphBuilder(Precision.FP32);
        graph.input("windows", FLOAT, "windows", WINDOW_SAMPLES);
        Tensor basis = weights.get(BASIS, 2 * BINS, 1, WINDOW_SAMPLES);
        String x = graph.exactLinear("windows", new Tensor(basis.values(), 2 * BINS, WINDOW_SAMPLES), null);
        x = magnitude(graph, x);

        x = graph.op("Reshape", List.of(x, graph.integers(-1, WINDOWS_A_FRAME * BINS)));
        x = neighbours(graph, x, BINS, WINDOWS_A_FRAME, 1);
        x = convolution(graph, x, weights, 0, WIDTH, BINS, 0, 3);
        x = graph.op("Reshape", List.of(x, graph.integers(-1, WINDOWS_A_FRAME * WIDTH)));
        x = neighbours(graph, x, WIDTH, WINDOWS_A_FRAME, 2);
        x = convolution(graph, x, weights, 1, NARROW, WIDTH, 0, 3);
        x = graph.op("Reshape", List.of(x, graph.integers(-1, 2 * NARROW)));
        // Of two columns at a stride of two, one is left; the last layer's neighbours of it are padding.
        x = convolution(graph, x, weights, 2, NARROW, NARROW, 1, 2);
        x = convolution(graph, x, weights, 3, WIDTH, NARROW, 1, 1);

        x = graph.exactLinear(
                x,
                weights.get("decoder.rnn.weight_ih", 4 * WIDTH, WIDTH),
                weights.get("decoder.rnn.bias_ih", 4 * WIDTH).plus(weights.get("decoder.rnn.bias_hh", 4 * WIDTH)));
        graph.name(x, "gates");
        graph.output("gates", FLOAT, "frames", 4 * WIDTH);
        return graph.bytes();
    }

    /** Real and imaginary parts, one after the other, to magnitudes. */
    private static String magnitude(GraphBuilder graph, String x) {
        List<String> parts = graph.ops(
                "Split",
                List.of(graph.op("Mul", List.of(x, x)), graph.integers(BINS, BINS)),
                2,
                GraphBuilder.integer("axis", 1));
        return graph.op("Sqrt", List.of(graph.add(parts.get(0), parts.get(1))));
    }

    /** {@code [frames, columns * width]} to what a convolution of three taps sees, {@code [frames * columns / stride, 3 * width]}. */
    private static String neighbours(GraphBuilder graph, String x, int width, int columns, int stride) {
        String padded = graph.op("Pad", List.of(x, graph.integers(0, width, 0, width)));
        List<String> seen = IntStream.iterate(0, column -> column < columns, column -> column + stride)
                .mapToObj(column -> graph.op(
                        "Slice",
                        List.of(
                                padded,
                                graph.integers((long) column * width),
                                graph.integers((column + 3L) * width),
                                graph.integers(1))))
                .toList();
        String joined = graph.op("Concat", seen, GraphBuilder.integer("axis", 1));
        return graph.op("Reshape", List.of(joined, graph.integers(-1, 3L * width)));
    }

    /** A convolution and its rectifier as a matrix product, with those of its three taps that see anything. */
    private static String convolution(
            GraphBuilder graph, String x, Weights weights, int layer, int out, int in, int firstTap, int taps)
            throws ModelException {
        String name = "encoder." + layer + ".reparam_conv.";
        float[] kernel = weights.get(name + "weight", out, in, 3).values();
        float[] matrix = new float[out * taps * in];
        for (int o = 0; o < out; o++) {
            for (int tap = 0; tap < taps; tap++) {
                for (int i = 0; i < in; i++) {
                    matrix[(o * taps + tap) * in + i] = kernel[(o * in + i) * 3 + firstTap + tap];
                }
            }
        }
        return graph.op(
                "Relu",
                List.of(graph.exactLinear(x, new Tensor(matrix, out, taps * in), weights.get(name + "bias", out))));
    }
}
