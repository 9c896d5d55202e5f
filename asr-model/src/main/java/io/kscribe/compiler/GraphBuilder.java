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
    private static final int ZERO_POINT = 128;

    private static final float LARGEST = 127;

    /** Keeps a row of zeros from being divided by zero. */
    private static final float SMALLEST_SCALE = 1e-8f;

    private static final int[] BLOCK_SIZES = {128, 64, 32, 16};

    private final Precision precision;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("kscribe");
    private final Map<String, RowQuantised> quantisedRows = new HashMap<>();
    private int names;

    GraphBuilder(Precision precision) {
        this.precision = precision;
    }

    /** An activation as one matrix in 8 bits around 128, the scale of each of its rows, and its shape but for the last axis. */
    private record RowQuantised(String values, String scales, String outerShape) {}

    /** A matrix {@code [rows, inputs]} in 8 bits around 128: {@code [rows, blocks, blockSize]}, a scale a block. */
    record Blockwise(String values, String scales, int rows, int inputs, int blockSize) {}

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

    /** Gives a value the name of an output. */
    void name(String value, String output) {
        append("Identity", "", List.of(value), List.of(output));
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

    String norm(String x, Tensor weight, Tensor bias) {
        return op(
                "LayerNormalization",
                List.of(x, constant(weight), constant(bias)),
                integer("axis", -1),
                real("epsilon", LAYER_NORM_EPSILON));
    }

    /** {@code x W^T + b} for {@code x [..., in]}, {@code W [out, in]}, in the graph's precision. */
    String linear(String x, Tensor weight, @Nullable Tensor bias) {
        String product = switch (precision) {
            case FP32 -> op("MatMul", List.of(x, constant(weight.transposed())));
            case INT8_ROWWISE -> rowwise(x, weight);
            case INT8_BLOCKWISE -> linear(x, blockwise(weight));
        };
        return bias == null ? product : add(product, constant(bias));
    }

    /** {@code x W^T} with a blockwise weight. */
    String linear(String x, Blockwise weight) {
        return op(
                "MatMulNBits",
                MICROSOFT,
                List.of(x, weight.values(), weight.scales()),
                integer("K", weight.inputs()),
                integer("N", weight.rows()),
                integer("bits", 8),
                integer("block_size", weight.blockSize()),
                integer("accuracy_level", 4));
    }

    Blockwise blockwise(Tensor weight) {
        int rows = weight.shape()[0];
        int inputs = weight.shape()[1];
        int size = Arrays.stream(BLOCK_SIZES)
                .filter(s -> inputs % s == 0)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a layer of " + inputs + " inputs has no block size"));
        int blocks = inputs / size;
        byte[] values = new byte[rows * inputs];
        float[] scales = new float[rows * blocks];
        for (int block = 0; block < scales.length; block++) {
            scales[block] = scale(weight.values(), block * size, size);
            for (int i = block * size; i < (block + 1) * size; i++) {
                values[i] = (byte) (Math.round(weight.values()[i] / scales[block]) + ZERO_POINT);
            }
        }
        return new Blockwise(
                constant(TensorProto.DataType.UINT8, values, rows, blocks, size),
                constant(new Tensor(scales, rows * blocks)),
                rows,
                inputs,
                size);
    }

    private String rowwise(String x, Tensor weight) {
        int outputs = weight.shape()[0];
        int inputs = weight.shape()[1];
        float[] scales = new float[outputs];
        byte[] values = new byte[outputs * inputs];
        for (int o = 0; o < outputs; o++) {
            scales[o] = scale(weight.values(), o * inputs, inputs);
            for (int i = 0; i < inputs; i++) {
                values[i * outputs + o] = (byte) Math.round(weight.values()[o * inputs + i] / scales[o]);
            }
        }
        RowQuantised rows = quantisedRows.computeIfAbsent(x, name -> quantiseRows(name, inputs));
        String product = op(
                "MatMulIntegerToFloat",
                MICROSOFT,
                List.of(
                        rows.values(),
                        constant(TensorProto.DataType.INT8, values, inputs, outputs),
                        scalar(1),
                        constant(new Tensor(scales, outputs)),
                        constant(TensorProto.DataType.UINT8, new byte[] {(byte) ZERO_POINT}),
                        constant(TensorProto.DataType.INT8, new byte[outputs], outputs)));
        String scaled = op("Mul", List.of(product, op("Reshape", List.of(rows.scales(), integers(-1, 1)))));
        String shape = op("Concat", List.of(rows.outerShape(), integers(outputs)), integer("axis", 0));
        return op("Reshape", List.of(scaled, shape));
    }

    /** One scale a row puts its largest magnitude at 127; rows of all sequences go into one matrix. */
    private RowQuantised quantiseRows(String x, int inputs) {
        String outer = op("Slice", List.of(op("Shape", List.of(x)), integers(0), integers(-1)));
        String rows = op("Reshape", List.of(x, integers(-1, inputs)));
        String largest =
                op("ReduceMax", List.of(op("Abs", List.of(rows))), integers("axes", -1), integer("keepdims", 0));
        String scales = op("Max", List.of(op("Mul", List.of(largest, scalar(1f / LARGEST))), scalar(SMALLEST_SCALE)));
        String zeroPoints = op(
                "ConstantOfShape",
                List.of(op("Shape", List.of(scales))),
                AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(TensorProto.newBuilder()
                                .setDataType(TensorProto.DataType.UINT8.getNumber())
                                .addDims(1)
                                .setRawData(wrap(new byte[] {(byte) ZERO_POINT})))
                        .build());
        String values = op("QuantizeLinear", List.of(rows, scales, zeroPoints), integer("axis", 0));
        return new RowQuantised(values, scales, outer);
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
        ModelProto model = ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .setProducerName("kscribe")
                .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET))
                .addOpsetImport(
                        OperatorSetIdProto.newBuilder().setDomain(MICROSOFT).setVersion(1))
                .setGraph(graph)
                .build();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            model.writeTo(out);
        }
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

    private static AttributeProto real(String name, float value) {
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
