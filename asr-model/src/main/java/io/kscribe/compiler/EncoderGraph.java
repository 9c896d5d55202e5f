package io.kscribe.compiler;

import static ai.onnx.proto.OnnxMl.TensorProto.DataType.FLOAT;
import static ai.onnx.proto.OnnxMl.TensorProto.DataType.INT64;

import io.kscribe.compiler.GraphBuilder.Rows;
import io.kscribe.model.ModelException;
import java.util.Arrays;
import java.util.List;

/**
 * The audio encoder as a graph that chooses its positions, with the decoder's cross-attention keys and values as its result.
 *
 * <table>
 * <caption>Values</caption>
 * <tr><td>in</td><td>{@code mel [1, melBins, F]}</td><td>normalised log-mel frames</td></tr>
 * <tr><td>in</td><td>{@code source [T]}</td><td>for each position kept, the convolution's frame (of F/2) that feeds it</td></tr>
 * <tr><td>in</td><td>{@code position [T]}</td><td>its place in the window of 1500, which chooses its embedding</td></tr>
 * <tr><td>in</td><td>{@code key_bias [1, 1, 1, T]}</td><td>added to every attention logit towards the position</td></tr>
 * <tr><td>in</td><td>{@code past_key.l [P, width + heads], past_value.l [P, width]}</td><td>for each encoder layer l, what an earlier run
 * gave for other positions, in any order, to be attended to as well; P may be 0</td></tr>
 * <tr><td>out</td><td>{@code key.l [T, width + heads], value.l [T, width]}</td><td>for each encoder layer l</td></tr>
 * <tr><td>out</td><td>{@code cross_key.l, cross_value.l [1, heads, T, headWidth]}</td><td>for each decoder layer l</td></tr>
 * </table>
 *
 * <p>The bias of a position rides along as one more feature of each head: 1 in every query, the bias in the key. So attention needs no
 * bias of its own, and ONNX Runtime takes its kernel that never writes the matrix of logits.
 *
 * <p>The encoder is that of Radford et al., "Robust Speech Recognition via Large-Scale Weak Supervision" (arXiv:2212.04356).
 */
final class EncoderGraph {
    private EncoderGraph() {}

    static GraphBuilder of(WhisperConfig config, Weights weights, Precision precision) throws ModelException {
        GraphBuilder graph = new GraphBuilder(precision);
        int width = config.modelWidth();
        int heads = config.encoderHeads();
        int headWidth = width / heads;
        float scale = (float) (1 / Math.sqrt(headWidth));
        graph.input("mel", FLOAT, 1, config.melBins(), "frames");
        graph.input("source", INT64, "positions");
        graph.input("position", INT64, "positions");
        graph.input("key_bias", FLOAT, 1, 1, 1, "positions");

        String x = convolution(graph, weights, "mel", "encoder.conv1", width, config.melBins(), 1);
        x = convolution(graph, weights, x, "encoder.conv2", width, width, 2);
        x = graph.op("Transpose", List.of(x), GraphBuilder.integers("perm", 0, 2, 1));
        x = graph.op("Reshape", List.of(x, graph.integers(-1, width)));
        x = graph.op("Gather", List.of(x, "source"), GraphBuilder.integer("axis", 0));
        String embedding =
                graph.constant(weights.get("encoder.embed_positions.weight", config.audioPositions(), width));
        x = graph.add(x, graph.op("Gather", List.of(embedding, "position"), GraphBuilder.integer("axis", 0)));
        x = Normed.centred(graph, x);

        String biasFeature = graph.op(
                "Mul",
                List.of(
                        graph.op("Reshape", List.of("key_bias", graph.integers(-1, 1))),
                        graph.constant(widened(Tensor.zeros(width), heads, 1))));
        for (int l = 0; l < config.encoderLayers(); l++) {
            String layer = "encoder.layers." + l + ".";
            String attention = layer + "self_attn.";
            Normed y = new Normed(graph, weights, x, layer + "self_attn_layer_norm", width);
            Tensor queryWeight = weights.get(attention + "q_proj.weight", width, width);
            Tensor queryBias = weights.get(attention + "q_proj.bias", width);
            String queries = graph.linear(
                    y.rows(),
                    widened(y.weight(queryWeight).times(scale), heads, 0),
                    widened(y.bias(queryWeight, queryBias).times(scale), heads, 1));
            // What the norm's shift adds to every key alike is left out: no share of any attention depends on it.
            Tensor keyWeight = weights.get(attention + "k_proj.weight", width, width);
            String keys = graph.add(graph.linear(y.rows(), widened(y.weight(keyWeight), heads, 0)), biasFeature);
            String values = y.projection(attention + "v_proj", width);
            String attended = graph.attention(
                    alone(graph, queries),
                    alone(graph, afterPast(graph, "key." + l, keys, width + heads)),
                    alone(graph, afterPast(graph, "value." + l, values, width)),
                    heads,
                    List.of(),
                    List.of());
            attended = graph.op("Reshape", List.of(attended, graph.integers(-1, width)));
            x = graph.add(
                    x,
                    Normed.centredProjection(graph, weights, Rows.of(attended), attention + "out_proj", width, width));

            int hidden = config.encoderFeedForward();
            y = new Normed(graph, weights, x, layer + "final_layer_norm", width);
            Rows activated = graph.activated(y.projection(layer + "fc1", hidden));
            x = graph.add(x, Normed.centredProjection(graph, weights, activated, layer + "fc2", width, hidden));
        }

        Normed y = new Normed(graph, weights, x, "encoder.layer_norm", width);
        for (int l = 0; l < config.decoderLayers(); l++) {
            String attention = "decoder.layers." + l + ".encoder_attn.";
            cross(graph, config, "cross_key." + l, y.projectionWithoutBias(attention + "k_proj", width));
            cross(graph, config, "cross_value." + l, y.projection(attention + "v_proj", width));
        }
        return graph;
    }

    /** Keys or values {@code [T, width]}, which become an output, behind those that were computed earlier. */
    private static String afterPast(GraphBuilder graph, String name, String fresh, int width) {
        graph.input("past_" + name, FLOAT, "past", width);
        graph.name(fresh, name);
        graph.output(name, FLOAT, "positions", width);
        return graph.op("Concat", List.of("past_" + name, name), GraphBuilder.integer("axis", 0));
    }

    /** {@code [T, width]} to an output {@code [1, heads, T, headWidth]}. */
    private static void cross(GraphBuilder graph, WhisperConfig config, String name, String matrix) {
        graph.name(graph.splitHeads(alone(graph, matrix), config.decoderHeads(), config.headWidth()), name);
        graph.output(name, FLOAT, 1, config.decoderHeads(), "positions", config.headWidth());
    }

    /** {@code [T, width]} to {@code [1, T, width]}. */
    private static String alone(GraphBuilder graph, String matrix) {
        return graph.op("Unsqueeze", List.of(matrix, graph.integers(0)));
    }

    /** One more row of a constant after each head's rows. */
    private static Tensor widened(Tensor tensor, int heads, float value) {
        int columns = tensor.values().length / tensor.shape()[0];
        int rows = tensor.shape()[0] / heads;
        float[] out = new float[heads * (rows + 1) * columns];
        Arrays.fill(out, value);
        for (int head = 0; head < heads; head++) {
            System.arraycopy(tensor.values(), head * rows * columns, out, head * (rows + 1) * columns, rows * columns);
        }
        int[] shape = tensor.shape().clone();
        shape[0] = heads * (rows + 1);
        return new Tensor(out, shape);
    }

    private static String convolution(
            GraphBuilder graph, Weights weights, String x, String name, int out, int in, int stride)
            throws ModelException {
        String convolved = graph.op(
                "Conv",
                List.of(
                        x,
                        graph.constant(weights.get(name + ".weight", out, in, 3)),
                        graph.constant(weights.get(name + ".bias", out))),
                GraphBuilder.integers("kernel_shape", 3),
                GraphBuilder.integers("pads", 1, 1),
                GraphBuilder.integers("strides", stride));
        return graph.gelu(convolved);
    }
}
