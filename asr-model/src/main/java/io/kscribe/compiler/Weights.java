package io.kscribe.compiler;

import io.kscribe.model.ModelException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The weights of a checkpoint under neutral names, whatever container they came in.
 *
 * <p>The names are Hugging Face's without the leading {@code model.}: {@code encoder.layers.0.self_attn.q_proj.weight}. A linear
 * layer's weight is {@code [out, in]}, a convolution's {@code [out, in, kernel]}.
 */
final class Weights {
    private final Map<String, Tensor> tensors = new HashMap<>();

    void put(String name, Tensor tensor) {
        tensors.put(name, tensor);
    }

    /**
     * The tensor of that name and shape.
     *
     * @throws ModelException if it is missing, has another shape, or holds a number that is not finite
     */
    Tensor get(String name, int... shape) throws ModelException {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new ModelException("the checkpoint has no tensor '" + name + "'");
        }
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw new ModelException("tensor '" + name + "' has shape " + Arrays.toString(tensor.shape())
                    + ", the configuration asks for " + Arrays.toString(shape));
        }
        for (float value : tensor.values()) {
            if (!Float.isFinite(value)) {
                throw new ModelException("tensor '" + name + "' holds a number that is not finite");
            }
        }
        return tensor;
    }
}
