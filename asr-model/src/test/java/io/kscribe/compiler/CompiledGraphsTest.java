package io.kscribe.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.model.ModelException;
import io.kscribe.testing.RandomCheckpoint;
import io.kscribe.testing.RandomCheckpoint.Dimensions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the graphs compute, against a forward pass written down from the paper: other layer counts and heads in decoder and encoder. */
class CompiledGraphsTest {
    private static final RandomCheckpoint CHECKPOINT =
            new RandomCheckpoint(new Dimensions(64, 128, 2, 4, 1, 2, 307), 11);
    private static final int[] IDS = {297, 298, 302, 305, 17, 255, 3};
    private static final double EXACT = 1e-4;

    /** How far log-probabilities in 8 bits may lie off, in quadratic mean, as a share of their own spread. */
    private static final double QUANTISATION_NOISE = 0.1;

    private static double[][] mel;
    private static double[][] encoded;
    private static double[][] expected;

    @TempDir
    private Path directory;

    @BeforeAll
    static void computeWhatIsExpected() {
        Random random = new Random(5);
        mel = new double[CHECKPOINT.dimensions().melBins()][3000];
        for (double[] row : mel) {
            Arrays.setAll(row, i -> (float) random.nextGaussian());
        }
        ReferenceWhisper reference = new ReferenceWhisper(CHECKPOINT);
        encoded = reference.encode(mel);
        expected = reference.decode(encoded, IDS);
    }

    @Test
    void shouldGiveTheDecoderKeysAndValuesOfWhatThePapersEncoderHears() throws Exception {
        ReferenceWhisper reference = new ReferenceWhisper(CHECKPOINT);
        try (GraphRunner runner = new GraphRunner(compiled(Precision.FP32))) {
            runner.encode(flat(mel));
            double[][] keys = reference.project(encoded, "encoder_attn.k_proj", false);
            assertClose(runner.crossKeys(0), headFirst(keys), EXACT);
            double[][] values = reference.project(encoded, "encoder_attn.v_proj", true);
            assertClose(runner.crossValues(0), headFirst(values), EXACT);
        }
    }

    @Test
    void shouldGiveTheProbabilitiesOfThePapersDecoder() throws Exception {
        try (GraphRunner runner = new GraphRunner(compiled(Precision.FP32))) {
            runner.encode(flat(mel));
            assertClose(runner.decode(longs(IDS)), flat(expected), EXACT);
        }
    }

    @Test
    void shouldGiveTheSameProbabilitiesATokenAtATime() throws Exception {
        try (GraphRunner runner = new GraphRunner(compiled(Precision.FP32))) {
            runner.encode(flat(mel));
            runner.decode(longs(Arrays.copyOf(IDS, 4)));
            for (int i = 4; i < IDS.length; i++) {
                assertClose(runner.decode(IDS[i]), flat(expected[i]), EXACT);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldStayCloseToThePaperInEveryPrecision(Precision precision) throws Exception {
        try (GraphRunner runner = new GraphRunner(compiled(precision))) {
            runner.encode(flat(mel));
            float[] actual = runner.decode(longs(IDS));
            assertThat(noise(actual, flat(expected))).isLessThan(QUANTISATION_NOISE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldShareAttentionAmongThePositions(Precision precision) throws Exception {
        try (GraphRunner runner = new GraphRunner(compiled(precision))) {
            runner.encode(flat(mel));
            runner.decode(longs(IDS));
            float[] alignment = runner.alignment();
            int rows = CHECKPOINT.dimensions().decoderHeads() * IDS.length;
            assertThat(alignment).hasSize(rows * encoded.length);
            for (int row = 0; row < rows; row++) {
                double total = 0;
                for (int position = 0; position < encoded.length; position++) {
                    total += alignment[row * encoded.length + position];
                }
                assertThat(total).isBetween(1 - EXACT, 1 + EXACT);
            }
        }
    }

    private static double noise(float[] actual, float[] exact) {
        double mean = 0;
        for (float value : exact) {
            mean += value / exact.length;
        }
        double error = 0;
        double spread = 0;
        for (int i = 0; i < exact.length; i++) {
            error += Math.pow(actual[i] - exact[i], 2);
            spread += Math.pow(exact[i] - mean, 2);
        }
        return Math.sqrt(error / spread);
    }

    private CompiledModel compiled(Precision precision) throws IOException, ModelException {
        CHECKPOINT.describe(directory).safetensors(directory, "BF16");
        return new GraphCompiler(directory.resolve("home"))
                .compile(RandomCheckpoint.in(directory), precision, precision);
    }

    private static void assertClose(float[] actual, float[] expected, double tolerance) {
        assertThat(actual).hasSameSizeAs(expected);
        double farthest = 0;
        for (int i = 0; i < actual.length; i++) {
            farthest = Math.max(farthest, Math.abs(actual[i] - (double) expected[i]));
        }
        assertThat(farthest).isLessThan(tolerance);
    }

    /** {@code [positions][width]} to {@code [heads, positions, headWidth]}. */
    private static float[] headFirst(double[][] x) {
        int headWidth =
                CHECKPOINT.dimensions().width() / CHECKPOINT.dimensions().decoderHeads();
        float[] out = new float[x.length * x[0].length];
        int at = 0;
        for (int from = 0; from < x[0].length; from += headWidth) {
            for (double[] row : x) {
                for (int i = from; i < from + headWidth; i++) {
                    out[at++] = (float) row[i];
                }
            }
        }
        return out;
    }

    private static float[] flat(double[]... rows) {
        float[] out = new float[rows.length * rows[0].length];
        for (int i = 0; i < out.length; i++) {
            out[i] = (float) rows[i / rows[0].length][i % rows[0].length];
        }
        return out;
    }

    private static long[] longs(int... values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
