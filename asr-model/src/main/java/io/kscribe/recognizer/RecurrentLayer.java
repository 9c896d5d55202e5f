package io.kscribe.recognizer;

import io.kscribe.compiler.CompiledDetector;
import java.util.Arrays;

/**
 * The voice activity detector's recurrent layer, frame by frame: long short-term memory as in Hochreiter and Schmidhuber (1997) with a
 * forget gate, gates in the order input, forget, cell, output.
 *
 * <p>Runs in Java because it is needed frame by frame, with the memory after each: a call of ONNX Runtime costs more than the layer.
 */
final class RecurrentLayer {
    private static final int WIDTH = CompiledDetector.WIDTH;
    private static final int GATES = 4 * WIDTH;

    /** {@code [WIDTH][GATES]}: an array a row, since Java does not vectorise a sum over places of one and the same array. */
    private final float[][] weights = new float[WIDTH][];

    private final float[] output;
    private final float outputBias;

    RecurrentLayer(CompiledDetector detector) {
        for (int i = 0; i < WIDTH; i++) {
            weights[i] = Arrays.copyOfRange(detector.recurrent(), i * GATES, (i + 1) * GATES);
        }
        output = detector.output();
        outputBias = detector.outputBias();
    }

    /**
     * What the layer remembers after the next frame.
     *
     * @param memory {@code [2, WIDTH]}: the last output, the cells
     * @param gates {@code [frames, GATES]}
     * @param frame which of them
     */
    float[] next(float[] memory, float[] gates, int frame) {
        float[] sums = Arrays.copyOfRange(gates, frame * GATES, (frame + 1) * GATES);
        for (int i = 0; i < WIDTH; i += 4) {
            addRows(
                    memory[i],
                    weights[i],
                    memory[i + 1],
                    weights[i + 1],
                    memory[i + 2],
                    weights[i + 2],
                    memory[i + 3],
                    weights[i + 3],
                    sums);
        }
        float[] next = new float[2 * WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            float cell = sigmoid(sums[WIDTH + i]) * memory[WIDTH + i] + sigmoid(sums[i]) * tanh(sums[2 * WIDTH + i]);
            next[WIDTH + i] = cell;
            next[i] = sigmoid(sums[3 * WIDTH + i]) * tanh(cell);
        }
        return next;
    }

    /** {@code a A + b B + c C + d D}, added: of four rows at a time, so that the sums are read and written a quarter as often. */
    private static void addRows(
            float a, float[] rowA, float b, float[] rowB, float c, float[] rowC, float d, float[] rowD, float[] sums) {
        for (int j = 0; j < GATES; j++) {
            sums[j] += a * rowA[j] + b * rowB[j] + c * rowC[j] + d * rowD[j];
        }
    }

    /** The probability of speech, 0 to 1, after {@link #next} gave this memory. */
    float speech(float[] memory) {
        float logOdds = outputBias;
        for (int i = 0; i < WIDTH; i++) {
            logOdds += Math.max(0, memory[i]) * output[i];
        }
        return sigmoid(logOdds);
    }

    private static float sigmoid(float x) {
        return (float) (1 / (1 + Math.exp(-x)));
    }

    private static float tanh(float x) {
        return (float) (1 - 2 / (1 + Math.exp(2 * x)));
    }
}
