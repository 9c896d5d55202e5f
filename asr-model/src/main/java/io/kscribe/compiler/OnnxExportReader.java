package io.kscribe.compiler;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.kscribe.model.ModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the weights in Hugging Face's ONNX export of Whisper ({@code onnx/encoder_model*.onnx},
 * {@code onnx/decoder_model_merged*.onnx}), in single precision or quantised to 8 bits.
 *
 * <p>The export keeps biases, norms and embeddings under their names, but calls a linear layer's weight something like
 * {@code onnx::MatMul_1234}: what it is shows in the name of the node that uses it. Quantised tensors come as three
 * initialisers, {@code x_quantized}, {@code x_zero_point} and {@code x_scale}, and are turned back into
 * {@code (quantized - zero point) * scale}. A graph too large for one file keeps its numbers in another beside it.
 *
 * <p>The files are mapped into memory and checked at once; numbers are taken out of them when they are asked for.
 */
final class OnnxExportReader {
    private static final String QUANTISED = "_quantized";
    private static final String MERGED = "_merged_0";
    private static final String ENCODER = "encoder_model";
    private static final String DECODER = "decoder_model_merged";
    private static final Set<DataType> READ = Set.of(DataType.FLOAT, DataType.UINT8, DataType.INT8);
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern OFFSET = Pattern.compile("[0-9]{1,18}");

    private final Path file;
    private final Map<String, TensorProto> initialisers = new HashMap<>();
    private final Weights weights;

    private OnnxExportReader(Path file, Weights weights) {
        this.file = file;
        this.weights = weights;
    }

    private interface Reading {
        Tensor read() throws ModelException;
    }

    /** A tensor of an export, not yet read. */
    @SuppressWarnings("ArrayRecordComponent") // a reference to bulk numbers, never compared
    private record Constant(int[] shape, Reading reading) implements TensorSource {
        @Override
        public Tensor read() throws ModelException {
            return reading.read();
        }
    }

    /**
     * The weights of both graphs of a checkpoint directory; of the quantised ones if the others are not there.
     *
     * @throws ModelException in one sentence that names the file, and the tensor if one is at fault
     */
    static Weights read(Path directory) throws ModelException {
        Weights weights = new Weights();
        new OnnxExportReader(either(directory, ENCODER), weights).read("encoder.");
        new OnnxExportReader(either(directory, DECODER), weights).read("");
        return weights;
    }

    /** Whether a checkpoint directory holds an export, or a part of one. */
    static boolean canRead(Path directory) {
        return Files.exists(directory.resolve("onnx"));
    }

    /** Whether a checkpoint directory holds both graphs of an export. */
    static boolean isWhole(Path directory) {
        return isThere(directory, ENCODER) && isThere(directory, DECODER);
    }

    private static boolean isThere(Path directory, String name) {
        return Files.exists(directory.resolve("onnx").resolve(name + ".onnx"))
                || Files.exists(directory.resolve("onnx").resolve(name + QUANTISED + ".onnx"));
    }

    private static Path either(Path directory, String name) throws ModelException {
        Path full = directory.resolve("onnx").resolve(name + ".onnx");
        Path quantised = directory.resolve("onnx").resolve(name + QUANTISED + ".onnx");
        if (Files.exists(full)) {
            return full;
        }
        if (Files.exists(quantised)) {
            return quantised;
        }
        throw new ModelException(
                directory + " has neither onnx/" + full.getFileName() + " nor onnx/" + quantised.getFileName());
    }

    private void read(String prefix) throws ModelException {
        GraphProto graph = parse().getGraph();
        for (TensorProto tensor : graph.getInitializerList()) {
            initialisers.put(tensor.getName(), tensor);
        }
        for (TensorProto tensor : graph.getInitializerList()) {
            String name = tensor.getName().replace(MERGED, "");
            if (name.endsWith(".bias") || name.endsWith(".weight")) {
                weights.put(Weights.neutral(prefix + name), plain(tensor));
            } else if (name.endsWith(".weight" + QUANTISED)) {
                weights.put(Weights.neutral(prefix + name.replace(QUANTISED, "")), dequantised(tensor));
            }
        }
        walk(graph, prefix);
    }

    private ModelProto parse() throws ModelException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            if (channel.size() > Integer.MAX_VALUE) {
                throw new ModelException(
                        file + " has " + channel.size() + " bytes, an ONNX file has at most " + Integer.MAX_VALUE);
            }
            ByteBuffer mapped = channel.map(MapMode.READ_ONLY, 0, channel.size());
            CodedInputStream coded = UnsafeByteOperations.unsafeWrap(mapped).newCodedInput();
            coded.enableAliasing(true);
            return ModelProto.parseFrom(coded);
        } catch (IOException e) {
            throw new ModelException(file + " is not a whole ONNX file: " + e.getMessage(), e);
        }
    }

    private void walk(GraphProto graph, String prefix) throws ModelException {
        for (NodeProto node : graph.getNodeList()) {
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.hasG()) {
                    walk(attribute.getG(), prefix);
                }
            }
            boolean linear = node.getOpType().startsWith("MatMul");
            boolean convolution = node.getOpType().startsWith("Conv");
            TensorProto constant = node.getInputCount() > 1 ? initialisers.get(node.getInput(1)) : null;
            if ((linear || convolution) && constant != null && node.getName().lastIndexOf('/') > 0) {
                TensorSource weight = constant.getName().endsWith(QUANTISED) ? dequantised(constant) : plain(constant);
                weights.put(nameOf(node, prefix), linear ? transposed(weight) : weight);
            }
        }
    }

    /** {@code /layers.0/self_attn/q_proj/MatMul_quant} is {@code layers.0.self_attn.q_proj.weight}. */
    private static String nameOf(NodeProto node, String prefix) {
        String path = node.getName().substring(1, node.getName().lastIndexOf('/'));
        return Weights.neutral(prefix + path.replace('/', '.') + ".weight");
    }

    /** A linear layer's weight, which the export keeps as {@code [in, out]}. */
    private static TensorSource transposed(TensorSource weight) {
        int[] shape = weight.shape();
        return shape.length == 2
                ? new Constant(
                        new int[] {shape[1], shape[0]}, () -> weight.read().transposed())
                : weight;
    }

    /** One scale and zero point for the whole tensor, or one a column (the last axis). */
    private TensorSource dequantised(TensorProto quantised) throws ModelException {
        String name = quantised.getName().replace(QUANTISED, "");
        TensorSource raw = plain(quantised);
        float[] scale = part(name + "_scale").read().values();
        float[] zero = part(name + "_zero_point").read().values();
        int[] shape = raw.shape();
        int columns = shape.length == 0 ? 1 : shape[shape.length - 1];
        for (float[] parameter : new float[][] {scale, zero}) {
            if (parameter.length != 1 && parameter.length != columns) {
                throw new ModelException("tensor '" + name + "' in " + file + " has " + parameter.length
                        + " quantisation parameters; 1 or " + columns + " were expected");
            }
        }
        return new Constant(shape, () -> {
            Tensor tensor = raw.read();
            float[] values = tensor.values();
            for (int i = 0; i < values.length; i++) {
                float z = zero[zero.length == 1 ? 0 : i % columns];
                float s = scale[scale.length == 1 ? 0 : i % columns];
                values[i] = (values[i] - z) * s;
            }
            return tensor;
        });
    }

    private TensorSource part(String name) throws ModelException {
        TensorProto tensor = initialisers.get(name);
        if (tensor == null) {
            throw new ModelException(file + " has no tensor '" + name + "'");
        }
        return plain(tensor);
    }

    private TensorSource plain(TensorProto tensor) throws ModelException {
        DataType type = DataType.forNumber(tensor.getDataType());
        if (type == null || !READ.contains(type)) {
            throw new ModelException("tensor '" + tensor.getName() + "' in " + file + " is of type " + type
                    + "; FLOAT, UINT8 and INT8 are read");
        }
        boolean real = type == DataType.FLOAT;
        long count = 1;
        for (long length : tensor.getDimsList()) {
            count *= length;
            if (length < 0 || count > Integer.MAX_VALUE) {
                throw torn(tensor, type, count);
            }
        }
        int[] shape = tensor.getDimsList().stream().mapToInt(Math::toIntExact).toArray();
        if (real && tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
            return external(tensor, shape, Float.BYTES * count);
        }
        int rawBytes = tensor.getRawData().size();
        boolean inRaw = rawBytes == count * (real ? Float.BYTES : 1);
        boolean inField = (real ? tensor.getFloatDataCount() : tensor.getInt32DataCount()) == count;
        if (!inRaw && !inField) {
            throw torn(tensor, type, count);
        }
        int elements = (int) count;
        return new Constant(
                shape, () -> new Tensor(inRaw ? raw(tensor, type, elements) : field(tensor, real, elements), shape));
    }

    private ModelException torn(TensorProto tensor, DataType type, long count) {
        return new ModelException("tensor '" + tensor.getName() + "' in " + file + " is torn: its shape "
                + tensor.getDimsList() + " asks for " + count + " values of type " + type + ", the file holds "
                + tensor.getRawData().size() + " bytes");
    }

    private static float[] raw(TensorProto tensor, DataType type, int count) {
        ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = switch (type) {
                case FLOAT -> raw.getFloat();
                case UINT8 -> raw.get() & 0xFF;
                default -> raw.get();
            };
        }
        return values;
    }

    private static float[] field(TensorProto tensor, boolean real, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = real ? tensor.getFloatData(i) : tensor.getInt32Data(i);
        }
        return values;
    }

    /** Single-precision numbers in a file beside the graph's: its name, and where in it they begin (at its start if that is not said). */
    private TensorSource external(TensorProto tensor, int[] shape, long bytes) throws ModelException {
        Map<String, String> place = new HashMap<>();
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            place.put(entry.getKey(), entry.getValue());
        }
        String location = place.getOrDefault("location", "");
        String offset = place.getOrDefault("offset", "0");
        Path numbers = file.resolveSibling(location);
        if (!PLAIN_NAME.matcher(location).matches()
                || !OFFSET.matcher(offset).matches()
                || sizeBytes(numbers) < Long.parseLong(offset) + bytes) {
            throw new ModelException("tensor '" + tensor.getName() + "' in " + file + " is torn: its " + bytes
                    + " bytes should lie in \"" + location + "\" beside it, from byte " + offset);
        }
        return new StoredTensor(tensor.getName(), numbers, Long.parseLong(offset), NumberType.F32, shape);
    }

    private static long sizeBytes(Path file) throws ModelException {
        try {
            return Files.isRegularFile(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new ModelException(file + " cannot be read: " + e, e);
        }
    }
}
