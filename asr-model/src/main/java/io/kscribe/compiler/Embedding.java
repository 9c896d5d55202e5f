package io.kscribe.compiler;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;

/** The token embedding, which Whisper uses twice: to look tokens up, and transposed, to score the next one. */
interface Embedding {
    /** {@code ids [B, S]} to {@code [B, S, width]}. */
    String lookUp(String ids);

    /** {@code x [B, R, width]} to {@code [B, R, vocabulary]}. */
    String logits(String x);

    /** Single precision as it is; in 8 bits both uses share one constant, which halves what the largest tensor of a model takes. */
    static Embedding of(GraphBuilder graph, Tensor table, Precision precision) {
        return precision == Precision.FP32 ? new Exact(graph, table) : new Quantised(graph, graph.blockwise(table));
    }

    /** The table in single precision. */
    final class Exact implements Embedding {
        private final GraphBuilder graph;
        private final String table;

        private Exact(GraphBuilder graph, Tensor table) {
            this.graph = graph;
            this.table = graph.constant(table);
        }

        @Override
        public String lookUp(String ids) {
            return graph.op("Gather", List.of(table, ids), GraphBuilder.integer("axis", 0));
        }

        @Override
        public String logits(String x) {
            String transposed = graph.op("Transpose", List.of(table), GraphBuilder.integers("perm", 1, 0));
            return graph.op("MatMul", List.of(x, transposed));
        }
    }

    /** The table in 8 bits, a scale a block. */
    final class Quantised implements Embedding {
        private final GraphBuilder graph;
        private final GraphBuilder.Blockwise table;

        private Quantised(GraphBuilder graph, GraphBuilder.Blockwise table) {
            this.graph = graph;
            this.table = table;
        }

        @Override
        public String lookUp(String ids) {
            long blocks = table.inputs() / table.blockSize();
            String picked = graph.op("Gather", List.of(table.values(), ids), GraphBuilder.integer("axis", 0));
            String centred = graph.op(
                    "Sub",
                    List.of(
                            graph.op(
                                    "Cast",
                                    List.of(picked),
                                    GraphBuilder.integer("to", TensorProto.DataType.FLOAT.getNumber())),
                            graph.scalar(128)));
            String scales = graph.op("Reshape", List.of(table.scales(), graph.integers(-1, blocks, 1)));
            String scale = graph.op("Gather", List.of(scales, ids), GraphBuilder.integer("axis", 0));
            return graph.op(
                    "Reshape", List.of(graph.op("Mul", List.of(centred, scale)), graph.integers(0, 0, table.inputs())));
        }

        @Override
        public String logits(String x) {
            return graph.linear(x, table);
        }
    }
}
