package io.kscribe.engine;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an engine computes on: the processor, or a GPU through CUDA, for which kscribe must have been built with {@code mvn -Pgpu}.
 *
 * @param cuda whether it is a GPU
 * @param index which of the GPUs, from 0; 0 for the processor
 */
public record Device(boolean cuda, int index) {
    /** The processor. */
    public static final Device CPU = new Device(false, 0);

    private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,3}))?");

    /**
     * Reads a device's name.
     *
     * @param name {@code cpu}, {@code cuda} or {@code cuda:N}
     * @throws IllegalArgumentException if it is none of these
     */
    public static Device of(String name) {
        Matcher gpu = CUDA.matcher(name);
        if (gpu.matches()) {
            return new Device(true, gpu.group(1) == null ? 0 : Integer.parseInt(gpu.group(1)));
        }
        if (!name.equals(CPU.toString())) {
            throw new IllegalArgumentException("'" + name + "' is no device; expected cpu, cuda or cuda:N");
        }
        return CPU;
    }

    /** Why it cannot be used, in a sentence; empty if it can, which is tried. */
    public Optional<String> objection() {
        if (!cuda) {
            return Optional.empty();
        }
        OrtEnvironment environment = NativeEnvironment.get();
        if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
            return Optional.of("This kscribe was built without CUDA (mvn -Pgpu builds it with).");
        }
        try (OrtSession.SessionOptions options = options();
                OrtSession tried = environment.createSession(smallestGraph(), options)) {
            return tried.getNumInputs() == 1 ? Optional.empty() : Optional.of("The device " + this + " does not work.");
        } catch (OrtException unusable) {
            return Optional.of("The device " + this + " cannot be used: " + firstLine(unusable));
        }
    }

    private static String firstLine(OrtException failure) {
        String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason was given");
        return line.endsWith(".") ? line : line.strip() + ".";
    }

    /** Options of a session on this device; closed by the caller. */
    OrtSession.SessionOptions options() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        try {
            options.setIntraOpNumThreads(1);
            options.setMemoryPatternOptimization(false); // shapes differ from request to request
            if (cuda) {
                options.addCUDA(index);
            }
            return options;
        } catch (OrtException | RuntimeException e) {
            options.close();
            throw e;
        }
    }

    /** Gives what it is given. */
    private static byte[] smallestGraph() {
        return ModelProto.newBuilder()
                .setIrVersion(8)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(GraphProto.newBuilder()
                        .setName("smallest")
                        .addInput(scalar("in"))
                        .addOutput(scalar("out"))
                        .addNode(NodeProto.newBuilder()
                                .setOpType("Identity")
                                .addInput("in")
                                .addOutput("out")))
                .build()
                .toByteArray();
    }

    private static ValueInfoProto scalar(String name) {
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder()
                        .setTensorType(TypeProto.Tensor.newBuilder()
                                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                                .setShape(TensorShapeProto.newBuilder())))
                .build();
    }

    /** The name that people write: {@code cpu}, {@code cuda:0}. */
    @Override
    public String toString() {
        return cuda ? "cuda:" + index : "cpu";
    }
}
