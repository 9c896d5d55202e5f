package io.kscribe.compiler;

import io.kscribe.model.ModelException;
import org.jspecify.annotations.Nullable;

/** The parts that every transformer block of a checkpoint has, by the names of its weights. */
final class Block {
    private final GraphBuilder graph;
    private final Weights weights;
    private final String prefix;
    private final int width;

    Block(GraphBuilder graph, Weights weights, String prefix, int width) {
        this.graph = graph;
        this.weights = weights;
        this.prefix = prefix;
        this.width = width;
    }

    String norm(String x, String name) throws ModelException {
        return graph.norm(
                x, weights.get(prefix + name + ".weight", width), weights.get(prefix + name + ".bias", width));
    }

    Tensor weight(String projection) throws ModelException {
        return weights.get(prefix + projection + ".weight", width, width);
    }

    Tensor bias(String projection) throws ModelException {
        return weights.get(prefix + projection + ".bias", width);
    }

    /** A square linear layer whose result is multiplied by a factor. */
    String projection(String x, String name, float factor) throws ModelException {
        return projection(x, weight(name).times(factor), bias(name).times(factor));
    }

    /** A square linear layer without bias: Whisper's keys have none. */
    String projectionWithoutBias(String x, String name) throws ModelException {
        return projection(x, weight(name), null);
    }

    private String projection(String x, Tensor weight, @Nullable Tensor bias) {
        return graph.linear(x, weight, bias);
    }

    /** The feed-forward half of a block, its norm included, without the residual. */
    String perceptron(String x, int hidden) throws ModelException {
        String y = norm(x, "final_layer_norm");
        y = graph.gelu(graph.linear(
                y, weights.get(prefix + "fc1.weight", hidden, width), weights.get(prefix + "fc1.bias", hidden)));
        return graph.linear(
                y, weights.get(prefix + "fc2.weight", width, hidden), weights.get(prefix + "fc2.bias", width));
    }
}
