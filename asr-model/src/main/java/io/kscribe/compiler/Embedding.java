package io.kscribe.compiler;

import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.List;

/** The token embedding, which Whisper uses twice: to look tokens up, and transposed, to score the next one. */
interface Embedding {
    /** {@code ids [B, S]} to {@code [B, S, width]}. */
    String lookUp(String ids);

    /**
     * What each token scores as the next.
     *
     * @param x {@code [R, width]}, before the last norm
     * @param suppressed {@code [R, vocabulary]}, added to the scores
     * @param top how many of the best are wanted in order
     */
    Scores scores(String x, String suppressed, int top);

    /**
     * Scores by the names of their values.
     *
     * @param logProbabilities {@code [R, vocabulary]}
     * @param topLogProbabilities {@code [R, top]}, best first
     * @param topIds their tokens
     */
    record Scores(String logProbabilities, String topLogProbabilities, String topIds) {}

    /**
     * In single precision as it is, in 8 bits, or in 8 bits with a coarser copy.
     *
     * @param table {@code [vocabulary, width]}
     * @param gain of the norm before the scores, {@code [width]}
     * @param shift likewise
     */
    static Embedding of(GraphBuilder graph, Tensor table, Tensor gain, Tensor shift, Precision precision) {
        return switch (precision) {
            case FP32 -> new Exact(graph, table, gain, shift);
            case INT8_ROWWISE -> new Rowwise(graph, table, gain, shift);
            case INT8_BLOCKWISE -> new Screened(graph, table, gain, shift);
        };
    }

    private static List<String> top(GraphBuilder graph, String x, int count) {
        return graph.ops("TopK", List.of(x, graph.integers(count)), 2, GraphBuilder.integer("axis", -1));
    }

    private static Scores best(GraphBuilder graph, String logits, int count) {
        String logProbabilities = logSoftmax(graph, logits);
        List<String> best = top(graph, logProbabilities, count);
        return new Scores(logProbabilities, best.get(0), best.get(1));
    }

    private static String logSoftmax(GraphBuilder graph, String logits) {
        return graph.op("LogSoftmax", List.of(logits), GraphBuilder.integer("axis", -1));
    }

    /** The table in single precision. */
    final class Exact implements Embedding {
        private final GraphBuilder graph;
        private final Tensor gain;
        private final Tensor shift;
        private final String table;

        private Exact(GraphBuilder graph, Tensor table, Tensor gain, Tensor shift) {
            this.graph = graph;
            this.gain = gain;
            this.shift = shift;
            this.table = graph.constant(table);
        }

        @Override
        public String lookUp(String ids) {
            return graph.op("Gather", List.of(table, ids), GraphBuilder.integer("axis", 0));
        }

        @Override
        public Scores scores(String x, String suppressed, int top) {
            String transposed = graph.op("Transpose", List.of(table), GraphBuilder.integers("perm", 1, 0));
            String normed = graph.norm(x, gain, shift);
            return best(graph, graph.add(graph.op("MatMul", List.of(normed, transposed)), suppressed), top);
        }
    }

    /**
     * The table in 8 bits, a scale a token.
     *
     * <p>What it is multiplied with goes far in a few columns, which would leave the others few of its 8 bits. So the columns are balanced:
     * each is made smaller here and larger there, or the other way round, until both go equally far (Xiao et al., "SmoothQuant",
     * arXiv:2211.10438). How far goes what comes of the norm, its gain and shift say well enough; there is no need to watch it.
     */
    final class Rowwise implements Embedding {
        /** Standard deviations that a number rarely exceeds. */
        private static final float RARE = 3;

        private final GraphBuilder graph;
        private final Tensor gain;
        private final Tensor shift;
        private final Tensor balance;
        private final GraphBuilder.Table table;

        private Rowwise(GraphBuilder graph, Tensor table, Tensor gain, Tensor shift) {
            this.graph = graph;
            this.gain = gain;
            this.shift = shift;
            balance = balance(table.largestOfColumns(), gain, shift);
            this.table = graph.table(table.timesColumns(inverse(balance)));
        }

        private static Tensor balance(Tensor largest, Tensor gain, Tensor shift) {
            float[] balance = new float[largest.values().length];
            for (int i = 0; i < balance.length; i++) {
                float reach = RARE * Math.abs(gain.values()[i]) + Math.abs(shift.values()[i]);
                float ratio = largest.values()[i] / reach;
                balance[i] = ratio > 0 && ratio < Float.POSITIVE_INFINITY ? (float) Math.sqrt(ratio) : 1;
            }
            return new Tensor(balance, balance.length);
        }

        private static Tensor inverse(Tensor factors) {
            float[] inverse = new float[factors.values().length];
            for (int i = 0; i < inverse.length; i++) {
                inverse[i] = 1 / factors.values()[i];
            }
            return new Tensor(inverse, factors.shape());
        }

        @Override
        public String lookUp(String ids) {
            String picked = graph.op("Gather", List.of(table.values(), ids), GraphBuilder.integer("axis", 0));
            String real = graph.op(
                    "Cast", List.of(picked), GraphBuilder.integer("to", TensorProto.DataType.FLOAT.getNumber()));
            String scale = graph.op("Gather", List.of(table.scales(), ids), GraphBuilder.integer("axis", 0));
            String balanced = graph.op("Mul", List.of(real, graph.op("Unsqueeze", List.of(scale, graph.integers(-1)))));
            return graph.op("Mul", List.of(balanced, graph.constant(balance)));
        }

        @Override
        public Scores scores(String x, String suppressed, int top) {
            String normed = graph.norm(x, gain.timesColumns(balance), shift.timesColumns(balance));
            return best(graph, graph.add(graph.linear(GraphBuilder.Rows.of(normed), table), suppressed), top);
        }
    }

    /**
     * The table in 8 bits, of which most of a step goes by without being read.
     *
     * <p>Scoring the next token would read the whole table, which is two thirds of a small decoder's weights, to find a few tokens among
     * tens of thousands. A copy in 4 bits screens them, and the {@value #CANDIDATES} that it finds best are scored again in 8 bits. So
     * what is chosen, and what its probability is made of, has the precision of 8 bits; tokens that nobody would choose have that of 4.
     */
    final class Screened implements Embedding {
        private static final int CANDIDATES = 32;
        private static final float SUPPRESSED = -1e6f;

        private final GraphBuilder graph;
        private final Tensor gain;
        private final Tensor shift;
        private final GraphBuilder.Blockwise table;
        private final GraphBuilder.Blockwise screen;

        private Screened(GraphBuilder graph, Tensor table, Tensor gain, Tensor shift) {
            this.graph = graph;
            this.gain = gain;
            this.shift = shift;
            this.table = graph.blockwise(table);
            screen = graph.blockwiseInFourBits(table);
        }

        @Override
        public String lookUp(String ids) {
            long blocks = table.inputs() / table.blockSize();
            String picked = graph.op("Gather", List.of(table.values(), ids), GraphBuilder.integer("axis", 0));
            String real = graph.op(
                    "Cast", List.of(picked), GraphBuilder.integer("to", TensorProto.DataType.FLOAT.getNumber()));
            String scales = graph.op("Reshape", List.of(table.scales(), graph.integers(-1, blocks, 1)));
            String scale = graph.op("Gather", List.of(scales, ids), GraphBuilder.integer("axis", 0));
            String rows = graph.op(
                    "Mul", List.of(graph.op("Sub", List.of(real, graph.scalar(GraphBuilder.ZERO_POINT))), scale));
            return graph.op("Reshape", List.of(rows, graph.integers(0, 0, table.inputs())));
        }

        @Override
        public Scores scores(String x, String suppressed, int top) {
            String normed = graph.norm(x, gain, shift);
            String screened = graph.add(graph.linear(normed, screen), suppressed);
            List<String> best = top(graph, screened, Math.min(CANDIDATES, table.rows()));
            String candidates = best.get(1);
            String columns = graph.op("Unsqueeze", List.of(normed, graph.integers(-1)));
            String products = graph.op("MatMul", List.of(lookUp(candidates), columns));
            String rescored = graph.op("Squeeze", List.of(products, graph.integers(-1)));
            String isSuppressed = graph.op("Less", List.of(best.get(0), graph.scalar(SUPPRESSED)));
            String logits = graph.op(
                    "ScatterElements",
                    List.of(screened, candidates, graph.op("Where", List.of(isSuppressed, best.get(0), rescored))),
                    GraphBuilder.integer("axis", -1));
            String logProbabilities = logSoftmax(graph, logits);
            String ofCandidates = picked(logProbabilities, candidates);
            List<String> first = top(graph, ofCandidates, top);
            return new Scores(logProbabilities, first.get(0), picked(candidates, first.get(1)));
        }

        private String picked(String values, String places) {
            return graph.op("GatherElements", List.of(values, places), GraphBuilder.integer("axis", -1));
        }
    }
}
