package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What ONNX Runtime holds for us outside of the Java heap: sessions, tensors and results that are closed together, and counted while
 * they are open. Not thread-safe.
 */
final class NativeScope implements AutoCloseable {
    private final OrtEnvironment environment;
    private final Device device;
    private final AtomicLong open;
    private final List<AutoCloseable> held = new ArrayList<>();

    private NativeScope(OrtEnvironment environment, Device device, AtomicLong open) {
        this.environment = environment;
        this.device = device;
        this.open = open;
    }

    /** A scope of its own on the processor, with a count of its own. */
    static NativeScope outermost(OrtEnvironment environment) {
        return outermost(environment, Device.CPU);
    }

    /** A scope of its own, with a count of its own. */
    static NativeScope outermost(OrtEnvironment environment, Device device) {
        return new NativeScope(environment, device, new AtomicLong());
    }

    /** Another scope with the same count, which ends by itself. */
    NativeScope another() {
        return new NativeScope(environment, device, open);
    }

    /** How many sessions, tensors and results are open in all scopes with this count. */
    long open() {
        return open.get();
    }

    /** A session of a graph, which runs on one thread, or on the scope's GPU. */
    OrtSession session(Path graph) throws OrtException {
        try (OrtSession.SessionOptions options = device.options()) {
            return hold(environment.createSession(graph.toString(), options));
        }
    }

    /** A tensor over the buffer's own memory if it is direct, and of a copy if it is not. */
    OnnxTensor floats(FloatBuffer values, long... shape) throws OrtException {
        return hold(OnnxTensor.createTensor(environment, values, shape));
    }

    OnnxTensor floats(float[] values, long... shape) throws OrtException {
        return floats(FloatBuffer.wrap(values), shape);
    }

    OnnxTensor integers(long[] values, long... shape) throws OrtException {
        return hold(OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
    }

    /** Runs a graph; the result is this scope's. */
    Result run(OrtSession session, Map<String, ? extends OnnxTensorLike> inputs) throws OrtException {
        return hold(session.run(inputs));
    }

    /** Runs a graph into tensors that are there. */
    void run(OrtSession session, Map<String, ? extends OnnxTensorLike> inputs, Map<String, OnnxTensor> outputs)
            throws OrtException {
        session.run(inputs, Set.of(), outputs).close();
    }

    private <T extends AutoCloseable> T hold(T opened) {
        held.add(opened);
        open.incrementAndGet();
        return opened;
    }

    @Override
    public void close() {
        @Nullable EngineException failure = null;
        while (!held.isEmpty()) {
            AutoCloseable last = held.remove(held.size() - 1);
            open.decrementAndGet();
            try {
                last.close();
            } catch (Exception e) {
                failure = new EngineException("ONNX Runtime failed to close " + last + ": " + e.getMessage(), e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
