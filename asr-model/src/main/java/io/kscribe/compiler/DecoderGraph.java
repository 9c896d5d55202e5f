package io.kscribe.compiler;

import static ai.onnx.proto.OnnxMl.TensorProto.DataType.FLOAT;
import static ai.onnx.proto.OnnxMl.TensorProto.DataType.INT64;

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
 * <tr><td>out</td><td>{@code alignment [B, A, S, T]}</td><td>cross-attention of the alignment heads</td></tr>
 * <tr><td>out</td><td>{@code present_key.l, present_value.l [B, heads, N, headWidth]}</td><td>the next cache</td></tr>
 * </table>
 */
final class DecoderGraph {
    /** How many of the likeliest tokens are given. */
    static final int TOP = 16;

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
        String keyBias = forEachToken(graph, "key_bias");

        Embedding embedding =
                Embedding.of(graph, weights.get("decoder.embed_tokens.weight", config.vocabulary(), width), precision);
        String places = graph.constant(weights.get("decoder.embed_positions.weight", config.textPositions(), width));
        String x = graph.add(
                embedding.lookUp("ids"),
                graph.op("Gather", List.of(places, "position"), GraphBuilder.integer("axis", 0)));

        List<String> alignments = new ArrayList<>();
        for (int l = 0; l < config.decoderLayers(); l++) {
            for (String name : List.of("past_key.", "past_value.")) {
                graph.input(name + l, FLOAT, "batch", heads, "past", headWidth);
            }
            for (String name : List.of("cross_key.", "cross_value.")) {
                graph.input(name + l, FLOAT, "batch", heads, "positions", headWidth);
            }
            Block block = new Block(graph, weights, "decoder.layers." + l + ".", width);
            x = graph.add(x, selfAttention(graph, block, block.norm(x, "self_attn_layer_norm"), l, heads, scale));

            String y = block.norm(x, "encoder_attn_layer_norm");
            int layer = l;
            long[] chosen = alignmentHeads.stream()
                    .filter(head -> head.layer() == layer)
                    .mapToLong(AlignmentHead::head)
                    .toArray();
            String logits = graph.intermediate(FLOAT, "batch", heads, "new", "positions");
            String cross = graph.attention(
                    block.projection(y, "encoder_attn.q_proj", scale),
                    "cross_key." + l,
                    "cross_value." + l,
                    heads,
                    List.of("", "", keyBias),
                    chosen.length == 0 ? List.of() : List.of("", "", logits));
            x = graph.add(x, block.projection(cross, "encoder_attn.out_proj", 1));
            x = graph.add(x, block.perceptron(x, config.decoderFeedForward()));

            if (chosen.length > 0) {
                alignments.add(
                        graph.op("Gather", List.of(logits, graph.integers(chosen)), GraphBuilder.integer("axis", 1)));
            }
            for (String name : List.of("present_key.", "present_value.")) {
                graph.output(name + l, FLOAT, "batch", heads, "all", headWidth);
            }
        }
        String alignment = graph.op("Concat", alignments, GraphBuilder.integer("axis", 1));
        graph.name(graph.op("Softmax", List.of(alignment), GraphBuilder.integer("axis", -1)), "alignment");
        graph.output("alignment", FLOAT, "batch", alignmentHeads.size(), "new", "positions");

        x = graph.op("Reshape", List.of(x, graph.integers(-1, width)));
        x = graph.op("Gather", List.of(x, "rows"), GraphBuilder.integer("axis", 0));
        x = graph.norm(
                x, weights.get("decoder.layer_norm.weight", width), weights.get("decoder.layer_norm.bias", width));
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

    /** {@code [B or 1, 1, 1, T]} to {@code [B or 1, 1, S, T]}. */
    private static String forEachToken(GraphBuilder graph, String bias) {
        String tokens =
                graph.op("Slice", List.of(graph.op("Shape", List.of("ids")), graph.integers(1), graph.integers(2)));
        String shape = graph.op(
                "Concat", List.of(graph.integers(1, 1), tokens, graph.integers(1)), GraphBuilder.integer("axis", 0));
        return graph.op("Expand", List.of(bias, shape));
    }

    /** Self-attention with its projections; the cache is extended on the way. */
    private static String selfAttention(GraphBuilder graph, Block block, String y, int layer, int heads, float scale)
            throws ModelException {
        Tensor queryBias = block.bias("self_attn.q_proj").times(scale);
        int width = queryBias.shape()[0];
        Tensor weight = Tensor.concatenated(
                block.weight("self_attn.q_proj").times(scale),
                block.weight("self_attn.k_proj"),
                block.weight("self_attn.v_proj"));
        Tensor bias = Tensor.concatenated(queryBias, Tensor.zeros(width), block.bias("self_attn.v_proj"));
        List<String> parts =
                graph.ops("Split", List.of(graph.linear(y, weight, bias)), 3, GraphBuilder.integer("axis", -1));
        String attended = graph.attention(
                parts.get(0),
                parts.get(1),
                parts.get(2),
                heads,
                List.of("", "", "mask", "past_key." + layer, "past_value." + layer),
                List.of("present_key." + layer, "present_value." + layer));
        return block.projection(attended, "self_attn.out_proj", 1);
    }
}
