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
 * <tr><td>in</td><td>{@code rows [R]}</td><td>the new tokens after which probabilities are wanted</td></tr>
 * <tr><td>in</td><td>{@code token_bias [R or 1, V]}</td><td>added to the logits: 0, or very negative to suppress</td></tr>
 * <tr><td>in</td><td>{@code key_bias [B or 1, 1, 1, T]}</td><td>as given to the encoder</td></tr>
 * <tr><td>in</td><td>{@code past_key.l, past_value.l [B, heads, P, headWidth]}</td><td>the cache</td></tr>
 * <tr><td>in</td><td>{@code cross_key.l, cross_value.l [B, heads, T, headWidth]}</td><td>from the encoder</td></tr>
 * <tr><td>out</td><td>{@code log_probs [B, R, V]}</td><td>log-probabilities of the next token</td></tr>
 * <tr><td>out</td><td>{@code alignment [B, A, S, T]}</td><td>cross-attention of the alignment heads</td></tr>
 * <tr><td>out</td><td>{@code present_key.l, present_value.l [B, heads, N, headWidth]}</td><td>the next cache</td></tr>
 * </table>
 */
final class DecoderGraph {
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
        graph.input("token_bias", FLOAT, "bias_rows", config.vocabulary());
        graph.input("key_bias", FLOAT, "bias_batch", 1, 1, "positions");

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
            List<String> heard = selfAttention(graph, block, block.norm(x, "self_attn_layer_norm"), l, heads, scale);
            String self = graph.attended(graph.attention(heard.get(0), heard.get(1), "mask"), heard.get(2), width);
            x = graph.add(x, block.projection(self, "self_attn.out_proj", 1));

            String y = block.norm(x, "encoder_attn_layer_norm");
            String queries = graph.splitHeads(block.projection(y, "encoder_attn.q_proj", scale), heads, headWidth);
            String attention = graph.attention(queries, "cross_key." + l, "key_bias");
            String cross = graph.attended(attention, "cross_value." + l, width);
            x = graph.add(x, block.projection(cross, "encoder_attn.out_proj", 1));
            x = graph.add(x, block.perceptron(x, config.decoderFeedForward()));

            int layer = l;
            long[] chosen = alignmentHeads.stream()
                    .filter(head -> head.layer() == layer)
                    .mapToLong(AlignmentHead::head)
                    .toArray();
            if (chosen.length > 0) {
                alignments.add(graph.op(
                        "Gather", List.of(attention, graph.integers(chosen)), GraphBuilder.integer("axis", 1)));
            }
            for (String name : List.of("present_key.", "present_value.")) {
                graph.output(name + l, FLOAT, "batch", heads, "all", headWidth);
            }
        }
        graph.name(graph.op("Concat", alignments, GraphBuilder.integer("axis", 1)), "alignment");
        graph.output("alignment", FLOAT, "batch", alignmentHeads.size(), "new", "positions");

        x = graph.op("Gather", List.of(x, "rows"), GraphBuilder.integer("axis", 1));
        x = graph.norm(
                x, weights.get("decoder.layer_norm.weight", width), weights.get("decoder.layer_norm.bias", width));
        String logits = graph.add(embedding.logits(x), "token_bias");
        graph.name(graph.op("LogSoftmax", List.of(logits), GraphBuilder.integer("axis", -1)), "log_probs");
        graph.output("log_probs", FLOAT, "batch", "rows", config.vocabulary());
        return graph;
    }

    /** Queries, keys and values of self-attention, {@code [B, heads, S or N, headWidth]}; the cache is extended on the way. */
    private static List<String> selfAttention(
            GraphBuilder graph, Block block, String y, int layer, int heads, float scale) throws ModelException {
        Tensor queryBias = block.bias("self_attn.q_proj").times(scale);
        int width = queryBias.shape()[0];
        Tensor weight = Tensor.concatenated(
                block.weight("self_attn.q_proj").times(scale),
                block.weight("self_attn.k_proj"),
                block.weight("self_attn.v_proj"));
        Tensor bias = Tensor.concatenated(queryBias, Tensor.zeros(width), block.bias("self_attn.v_proj"));
        String joined = graph.op(
                "Reshape", List.of(graph.linear(y, weight, bias), graph.integers(0, 0, 3, heads, width / heads)));
        String parted = graph.op("Transpose", List.of(joined), GraphBuilder.integers("perm", 2, 0, 3, 1, 4));
        List<String> parts = graph.ops("Split", List.of(parted), 3, GraphBuilder.integer("axis", 0));
        String queries = squeezed(graph, parts.get(0));
        String keys = cached(graph, "past_key." + layer, squeezed(graph, parts.get(1)), "present_key." + layer);
        String values = cached(graph, "past_value." + layer, squeezed(graph, parts.get(2)), "present_value." + layer);
        return List.of(queries, keys, values);
    }

    private static String squeezed(GraphBuilder graph, String x) {
        return graph.op("Squeeze", List.of(x, graph.integers(0)));
    }

    private static String cached(GraphBuilder graph, String past, String fresh, String present) {
        String all = graph.op("Concat", List.of(past, fresh), GraphBuilder.integer("axis", 2));
        graph.name(all, present);
        return all;
    }
}
