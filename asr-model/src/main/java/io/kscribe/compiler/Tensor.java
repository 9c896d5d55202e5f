package io.kscribe.compiler;

import java.util.Arrays;

/**
 * A constant of single-precision numbers, row-major.
 *
 * @param values the elements; the caller gives the array away
 * @param shape the length of each axis, outermost first; empty for a scalar
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of bulk numbers, never compared
record Tensor(float[] values, int... shape) {
    Tensor {
        int elements = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (elements != values.length) {
            throw new IllegalArgumentException("shape " + Arrays.toString(shape) + " asks for " + elements
                    + " values, there are " + values.length);
        }
    }

    /** The matrix {@code [rows, columns]} with its axes exchanged. */
    Tensor transposed() {
        int rows = shape[0];
        int columns = shape[1];
        float[] out = new float[values.length];
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                out[c * rows + r] = values[r * columns + c];
            }
        }
        return new Tensor(out, columns, rows);
    }

    /** Every value times a factor. */
    Tensor times(float factor) {
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i] * factor;
        }
        return new Tensor(out, shape);
    }

    /** The matrix {@code [rows, columns]} with each column times a factor {@code [columns]}. */
    Tensor timesColumns(Tensor factors) {
        int columns = factors.values.length;
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i] * factors.values[i % columns];
        }
        return new Tensor(out, shape);
    }

    /** The matrix {@code [rows, columns]} times a vector {@code [columns]}. */
    Tensor timesVector(Tensor vector) {
        int columns = vector.values.length;
        float[] out = new float[values.length / columns];
        for (int row = 0; row < out.length; row++) {
            double sum = 0;
            for (int i = 0; i < columns; i++) {
                sum += (double) values[row * columns + i] * vector.values[i];
            }
            out[row] = (float) sum;
        }
        return new Tensor(out, out.length);
    }

    /** The sum with a tensor of the same shape. */
    Tensor plus(Tensor other) {
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i] + other.values[i];
        }
        return new Tensor(out, shape);
    }

    /** The largest magnitude of each column of the matrix {@code [rows, columns]}. */
    Tensor largestOfColumns() {
        float[] largest = new float[shape[1]];
        for (int i = 0; i < values.length; i++) {
            largest[i % largest.length] = Math.max(largest[i % largest.length], Math.abs(values[i]));
        }
        return new Tensor(largest, largest.length);
    }

    /** The mean along the outermost axis. */
    Tensor mean() {
        int rows = shape[0];
        float[] out = new float[values.length / rows];
        for (int column = 0; column < out.length; column++) {
            double mean = 0;
            for (int row = 0; row < rows; row++) {
                mean += values[row * out.length + column] / (double) rows;
            }
            out[column] = (float) mean;
        }
        return new Tensor(out, Arrays.copyOfRange(shape, 1, shape.length));
    }

    /** With something added to each part along the outermost axis. */
    Tensor plusEach(Tensor part) {
        float[] out = new float[values.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = values[i] + part.values[i % part.values.length];
        }
        return new Tensor(out, shape);
    }

    /** Moved along the outermost axis so that its mean is zero. */
    Tensor centred() {
        return plusEach(mean().times(-1));
    }

    /** Tensors of equal inner axes, one after the other along the outermost. */
    static Tensor concatenated(Tensor... parts) {
        int outer = 0;
        int total = 0;
        for (Tensor part : parts) {
            outer += part.shape[0];
            total += part.values.length;
        }
        float[] out = new float[total];
        int at = 0;
        for (Tensor part : parts) {
            System.arraycopy(part.values, 0, out, at, part.values.length);
            at += part.values.length;
        }
        int[] shape = parts[0].shape.clone();
        shape[0] = outer;
        return new Tensor(out, shape);
    }

    static Tensor zeros(int... shape) {
        return new Tensor(new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)], shape);
    }
}
