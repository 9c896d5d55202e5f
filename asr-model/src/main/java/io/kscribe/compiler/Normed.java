package io.kscribe.compiler;

import io.kscribe.compiler.GraphBuilder.Rows;
import io.kscribe.model.ModelException;
import java.util.List;

/**
 * A norm of which the graph computes the deviations alone: the stream has no mean to take away, and gain and shift are part of the
 * weights and biases of the layers that read it.
 */
final class Normed {
    private final GraphBuilder graph;
    private final Weights weights;
    private final Rows rows;
    private final Tensor gain;
    private final Tensor shift;

    /**
     * Norms a stream.
     *
     * @param x {@code [rows, width]}, each row of mean zero
     * @param name the norm's in the checkpoint
     */
    Normed(GraphBuilder graph, Weights weights, String x, String name, int width) throws ModelException {
        this.graph = graph;
        this.weights = weights;
        rows = graph.normed(x);
        gain = weights.get(name + ".weight", width);
        shift = weights.get(name + ".bias", width);
    }

    Rows rows() {
        return rows;
    }

    /** The weight {@code [out, in]} of a layer that reads the norm, so that it reads {@link #rows} instead. */
    Tensor weight(Tensor weight) {
        return weight.timesColumns(gain);
    }

    /** The bias {@code [out]} of such a layer. */
    Tensor bias(Tensor weight, Tensor bias) {
        return bias.plus(weight.timesVector(shift));
    }

    /** A layer that reads the norm. */
    String projection(String name, int outputs) throws ModelException {
        return projection(name, outputs, 1);
    }

    /** A layer that reads the norm, its result times a factor. */
    String projection(String name, int outputs, float factor) throws ModelException {
        return projection(
                weights.get(name + ".weight", outputs, gain.shape()[0]).times(factor),
                weights.get(name + ".bias", outputs).times(factor));
    }

    /** Whisper's keys have no bias of their own. */
    String projectionWithoutBias(String name, int outputs) throws ModelException {
        return projection(weights.get(name + ".weight", outputs, gain.shape()[0]), Tensor.zeros(outputs));
    }

    /** A layer {@code [out, in]} with a bias {@code [out]}. */
    String projection(Tensor weight, Tensor bias) {
        return graph.linear(rows, weight(weight), bias(weight, bias));
    }

    /** A layer whose result goes into the stream: with its mean taken out of its weights, the stream keeps a mean of zero. */
    static String centredProjection(GraphBuilder graph, Weights weights, Rows x, String name, int outputs, int inputs)
            throws ModelException {
        Tensor weight = weights.get(name + ".weight", outputs, inputs);
        Tensor bias = weights.get(name + ".bias", outputs);
        return graph.linear(x, weight.centred(), bias.centred());
    }

    /** {@code x [rows, width]} with the mean of each row taken away. */
    static String centred(GraphBuilder graph, String x) {
        String mean = graph.op(
                "ReduceMean", List.of(x), GraphBuilder.integers("axes", 1), GraphBuilder.integer("keepdims", 1));
        return graph.op("Sub", List.of(x, mean));
    }
}
