package io.kscribe.compiler;

import io.kscribe.model.ModelException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The weights of a checkpoint under neutral names, whatever container they came in.
 *
 * <p>The names are Hugging Face's without the leading {@code model.}: {@code encoder.layers.0.self_attn.q_proj.weight}. A linear
 * layer's weight is {@code [out, in]}, a convolution's {@code [out, in, kernel]}. Numbers are read when they are asked for and not
 * kept: a model larger than the heap goes through it a tensor at a time.
 */
final class Weights {
    private static final String MODEL = "model.";

    private final Map<String, TensorSource> sources = new HashMap<>();

    /** The neutral form of a name in Hugging Face's layout. */
    static String neutral(String name) {
        return name.startsWith(MODEL) ? name.substring(MODEL.length()) : name;
    }

    void put(String name, TensorSource source) {
        sources.put(name, source);
    }

    boolean has(String name) {
        return sources.containsKey(name);
    }

    /**
     * The tensor of that name, whatever its shape, not yet read.
     *
     * @throws ModelException if it is missing
     */
    TensorSource source(String name) throws ModelException {
        TensorSource source = sources.get(name);
        if (source == null) {
            throw new ModelException("the checkpoint has no tensor '" + name + "'");
        }
        return source;
    }

    /**
     * Reads the tensor of that name and shape.
     *
     * @throws ModelException if it is missing, has another shape, cannot be read, or holds a number that is not finite
     */
    Tensor get(String name, int... shape) throws ModelException {
        TensorSource source = source(name);
        if (!Arrays.equals(source.shape(), shape)) {
            throw new ModelException("tensor '" + name + "' has shape " + Arrays.toString(source.shape())
                    + ", the configuration asks for " + Arrays.toString(shape));
        }
        Tensor tensor = source.read();
        for (float value : tensor.values()) {
            if (!Float.isFinite(value)) {
                throw new ModelException("tensor '" + name + "' holds a number that is not finite");
            }
        }
        return tensor;
    }
}
