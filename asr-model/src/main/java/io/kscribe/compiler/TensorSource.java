package io.kscribe.compiler;

import io.kscribe.model.ModelException;

/** A tensor of a checkpoint that is read when it is asked for, so that a model need not fit the heap. */
interface TensorSource {
    /** The length of each axis, outermost first; known without reading the numbers. */
    int[] shape();

    /**
     * Reads the numbers, anew at every call.
     *
     * @throws ModelException in one sentence that names the tensor and the file
     */
    Tensor read() throws ModelException;
}
