package io.kscribe.compiler;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes an ONNX graph of the pieces a transformer is made of: linear layers in a chosen precision, norms, attention.
 *
 * <p>Values are handled by name; every method appends its nodes and gives the name of their result. The same calls give the same
 * bytes. Operators of the domain {@code com.microsoft} are ONNX Runtime's own.
 */
final class GraphBuilder {
    static final String MICROSOFT = "com.microsoft";
    private static final int OPSET = 17;
    private static final int IR_VERSION = 8;
    private static final float LAYER_NORM_EPSILON = 1e-5f;
    /** What 0 becomes in 8 bits without sign. */
    static final int ZERO_POINT = 128;

    private static final int ZERO_POINT_OF_FOUR_BITS = 8;

    private static final float LARGEST = 127;

    private static final int LARGEST_BYTE = 255;

    private static final int[] BLOCK_SIZES = {128, 64, 32, 16};

    private final Precision precision;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("kscribe");
    private final Map<String, String> squares = new HashMap<>();
    private final Map<String, RowQuantised> quantisedRows = new HashMap<>();
    private final Map<Rows, String> factors = new HashMap<>();
    private int names;

    GraphBuilder(Precision precision) {
        this.precision = precision;
    }

    /** What 0 becomes where GELU's results are counted. */
    private static final int ZERO_POINT_OF_GELU = 32;

    /** GELU gives no less than this, rounded down: Hendrycks and Gimpel, arXiv:1606.08415. */
    private static final float LEAST_OF_GELU = -0.17f;

    /** A matrix in 8 bits without sign: 0 is {@code zero}, the largest magnitude of each row, {@code [rows, 1]}, is {@code steps} away. */
    private record RowQuantised(String values, String largest, int zero, int steps) {}

    /**
     * A matrix by the name of its values {@code [rows, width]}, and of what each row is divided by {@code [rows, 1]}; null: nothing.
     *
     * <p>A division of whole rows commutes with a linear layer, and with a scale a row it costs nothing.
     *
     * @param activated whether these are GELU's results, which go far above 0 and hardly below
     */
    record Rows(String values, @Nullable String divisors, boolean activated) {
        static Rows of(String values) {
            return new Rows(values, null, false);
        }
    }

    /** A matrix {@code [rows, inputs]} in 8 bits around 128, or 4 around 8: {@code [rows, blocks, bytes]}, a scale a block. */
    record Blockwise(String values, String scales, int bits, int rows, int inputs, int blockSize) {}

    /** A matrix {@code [rows, inputs]} in 8 bits by the names of its values and of a scale a row, {@code [rows]}. */
    record Table(String values, String scales, int rows) {}

    void input(String name, TensorProto.DataType type, Object... dimensions) {
        graph.addInput(value(name, type, dimensions));
    }

    /** Declares an output; a value of that name must be made by a node. */
    void output(String name, TensorProto.DataType type, Object... dimensions) {
        graph.addOutput(value(name, type, dimensions));
    }

    /** A name for a value whose type an operator leaves open. */
    String intermediate(TensorProto.DataType type, Object... dimensions) {
        String name = fresh("t");
        graph.addValueInfo(value(name, type, dimensions));
        return name;
    }

    /** Gives the result of a node the name of an output. */
    void name(String value, String output) {
        for (NodeProto.Builder node : graph.getNodeBuilderList()) {
            for (int i = 0; i < node.getOutputCount(); i++) {
                if (node.getOutput(i).equals(value)) {
                    node.setOutput(i, output);
                }
            }
            for (int i = 0; i < node.getInputCount(); i++) {
                if (node.getInput(i).equals(value)) {
                    node.setInput(i, output);
                }
            }
        }
    }

    String constant(Tensor tensor) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * tensor.values().length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(tensor.values());
        return constant(TensorProto.DataType.FLOAT, bytes.array(), tensor.shape());
    }

    String scalar(float value) {
        return constant(new Tensor(new float[] {value}));
    }

    String integers(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return constant(TensorProto.DataType.INT64, bytes.array(), values.length);
    }

    private String constant(TensorProto.DataType type, byte[] littleEndian, int... shape) {
        String name = fresh("c");
        TensorProto.Builder tensor = TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.getNumber())
                .setRawData(wrap(littleEndian));
        for (int length : shape) {
            tensor.addDims(length);
        }
        graph.addInitializer(tensor);
        return name;
    }

    /** A node with one result. */
    String op(String type, List<String> inputs, AttributeProto... attributes) {
        return op(type, "", inputs, attributes);
    }

    String op(String type, String domain, List<String> inputs, AttributeProto... attributes) {
        String output = fresh("t");
        append(type, domain, inputs, List.of(output), attributes);
        return output;
    }

    /** A node with several results. */
    List<String> ops(String type, List<String> inputs, int results, AttributeProto... attributes) {
        String base = fresh("t");
        List<String> outputs =
                IntStream.range(0, results).mapToObj(i -> base + "_" + i).toList();
        append(type, "", inputs, outputs, attributes);
        return outputs;
    }

    String add(String a, String b) {
        return op("Add", List.of(a, b));
    }

    String gelu(String x) {
        return op("Gelu", MICROSOFT, List.of(x));
    }

    /** A GELU as the input of a layer. */
    Rows activated(String x) {
        return new Rows(gelu(x), null, true);
    }

    /** Along the last axis. */
    String softmax(String x) {
        return op("Softmax", List.of(x), integer("axis", -1));
    }

    String norm(String x, Tensor weight, Tensor bias) {
        return op(
                "LayerNormalization",
                List.of(x, constant(weight), constant(bias)),
                integer("axis", -1),
                real("epsilon", LAYER_NORM_EPSILON));
    }

    /** {@code x W^T + b} for {@code x [..., in]}, {@code W [out, in]}, in single precision whatever the graph's is. */
    String exactLinear(String x, Tensor weight, @Nullable Tensor bias) {
        String product = op("MatMul", List.of(x, constant(weight.transposed())));
        return bias == null ? product : add(product, constant(bias));
    }

    /** {@code x W^T + b} for {@code x [rows, in]}, {@code W [out, in]}, {@code b [out]}, in the graph's precision. */
    String linear(Rows x, Tensor weight, Tensor bias) {
        // As a row: ONNX Runtime fuses a bias without the axis with the activation after it, into a kernel of half the
        // speed.
        return add(linear(x, weight), constant(new Tensor(bias.values(), 1, bias.values().length)));
    }

    /** {@code x W^T} for {@code x [rows, in]}, {@code W [out, in]}, in the graph's precision. */
    String linear(Rows x, Tensor weight) {
        if (precision == Precision.INT8_ROWWISE) {
            return rowwise(x, weight);
        }
        String product = precision == Precision.FP32
                ? op("MatMul", List.of(x.values(), constant(weight.transposed())))
                : linear(x.values(), blockwise(weight));
        return x.divisors() == null ? product : op("Div", List.of(product, x.divisors()));
    }

    /** The rows of a matrix of zero mean, divided by their standard deviations: a norm without gain and bias. */
    Rows normed(String x) {
        String variance = op("ReduceMean", List.of(squares(x)), integers("axes", 1), integer("keepdims", 1));
        return new Rows(x, op("Sqrt", List.of(add(variance, scalar(LAYER_NORM_EPSILON)))), false);
    }

    /** {@code x W^T} with a blockwise weight. */
    String linear(String x, Blockwise weight) {
        return op(
                "MatMulNBits",
                MICROSOFT,
                List.of(x, weight.values(), weight.scales()),
                integer("K", weight.inputs()),
                integer("N", weight.rows()),
                integer("bits", weight.bits()),
                integer("block_size", weight.blockSize()),
                integer("accuracy_level", 4));
    }

    Blockwise blockwise(Tensor weight) {
        int size = blockSize(weight);
        float[] scales = new float[weight.values().length / size];
        byte[] values = new byte[weight.values().length];
        for (int block = 0; block < scales.length; block++) {
            scales[block] = scale(weight.values(), block * size, size);
            for (int i = block * size; i < (block + 1) * size; i++) {
                values[i] = (byte) (Math.round(weight.values()[i] / scales[block]) + ZERO_POINT);
            }
        }
        return blockwise(weight, 8, size, values, scales);
    }

    /** Two numbers a byte, the first in its lower half. The largest of a block becomes the lowest number, which has no counterpart above. */
    Blockwise blockwiseInFourBits(Tensor weight) {
        int size = blockSize(weight);
        float[] scales = new float[weight.values().length / size];
        byte[] values = new byte[weight.values().length / 2];
        for (int block = 0; block < scales.length; block++) {
            float largest = 0;
            for (int i = block * size; i < (block + 1) * size; i++) {
                float value = weight.values()[i];
                largest = Math.abs(value) > Math.abs(largest) ? value : largest;
            }
            scales[block] = largest == 0 ? 1 : -largest / ZERO_POINT_OF_FOUR_BITS;
            for (int i = block * size; i < (block + 1) * size; i++) {
                int number = Math.round(weight.values()[i] / scales[block]) + ZERO_POINT_OF_FOUR_BITS;
                values[i / 2] |= (byte) (Math.min(number, 2 * ZERO_POINT_OF_FOUR_BITS - 1) << (i % 2 * 4));
            }
        }
        return blockwise(weight, 4, size, values, scales);
    }

    private Blockwise blockwise(Tensor weight, int bits, int size, byte[] values, float[] scales) {
        int rows = weight.shape()[0];
        int inputs = weight.shape()[1];
        return new Blockwise(
                constant(TensorProto.DataType.UINT8, values, rows, inputs / size, size * bits / Byte.SIZE),
                constant(new Tensor(scales, scales.length)),
                bits,
                rows,
                inputs,
                size);
    }

    private static int blockSize(Tensor weight) {
        int inputs = weight.shape()[1];
        return Arrays.stream(BLOCK_SIZES)
                .filter(size -> inputs % size == 0)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a layer of " + inputs + " inputs has no block size"));
    }

    private String squares(String x) {
        return squares.computeIfAbsent(x, name -> op("Mul", List.of(name, name)));
    }

    private String rowwise(Rows x, Tensor weight) {
        Rowwise quantised = rowwise(weight);
        int outputs = weight.shape()[0];
        int inputs = weight.shape()[1];
        byte[] columns = new byte[quantised.values.length];
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                columns[i * outputs + o] = quantised.values[o * inputs + i];
            }
        }
        return linear(
                x,
                constant(TensorProto.DataType.INT8, columns, inputs, outputs),
                constant(new Tensor(quantised.scales, outputs)),
                outputs);
    }

    /** A matrix {@code [rows, inputs]} in 8 bits, with a scale a row. */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bulk numbers, never compared
    private record Rowwise(byte[] values, float[] scales) {}

    private static Rowwise rowwise(Tensor weight) {
        int inputs = weight.shape()[1];
        float[] scales = new float[weight.shape()[0]];
        byte[] values = new byte[weight.values().length];
        for (int row = 0; row < scales.length; row++) {
            scales[row] = scaleOfPairs(weight.values(), row * inputs, inputs);
            for (int i = row * inputs; i < (row + 1) * inputs; i++) {
                values[i] = (byte) Math.round(weight.values()[i] / scales[row]);
            }
        }
        return new Rowwise(values, scales);
    }

    /** A matrix {@code [rows, inputs]} in 8 bits of which single rows can be read, too. */
    Table table(Tensor weight) {
        Rowwise quantised = rowwise(weight);
        return new Table(
                constant(TensorProto.DataType.INT8, quantised.values, weight.shape()),
                constant(new Tensor(quantised.scales, quantised.scales.length)),
                quantised.scales.length);
    }

    /** {@code x W^T} for a table; ONNX Runtime transposes it once, when it loads the graph. */
    String linear(Rows x, Table weight) {
        return linear(
                x, op("Transpose", List.of(weight.values()), integers("perm", 1, 0)), weight.scales(), weight.rows());
    }

    private String linear(Rows x, String columns, String scales, int outputs) {
        RowQuantised rows = quantisedRows.computeIfAbsent(x.values(), name -> quantiseRows(x));
        String zeroPoint = constant(TensorProto.DataType.UINT8, new byte[] {(byte) rows.zero});
        String zeroPoints = constant(TensorProto.DataType.INT8, new byte[outputs], outputs);
        String product = op(
                "MatMulIntegerToFloat",
                MICROSOFT,
                List.of(rows.values(), columns, scalar(1f / rows.steps), scales, zeroPoint, zeroPoints));
        return op("Mul", List.of(product, factors.computeIfAbsent(x, key -> factors(rows, key))));
    }

    /** {@code [rows, 1]}: what undoes the quantisation of each row, and divides it. */
    private String factors(RowQuantised rows, Rows x) {
        return x.divisors() == null ? rows.largest() : op("Div", List.of(rows.largest(), x.divisors()));
    }

    /** Divided by its largest magnitude, each row lies between -1 and 1; a row of zeros is multiplied by 0 afterwards, whatever comes here. */
    private RowQuantised quantiseRows(Rows x) {
        if (x.activated()) {
            int steps = LARGEST_BYTE - ZERO_POINT_OF_GELU;
            String highest = op("ReduceMax", List.of(x.values()), integers("axes", 1), integer("keepdims", 1));
            String largest = op("Max", List.of(highest, scalar(-LEAST_OF_GELU * steps / ZERO_POINT_OF_GELU)));
            return quantised(x.values(), largest, ZERO_POINT_OF_GELU, steps);
        }
        String largest = op(
                "Sqrt",
                List.of(op("ReduceMax", List.of(squares(x.values())), integers("axes", 1), integer("keepdims", 1))));
        return quantised(x.values(), largest, ZERO_POINT, (int) LARGEST);
    }

    private RowQuantised quantised(String matrix, String largest, int zero, int steps) {
        String values = op(
                "QuantizeLinear",
                List.of(
                        op("Div", List.of(matrix, largest)),
                        scalar(1f / steps),
                        constant(TensorProto.DataType.UINT8, new byte[] {(byte) zero})));
        return new RowQuantised(values, largest, zero, steps);
    }

    /**
     * The smallest step at which 127 holds every number, and also what two neighbours of one sign (0 and 1, 2 and 3, ...) come to together.
     *
     * <p>x86 without VNNI multiplies 8 bits without sign by 8 with sign and adds such pairs up in 16 bits ({@code vpmaddubsw}), where
     * they stay below 2^15: of two numbers that come to 127, rounding makes 128 at most, and 255 times 128 is 32640.
     */
    static float scaleOfPairs(float[] values, int from, int length) {
        float largest = 0;
        for (int i = from; i < from + length; i += 2) {
            float first = values[i];
            float second = i + 1 < from + length ? values[i + 1] : 0;
            boolean oneSign = first < 0 == second < 0;
            float together = oneSign ? Math.abs(first + second) : Math.max(Math.abs(first), Math.abs(second));
            largest = Math.max(largest, together);
        }
        return largest == 0 ? 1 : largest / LARGEST;
    }

    /** The step that puts the largest magnitude at 127. */
    private static float scale(float[] values, int from, int length) {
        float largest = 0;
        for (int i = from; i < from + length; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return largest == 0 ? 1 : largest / LARGEST;
    }

    /** {@code [B, S, heads * width]} to {@code [B, heads, S, width]}. */
    String splitHeads(String x, int heads, int width) {
        return op(
                "Transpose",
                List.of(op("Reshape", List.of(x, integers(0, 0, heads, width)))),
                integers("perm", 0, 2, 1, 3));
    }

    /**
     * Attention by ONNX Runtime's fused operator; queries come scaled.
     *
     * @param queries {@code [B, S, heads * headWidth]}
     * @param keys {@code [B, T, heads * headWidth]}, or {@code [B, heads, T, headWidth]} as they are cached
     * @param values likewise
     * @param inputs the operator's further inputs, from its bias on; empty names for those left out
     * @param outputs the operator's further outputs, after {@code [B, S, width]}; empty names for those left out
     */
    String attention(String queries, String keys, String values, int heads, List<String> inputs, List<String> outputs) {
        String attended = fresh("t");
        List<String> all = new ArrayList<>(List.of(queries, keys, values));
        all.addAll(inputs);
        List<String> results = new ArrayList<>(List.of(attended));
        results.addAll(outputs);
        append("MultiHeadAttention", MICROSOFT, all, results, integer("num_heads", heads), real("scale", 1));
        return attended;
    }

    void write(Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            model().writeTo(out);
        }
    }

    /** The graph as it would be written, for one that is small and not kept. */
    byte[] bytes() {
        return model().toByteArray();
    }

    private ModelProto model() {
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("kscribe")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1))
                .setGraph(graph)
                .build();
    }

    static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto integers(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
        return attribute.build();
    }

    static AttributeProto real(String name, float value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.FLOAT)
                .setF(value)
                .build();
    }

    private void append(
            String type, String domain, List<String> inputs, List<String> outputs, AttributeProto... attributes) {
        graph.addNode(NodeProto.newBuilder()
                .setOpType(type)
                .setDomain(domain)
                .setName(fresh(type + "_"))
                .addAllInput(inputs)
                .addAllOutput(outputs)
                .addAllAttribute(List.of(attributes)));
    }

    private String fresh(String prefix) {
        return prefix + names++;
    }

    private static ByteString wrap(byte[] bytes) {
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    private static ValueInfoProto value(String name, TensorProto.DataType type, Object... dimensions) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (Object dimension : dimensions) {
            TensorShapeProto.Dimension.Builder d = TensorShapeProto.Dimension.newBuilder();
            shape.addDim(
                    dimension instanceof Integer length ? d.setDimValue(length) : d.setDimParam((String) dimension));
        }
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(type.getNumber())
                                .setShape(shape)))
                .build();
    }
}
