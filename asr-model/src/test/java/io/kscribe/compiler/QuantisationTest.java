package io.kscribe.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.kscribe.compiler.GraphBuilder.Rows;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How far a layer in 8 bits lies from the layer in exact numbers: never more than half a step of each number. */
class QuantisationTest {
    private static final int OUTPUTS = 24;

    @TempDir
    Path temporary;

    private final Random random = new Random(11);

    @ParameterizedTest
    @CsvSource({
        "FP32, 48, 1",
        "FP32, 128, 5",
        "INT8_ROWWISE, 48, 1",
        "INT8_ROWWISE, 128, 1",
        "INT8_ROWWISE, 384, 5",
        "INT8_BLOCKWISE, 48, 1",
        "INT8_BLOCKWISE, 128, 1",
        "INT8_BLOCKWISE, 384, 5"
    })
    void shouldMultiplyWithinHalfAStepOfEachNumber(Precision precision, int inputs, int rows) throws Exception {
        float[] weight = gaussian(OUTPUTS * inputs, inputs);
        float[] x = gaussian(rows * inputs, inputs);
        float[] bias = gaussian(OUTPUTS, OUTPUTS);
        GraphBuilder graph = new GraphBuilder(precision);
        graph.input("x", DataType.FLOAT, "rows", inputs);
        graph.name(graph.linear(Rows.of("x"), new Tensor(weight, OUTPUTS, inputs), new Tensor(bias, OUTPUTS)), "y");
        graph.output("y", DataType.FLOAT, "rows", OUTPUTS);
        float[] y = run(graph, "x", x, rows, inputs);

        int block = precision == Precision.INT8_BLOCKWISE ? blockSize(inputs) : inputs;
        for (int row = 0; row < rows; row++) {
            for (int o = 0; o < OUTPUTS; o++) {
                double exact = bias[o];
                double bound = 1e-4;
                for (int from = 0; from < inputs; from += block) {
                    double weightStep = precision == Precision.INT8_ROWWISE
                            ? GraphBuilder.scaleOfPairs(weight, o * inputs, inputs)
                            : largest(weight, o * inputs + from, block) / 127;
                    double inputStep = largest(x, row * inputs + from, block) / 127;
                    for (int i = from; i < from + block; i++) {
                        double a = weight[o * inputs + i];
                        double b = x[row * inputs + i];
                        exact += a * b;
                        bound += precision == Precision.FP32
                                ? 0
                                : Math.abs(a) * inputStep / 2
                                        + Math.abs(b) * weightStep / 2
                                        + weightStep * inputStep / 4;
                    }
                }
                assertThat((double) y[row * OUTPUTS + o]).isCloseTo(exact, within(bound));
            }
        }
    }

    /** Of 255 steps 223 lie above 0, and those below reach GELU's least value; 0 is one of them, so that what is nothing adds nothing. */
    @ParameterizedTest
    @CsvSource({"0.1", "1", "10"})
    void shouldCountActivationsInFinerStepsThanWhatHasBothSigns(float spread) throws Exception {
        int inputs = 384;
        float[] weight = gaussian(OUTPUTS * inputs, inputs);
        float[] x = gaussian(inputs, 1);
        for (int i = 0; i < inputs; i++) {
            x[i] *= spread;
        }
        x[0] = 0;
        float[] activated = run(activation(), "x", x, 1, inputs);
        GraphBuilder graph = new GraphBuilder(Precision.INT8_ROWWISE);
        graph.input("x", DataType.FLOAT, "rows", inputs);
        Tensor bias = Tensor.zeros(OUTPUTS);
        graph.name(graph.linear(graph.activated("x"), new Tensor(weight, OUTPUTS, inputs), bias), "y");
        graph.output("y", DataType.FLOAT, "rows", OUTPUTS);
        float[] y = run(graph, "x", x, 1, inputs);

        double inputStep = Math.max(largest(activated, 0, inputs) / 223, 0.17 / 32);
        for (int o = 0; o < OUTPUTS; o++) {
            double weightStep = GraphBuilder.scaleOfPairs(weight, o * inputs, inputs);
            double exact = 0;
            double bound = 1e-4;
            for (int i = 0; i < inputs; i++) {
                double a = weight[o * inputs + i];
                double b = activated[i];
                exact += a * b;
                bound += b == 0
                        ? 0
                        : Math.abs(a) * inputStep / 2 + Math.abs(b) * weightStep / 2 + weightStep * inputStep / 4;
            }
            assertThat((double) y[o]).isCloseTo(exact, within(bound));
        }
    }

    private static GraphBuilder activation() {
        GraphBuilder graph = new GraphBuilder(Precision.FP32);
        graph.input("x", DataType.FLOAT, "rows", "inputs");
        graph.name(graph.gelu("x"), "y");
        graph.output("y", DataType.FLOAT, "rows", "inputs");
        return graph;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 5", "-1, 1", "-1, 5"})
    void shouldHoldTheLargestSumsOnEveryProcessor(float sign, int rows) throws Exception {
        int inputs = 64;
        float[] weight = new float[OUTPUTS * inputs];
        Arrays.fill(weight, sign);
        float[] x = new float[rows * inputs];
        Arrays.fill(x, 1);
        GraphBuilder graph = new GraphBuilder(Precision.INT8_ROWWISE);
        graph.input("x", DataType.FLOAT, "rows", inputs);
        graph.name(graph.linear(Rows.of("x"), new Tensor(weight, OUTPUTS, inputs)), "y");
        graph.output("y", DataType.FLOAT, "rows", OUTPUTS);
        for (float sum : run(graph, "x", x, rows, inputs)) {
            assertThat(sum).isCloseTo(sign * inputs, within(0.01f * inputs));
        }
    }

    @Test
    void shouldTakeTheSmallestStepAtWhichNumbersAndPairsOfOneSignFit() {
        assertThat(GraphBuilder.scaleOfPairs(new float[] {1, -3, 2, 0.5f}, 0, 4))
                .isEqualTo(3f / 127);
        assertThat(GraphBuilder.scaleOfPairs(new float[] {1, 3, 2, -5}, 0, 4)).isEqualTo(5f / 127);
        assertThat(GraphBuilder.scaleOfPairs(new float[] {-2, 1, -2, -2.5f, 1}, 0, 5))
                .isEqualTo(4.5f / 127);
        assertThat(GraphBuilder.scaleOfPairs(new float[] {9, 9, 1, 2, 3, 9}, 2, 3))
                .isEqualTo(3f / 127);
        assertThat(GraphBuilder.scaleOfPairs(new float[2], 0, 2)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"INT8_ROWWISE", "INT8_BLOCKWISE"})
    void shouldLookEmbeddingsUpWithinHalfAStep(Precision precision) throws Exception {
        int tokens = 10;
        int width = 48;
        float[] table = gaussian(tokens * width, width);
        Arrays.fill(table, 0, 16, 0);
        GraphBuilder graph = new GraphBuilder(precision);
        graph.input("ids", DataType.INT64, 1, "tokens");
        Embedding embedding = Embedding.of(
                graph, new Tensor(table, tokens, width), evenGain(table, width), Tensor.zeros(width), precision);
        graph.name(embedding.lookUp("ids"), "y");
        graph.output("y", DataType.FLOAT, 1, "tokens", width);
        float[] rows = runIds(graph, 9, 0, 0, 5);
        int[] ids = {9, 0, 0, 5};
        for (int t = 0; t < ids.length; t++) {
            for (int i = 0; i < width; i++) {
                double half = step(precision, table, width, ids[t], i) / 2;
                assertThat((double) rows[t * width + i]).isCloseTo(table[ids[t] * width + i], within(half * 1.001));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"INT8_ROWWISE", "INT8_BLOCKWISE"})
    void shouldScoreTheLikeliestTokensInEightBitsAndNeverOneThatIsSuppressed(Precision precision) throws Exception {
        int tokens = 500;
        int width = 48;
        int rows = 3;
        int top = 5;
        float[] table = gaussian(tokens * width, width);
        float[] x = gaussian(rows * width, 1);
        float[] suppressed = new float[rows * tokens];
        for (int i = 0; i < suppressed.length; i += 3) {
            suppressed[i] = -1e9f;
        }
        GraphBuilder graph = new GraphBuilder(precision);
        graph.input("x", DataType.FLOAT, "rows", width);
        String bias = graph.constant(new Tensor(suppressed, rows, tokens));
        Tensor gain = evenGain(table, width);
        Embedding embedding =
                Embedding.of(graph, new Tensor(table, tokens, width), gain, Tensor.zeros(width), precision);
        Embedding.Scores scores = embedding.scores("x", bias, top);
        graph.name(
                graph.op("Cast", List.of(scores.topIds()), GraphBuilder.integer("to", DataType.FLOAT.getNumber())),
                "y");
        graph.output("y", DataType.FLOAT, "rows", top);
        float[] ids = run(graph, "x", x, rows, width);

        x = normed(x, gain);
        for (int row = 0; row < rows; row++) {
            // A step that no blockwise score takes: candidates are scored with numbers as they come.
            double inputStep = precision == Precision.INT8_ROWWISE ? largest(x, row * width, width) / 127 : 1e-9;
            double[] logits = new double[tokens];
            for (int token = 0; token < tokens; token++) {
                logits[token] = suppressed[row * tokens + token];
                for (int i = 0; i < width; i++) {
                    double step = step(precision, table, width, token, i);
                    logits[token] += Math.rint(x[row * width + i] / inputStep)
                            * inputStep
                            * Math.round(table[token * width + i] / step)
                            * step;
                }
            }
            List<Integer> best = IntStream.range(0, tokens)
                    .boxed()
                    .sorted(Comparator.comparing((Integer token) -> logits[token], Comparator.reverseOrder()))
                    .limit(top)
                    .toList();
            for (int i = 0; i < top; i++) {
                assertThat((int) ids[row * top + i]).isEqualTo(best.get(i));
            }
        }
    }

    @Test
    void shouldNotLetAColumnThatGoesFarTakePrecisionFromTheOthers() throws Exception {
        int tokens = 50;
        int width = 48;
        float[] table = gaussian(tokens * width, width);
        float[] gains = new float[width];
        Arrays.fill(gains, 1);
        gains[7] = 100;
        for (int token = 0; token < tokens; token++) {
            table[token * width + 7] /= 100;
        }
        Tensor gain = new Tensor(gains, width);
        float[] x = gaussian(width, 1);
        GraphBuilder graph = new GraphBuilder(Precision.INT8_ROWWISE);
        graph.input("x", DataType.FLOAT, "rows", width);
        Embedding embedding = Embedding.of(
                graph, new Tensor(table, tokens, width), gain, Tensor.zeros(width), Precision.INT8_ROWWISE);
        graph.name(
                embedding
                        .scores("x", graph.constant(Tensor.zeros(1, tokens)), 5)
                        .logProbabilities(),
                "y");
        graph.output("y", DataType.FLOAT, "rows", tokens);
        float[] y = run(graph, "x", x, 1, width);

        float[] normed = normed(x, gain);
        double[] logits = new double[tokens];
        for (int token = 0; token < tokens; token++) {
            for (int i = 0; i < width; i++) {
                logits[token] += (double) normed[i] * table[token * width + i];
            }
        }
        for (int token = 1; token < tokens; token++) {
            assertThat((double) y[token] - y[0]).isCloseTo(logits[token] - logits[0], within(0.05));
        }
    }

    /** A gain with which columns of the norm's results go as far as those of the table do. */
    private static Tensor evenGain(float[] table, int width) {
        return new Tensor(table, table.length / width, width).largestOfColumns().times(1 / 3f);
    }

    private static float[] normed(float[] x, Tensor gain) {
        int width = gain.values().length;
        float[] normed = new float[x.length];
        for (int row = 0; row < x.length; row += width) {
            double mean = 0;
            double square = 0;
            for (int i = row; i < row + width; i++) {
                mean += x[i] / (double) width;
                square += (double) x[i] * x[i] / width;
            }
            for (int i = row; i < row + width; i++) {
                normed[i] = (float) ((x[i] - mean) / Math.sqrt(square - mean * mean + 1e-5) * gain.values()[i - row]);
            }
        }
        return normed;
    }

    @Test
    void shouldNotLetALoudRowTakePrecisionFromAQuietOne() throws Exception {
        int inputs = 64;
        float[] weight = gaussian(OUTPUTS * inputs, inputs);
        float[] quiet = gaussian(inputs, inputs);
        float[] both = new float[2 * inputs];
        for (int i = 0; i < inputs; i++) {
            both[i] = quiet[i];
            both[inputs + i] = 1000 * quiet[i];
        }
        GraphBuilder graph = new GraphBuilder(Precision.INT8_ROWWISE);
        graph.input("x", DataType.FLOAT, "rows", inputs);
        graph.name(graph.linear(Rows.of("x"), new Tensor(weight, OUTPUTS, inputs)), "y");
        graph.output("y", DataType.FLOAT, "rows", OUTPUTS);
        float[] alone = run(graph, "x", quiet, 1, inputs);
        float[] beside = run(graph, "x", both, 2, inputs);
        for (int o = 0; o < OUTPUTS; o++) {
            assertThat(beside[o]).isEqualTo(alone[o]);
        }
    }

    /** The step of a number of a table: of its row, or of its block. */
    private static double step(Precision precision, float[] table, int width, int row, int column) {
        return precision == Precision.INT8_ROWWISE
                ? GraphBuilder.scaleOfPairs(table, row * width, width)
                : largest(table, row * width + column / 16 * 16, 16) / 127;
    }

    @Test
    void shouldGiveNothingButTheBiasForARowOfZeros() throws Exception {
        float[] bias = gaussian(OUTPUTS, OUTPUTS);
        GraphBuilder graph = new GraphBuilder(Precision.INT8_ROWWISE);
        graph.input("x", DataType.FLOAT, "rows", 64);
        Tensor weight = new Tensor(gaussian(OUTPUTS * 64, 64), OUTPUTS, 64);
        graph.name(graph.linear(Rows.of("x"), weight, new Tensor(bias, OUTPUTS)), "y");
        graph.output("y", DataType.FLOAT, "rows", OUTPUTS);
        float[] x = gaussian(2 * 64, 64);
        Arrays.fill(x, 0, 64, 0);
        assertThat(Arrays.copyOf(run(graph, "x", x, 2, 64), OUTPUTS)).isEqualTo(bias);
    }

    private float[] run(GraphBuilder graph, String input, float[] values, long... shape) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape)) {
            return run(environment, graph, input, tensor);
        }
    }

    private float[] runIds(GraphBuilder graph, long... ids) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        try (OnnxTensor tensor =
                OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), new long[] {1, ids.length})) {
            return run(environment, graph, "ids", tensor);
        }
    }

    private float[] run(OrtEnvironment environment, GraphBuilder graph, String input, OnnxTensor tensor)
            throws Exception {
        Path file = temporary.resolve("graph.onnx");
        graph.write(file);
        try (OrtSession session = environment.createSession(file.toString());
                OrtSession.Result result = session.run(Map.of(input, tensor))) {
            return ((OnnxTensor) result.get("y").orElseThrow()).getFloatBuffer().array();
        }
    }

    private static int blockSize(int inputs) {
        return inputs % 128 == 0 ? 128 : 16;
    }

    private float[] gaussian(int count, int inputs) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(inputs));
        }
        return values;
    }

    private static double largest(float[] values, int from, int length) {
        double largest = 0;
        for (int i = from; i < from + length; i++) {
            largest = Math.max(largest, Math.abs(values[i]));
        }
        return largest;
    }
}
