package io.kscribe.compiler;

import static ai.onnx.proto.OnnxMl.TensorProto.DataType.FLOAT;
import static ai.onnx.proto.OnnxMl.TensorProto.DataType.INT64;

import io.kscribe.compiler.GraphBuilder.Rows;
import io.kscribe.model.ModelException;
import java.util.ArrayList;
import java.util.List;

/**
 * The text decoder as one graph for the prompt, for a single step and for verifying a draft.
 *
 * <table>
 * <caption>Values: B sequences, S new tokens each, P cached, N = P + S, T audio positions, R rows asked for, A alignment heads</caption>
 * <tr><td>in</td><td>{@code ids [B, S]}</td><td>the new tokens</td></tr>
 * <tr><td>in</td><td>{@code position [B, S]}</td><td>their places in the sequence</td></tr>
 * <tr><td>in</td><td>{@code mask [B, 1, S, N]}</td><td>added to self-attention logits: 0 or very negative</td></tr>
 * <tr><td>in</td><td>{@code rows [R]}</td><td>the new tokens after which probabilities are wanted, counted through all sequences</td></tr>
 * <tr><td>in</td><td>{@code token_bias [K, V]}</td><td>ways to suppress tokens: 0, or very negative</td></tr>
 * <tr><td>in</td><td>{@code bias_of_row [R]}</td><td>which of them is added to each row's logits</td></tr>
 * <tr><td>in</td><td>{@code key_bias [B or 1, 1, 1, T]}</td><td>as given to the encoder</td></tr>
 * <tr><td>in</td><td>{@code past_key.l, past_value.l [B, heads, P, headWidth]}</td><td>the cache</td></tr>
 * <tr><td>in</td><td>{@code cross_key.l, cross_value.l [B, heads, T, headWidth]}</td><td>from the encoder</td></tr>
 * <tr><td>out</td><td>{@code log_probs [R, V]}</td><td>log-probabilities of the next token</td></tr>
 * <tr><td>out</td><td>{@code top_ids, top_log_probs [R, }{@value #TOP}{@code ]}</td><td>the likeliest, best first</td></tr>
 * <tr><td>out</td><td>{@code alignment [B, S, A, T]}</td><td>cross-attention of the alignment heads</td></tr>
 * <tr><td>out</td><td>{@code present_key.l, present_value.l [B, heads, N, headWidth]}</td><td>the next cache</td></tr>
 * </table>
 *
 * <p>What is computed for a token does not depend on how many are computed with it, to the bit. Sums of 8-bit products are whole numbers. In
 * self-attention every product of matrices has a factor, since without one ONNX Runtime computes a single row with a kernel that rounds
 * otherwise and sums in groups. In cross-attention each row is a product of its own, by just that kernel, which does not copy the keys and
 * values before it uses them; there it always sees as many positions. A softmax does not change with what is masked after its end.
 */
final class DecoderGraph {
    /** How many of the likeliest tokens are given. */
    static final int TOP = 16;

    /** A factor of self-attention's sums, which come halved; 1 would be another kernel (see the class). */
    private static final float WHOLE = 2;

    private DecoderGraph() {}

    static GraphBuilder of(
            WhisperConfig config, List<AlignmentHead> alignmentHeads, Weights weights, Precision precision)
            throws ModelException {
        GraphBuilder graph = new GraphBuilder(precision);
        int width = config.modelWidth();
        int heads = config.decoderHeads();
        int headWidth = config.headWidth();
        float scale = (float) (1 / Math.sqrt(headWidth));
        graph.input("ids", INT64, "batch", "new");
        graph.input("position", INT64, "batch", "new");
        graph.input("mask", FLOAT, "batch", 1, "new", "all");
        graph.input("rows", INT64, "rows");
        graph.input("token_bias", FLOAT, "biases", config.vocabulary());
        graph.input("bias_of_row", INT64, "rows");
        graph.input("key_bias", FLOAT, "bias_batch", 1, 1, "positions");
        String biases = graph.op("Unsqueeze", List.of("key_bias", graph.integers(1)));

        // What all tokens have in common, most of each, goes with the places instead: it changes no probability.
        Tensor tokens = weights.get("decoder.embed_tokens.weight", config.vocabulary(), width);
        Embedding embedding = Embedding.of(
                graph,
                tokens.centred(),
                weights.get("decoder.layer_norm.weight", width),
                weights.get("decoder.layer_norm.bias", width),
                precision);
        Tensor positions = weights.get("decoder.embed_positions.weight", config.textPositions(), width);
        String places = graph.constant(positions.plusEach(tokens.mean()));
        String x = graph.add(
                embedding.lookUp("ids"),
                graph.op("Gather", List.of(places, "position"), GraphBuilder.integer("axis", 0)));
        x = Normed.centred(graph, graph.op("Reshape", List.of(x, graph.integers(-1, width))));

        String ofSelf = shape(graph, 3, heads, headWidth);
        String ofCross = shape(graph, heads, 1, headWidth);
        List<String> alignments = new ArrayList<>();
        for (int l = 0; l < config.decoderLayers(); l++) {
            for (String name : List.of("past_key.", "past_value.")) {
                graph.input(name + l, FLOAT, "batch", heads, "past", headWidth);
            }
            for (String name : List.of("cross_key.", "cross_value.")) {
                graph.input(name + l, FLOAT, "batch", heads, "positions", headWidth);
            }
            String layer = "decoder.layers." + l + ".";
            Normed y = new Normed(graph, weights, x, layer + "self_attn_layer_norm", width);
            String attended = selfAttention(graph, config, weights, y, ofSelf, l);
            x = graph.add(
                    x,
                    Normed.centredProjection(
                            graph, weights, Rows.of(attended), layer + "self_attn.out_proj", width, width));

            y = new Normed(graph, weights, x, layer + "encoder_attn_layer_norm", width);
            String queries =
                    graph.op("Reshape", List.of(y.projection(layer + "encoder_attn.q_proj", width, scale), ofCross));
            String logits = graph.op(
                    "FusedMatMul",
                    GraphBuilder.MICROSOFT,
                    List.of(queries, graph.op("Unsqueeze", List.of("cross_key." + l, graph.integers(1)))),
                    GraphBuilder.integer("transB", 1));
            String shares = graph.softmax(graph.add(logits, biases));
            String heard = graph.op(
                    "MatMul", List.of(shares, graph.op("Unsqueeze", List.of("cross_value." + l, graph.integers(1)))));
            heard = graph.op("Reshape", List.of(heard, graph.integers(-1, width)));
            x = graph.add(
                    x,
                    Normed.centredProjection(
                            graph, weights, Rows.of(heard), layer + "encoder_attn.out_proj", width, width));

            int hidden = config.decoderFeedForward();
            y = new Normed(graph, weights, x, layer + "final_layer_norm", width);
            Rows activated = graph.activated(y.projection(layer + "fc1", hidden));
            x = graph.add(x, Normed.centredProjection(graph, weights, activated, layer + "fc2", width, hidden));

            int number = l;
            long[] chosen = alignmentHeads.stream()
                    .filter(head -> head.layer() == number)
                    .mapToLong(AlignmentHead::head)
                    .toArray();
            if (chosen.length > 0) {
                alignments.add(
                        graph.op("Gather", List.of(shares, graph.integers(chosen)), GraphBuilder.integer("axis", 2)));
            }
            for (String name : List.of("present_key.", "present_value.")) {
                graph.output(name + l, FLOAT, "batch", heads, "all", headWidth);
            }
        }
        String alignment = graph.op("Concat", alignments, GraphBuilder.integer("axis", 2));
        graph.name(graph.op("Squeeze", List.of(alignment, graph.integers(3))), "alignment");
        graph.output("alignment", FLOAT, "batch", "new", alignmentHeads.size(), "positions");

        x = graph.op("Gather", List.of(x, "rows"), GraphBuilder.integer("axis", 0));
        String suppressed = graph.op("Gather", List.of("token_bias", "bias_of_row"), GraphBuilder.integer("axis", 0));
        Embedding.Scores scores = embedding.scores(x, suppressed, TOP);
        graph.name(scores.logProbabilities(), "log_probs");
        graph.output("log_probs", FLOAT, "rows", config.vocabulary());
        graph.name(scores.topLogProbabilities(), "top_log_probs");
        graph.name(scores.topIds(), "top_ids");
        graph.output("top_log_probs", FLOAT, "rows", TOP);
        graph.output("top_ids", INT64, "rows", TOP);
        return graph;
    }

    /** {@code [B, S]} and further axes. */
    private static String shape(GraphBuilder graph, long... inner) {
        return graph.op(
                "Concat",
                List.of(graph.op("Shape", List.of("ids")), graph.integers(inner)),
                GraphBuilder.integer("axis", 0));
    }

    /**
     * Self-attention with the projections that it reads, to {@code [rows, width]}; the cache is extended on the way.
     *
     * @param shape {@code [B, S, 3, heads, headWidth]}
     */
    private static String selfAttention(
            GraphBuilder graph, WhisperConfig config, Weights weights, Normed y, String shape, int layer)
            throws ModelException {
        int width = config.modelWidth();
        int headWidth = config.headWidth();
        String name = "decoder.layers." + layer + ".self_attn.";
        Tensor weight = Tensor.concatenated(
                weights.get(name + "q_proj.weight", width, width),
                weights.get(name + "k_proj.weight", width, width),
                weights.get(name + "v_proj.weight", width, width).times(1 / WHOLE));
        Tensor bias = Tensor.concatenated(
                weights.get(name + "q_proj.bias", width),
                Tensor.zeros(width),
                weights.get(name + "v_proj.bias", width).times(1 / WHOLE));
        String all = graph.op("Reshape", List.of(y.projection(weight, bias), shape));
        List<String> parts = graph.ops(
                "Split",
                List.of(graph.op("Transpose", List.of(all), GraphBuilder.integers("perm", 2, 0, 3, 1, 4))),
                3,
                GraphBuilder.integer("axis", 0));
        String keys = extended(graph, "key." + layer, parts.get(1));
        String values = extended(graph, "value." + layer, parts.get(2));
        String logits = graph.op(
                "FusedMatMul",
                GraphBuilder.MICROSOFT,
                List.of(graph.op("Squeeze", List.of(parts.get(0), graph.integers(0))), keys),
                GraphBuilder.integer("transB", 1),
                GraphBuilder.real("alpha", (float) (1 / Math.sqrt(headWidth))));
        String attended = graph.op(
                "FusedMatMul",
                GraphBuilder.MICROSOFT,
                List.of(graph.softmax(graph.add(logits, "mask")), values),
                GraphBuilder.real("alpha", WHOLE));
        String rows = graph.op("Transpose", List.of(attended), GraphBuilder.integers("perm", 0, 2, 1, 3));
        return graph.op("Reshape", List.of(rows, graph.integers(-1, width)));
    }

    /** The cache of keys or values with those of the new tokens, {@code [1, B, heads, S, headWidth]}, after it. */
    private static String extended(GraphBuilder graph, String name, String added) {
        String all = graph.op(
                "Concat",
                List.of("past_" + name, graph.op("Squeeze", List.of(added, graph.integers(0)))),
                GraphBuilder.integer("axis", 2));
        String present = "present_" + name;
        graph.name(all, present);
        return present;
    }
}
