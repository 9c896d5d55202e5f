package io.kscribe.compiler;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.CodedInputStream;
import io.kscribe.model.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the weights out of Hugging Face's ONNX export of Whisper ({@code onnx/encoder_model*.onnx},
 * {@code onnx/decoder_model_merged*.onnx}), in single precision or quantised to 8 bits.
 *
 * <p>The export keeps biases, norms and embeddings under their names, but calls a linear layer's weight something like
 * {@code onnx::MatMul_1234}: what it is shows in the name of the node that uses it. Quantised tensors come as three
 * initialisers, {@code x_quantized}, {@code x_zero_point} and {@code x_scale}, and are turned back into
 * {@code (quantized - zero point) * scale}.
 */
final class OnnxExportReader {
    private static final String QUANTISED = "_quantized";
    private static final String MERGED = "_merged_0";

    private final Path file;
    private final Map<String, TensorProto> initialisers = new HashMap<>();
    private final Weights weights;

    private OnnxExportReader(Path file, Weights weights) {
        this.file = file;
        this.weights = weights;
    }

    /** Reads both graphs of a checkpoint directory; the quantised ones if the others are not there. */
    static Weights read(Path directory) throws ModelException {
        Weights weights = new Weights();
        new OnnxExportReader(either(directory, "encoder_model"), weights).read("encoder.");
        new OnnxExportReader(either(directory, "decoder_model_merged"), weights).read("");
        return weights;
    }

    static boolean canRead(Path directory) {
        return Files.exists(directory.resolve("onnx"));
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
                weights.put(neutral(prefix + name), floats(tensor));
            } else if (name.endsWith(".weight" + QUANTISED)) {
                weights.put(neutral(prefix + name.replace(QUANTISED, "")), dequantised(tensor));
            }
        }
        walk(graph, prefix);
    }

    private ModelProto parse() throws ModelException {
        try (InputStream in = Files.newInputStream(file)) {
            CodedInputStream coded = CodedInputStream.newInstance(in);
            coded.setSizeLimit(Integer.MAX_VALUE);
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
                Tensor weight = constant.getName().endsWith(QUANTISED) ? dequantised(constant) : floats(constant);
                weights.put(nameOf(node, prefix), linear ? weight.transposed() : weight);
            }
        }
    }

    /** {@code /layers.0/self_attn/q_proj/MatMul_quant} is {@code layers.0.self_attn.q_proj.weight}. */
    private static String nameOf(NodeProto node, String prefix) {
        String path = node.getName().substring(1, node.getName().lastIndexOf('/'));
        return neutral(prefix + path.replace('/', '.') + ".weight");
    }

    private static String neutral(String name) {
        return name.startsWith("model.") ? name.substring("model.".length()) : name;
    }

    /** One scale and zero point for the whole tensor, or one a column (the last axis). */
    private Tensor dequantised(TensorProto quantised) throws ModelException {
        String name = quantised.getName().replace(QUANTISED, "");
        Tensor raw = floats(quantised);
        float[] scale = part(name + "_scale").values();
        float[] zero = part(name + "_zero_point").values();
        int columns = raw.shape()[raw.shape().length - 1];
        for (float[] parameter : new float[][] {scale, zero}) {
            if (parameter.length != 1 && parameter.length != columns) {
                throw new ModelException("tensor '" + name + "' in " + file + " has " + parameter.length
                        + " quantisation parameters; 1 or " + columns + " were expected");
            }
        }
        float[] values = raw.values();
        for (int i = 0; i < values.length; i++) {
            float z = zero[zero.length == 1 ? 0 : i % columns];
            float s = scale[scale.length == 1 ? 0 : i % columns];
            values[i] = (values[i] - z) * s;
        }
        return raw;
    }

    private Tensor part(String name) throws ModelException {
        TensorProto tensor = initialisers.get(name);
        if (tensor == null) {
            throw new ModelException(file + " has no tensor '" + name + "'");
        }
        return floats(tensor);
    }

    private Tensor floats(TensorProto tensor) throws ModelException {
        TensorProto.DataType type = TensorProto.DataType.forNumber(tensor.getDataType());
        if (type != TensorProto.DataType.FLOAT
                && type != TensorProto.DataType.UINT8
                && type != TensorProto.DataType.INT8) {
            throw new ModelException("tensor '" + tensor.getName() + "' in " + file + " is of type " + type
                    + "; FLOAT, UINT8 and INT8 are read");
        }
        boolean real = type == TensorProto.DataType.FLOAT;
        long count = 1;
        for (long length : tensor.getDimsList()) {
            count *= length;
        }
        ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        boolean inRaw = raw.remaining() == count * (real ? Float.BYTES : 1);
        boolean inField = (real ? tensor.getFloatDataCount() : tensor.getInt32DataCount()) == count;
        if (!inRaw && !inField) {
            throw new ModelException("tensor '" + tensor.getName() + "' in " + file + " is torn: its shape "
                    + tensor.getDimsList() + " asks for " + count + " values of type " + type + ", the file holds "
                    + raw.remaining() + " bytes");
        }
        float[] values = new float[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (type) {
                case FLOAT -> inRaw ? raw.getFloat() : tensor.getFloatData(i);
                case UINT8 -> inRaw ? raw.get() & 0xFF : tensor.getInt32Data(i);
                default -> inRaw ? raw.get() : tensor.getInt32Data(i);
            };
        }
        int[] shape = tensor.getDimsList().stream().mapToInt(Math::toIntExact).toArray();
        return new Tensor(values, shape);
    }
}
