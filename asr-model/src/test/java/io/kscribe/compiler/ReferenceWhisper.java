package io.kscribe.compiler;

import io.kscribe.testing.RandomCheckpoint;
import io.kscribe.testing.RandomCheckpoint.Weight;

/**
 * Whisper as the paper describes it (Radford et al., arXiv:2212.04356), in double precision, over the full window, one obvious loop
 * after the other and without a cache: what the compiled graphs must come to.
 */
final class ReferenceWhisper {
    private static final double EPSILON = 1e-5;

    private final RandomCheckpoint checkpoint;
    private final int width;

    ReferenceWhisper(RandomCheckpoint checkpoint) {
        this.checkpoint = checkpoint;
        width = checkpoint.dimensions().width();
    }

    /** The encoder's result {@code [1500][width]} for a mel {@code [bins][3000]}. */
    double[][] encode(double[][] mel) {
        double[][] x = gelu(convolution(mel, "model.encoder.conv1", 1));
        x = transposed(gelu(convolution(x, "model.encoder.conv2", 2)));
        x = sum(x, rows("model.encoder.embed_positions.weight"));
        for (int l = 0; l < checkpoint.dimensions().encoderLayers(); l++) {
            String layer = "model.encoder.layers." + l + ".";
            double[][] y = norm(x, layer + "self_attn_layer_norm");
            x = sum(
                    x,
                    attention(y, y, layer + "self_attn", checkpoint.dimensions().encoderHeads(), false));
            x = sum(x, perceptron(norm(x, layer + "final_layer_norm"), layer));
        }
        return norm(x, "model.encoder.layer_norm");
    }

    /** The log-probabilities {@code [ids][vocabulary]} of the token after each token. */
    double[][] decode(double[][] encoded, int... ids) {
        double[][] tokens = rows("model.decoder.embed_tokens.weight");
        double[][] positions = rows("model.decoder.embed_positions.weight");
        double[][] x = new double[ids.length][];
        for (int i = 0; i < ids.length; i++) {
            x[i] = sum(new double[][] {tokens[ids[i]]}, new double[][] {positions[i]})[0];
        }
        int heads = checkpoint.dimensions().decoderHeads();
        for (int l = 0; l < checkpoint.dimensions().decoderLayers(); l++) {
            String layer = "model.decoder.layers." + l + ".";
            double[][] y = norm(x, layer + "self_attn_layer_norm");
            x = sum(x, attention(y, y, layer + "self_attn", heads, true));
            y = norm(x, layer + "encoder_attn_layer_norm");
            x = sum(x, attention(y, encoded, layer + "encoder_attn", heads, false));
            x = sum(x, perceptron(norm(x, layer + "final_layer_norm"), layer));
        }
        double[][] logits = product(norm(x, "model.decoder.layer_norm"), tokens);
        for (double[] row : logits) {
            double[] shares = row.clone();
            softmax(shares, shares.length);
            for (int i = 0; i < row.length; i++) {
                row[i] = Math.log(shares[i]);
            }
        }
        return logits;
    }

    /** What a projection of the first decoder layer makes of the encoder's result, {@code [1500][width]}. */
    double[][] project(double[][] encoded, String projection, boolean biased) {
        return linear(encoded, "model.decoder.layers.0." + projection, biased);
    }

    private double[][] attention(double[][] x, double[][] heard, String name, int heads, boolean causal) {
        double[][] queries = linear(x, name + ".q_proj", true);
        double[][] keys = linear(heard, name + ".k_proj", false);
        double[][] values = linear(heard, name + ".v_proj", true);
        double[][] attended = new double[x.length][width];
        int headWidth = width / heads;
        for (int from = 0; from < width; from += headWidth) {
            for (int q = 0; q < x.length; q++) {
                int visible = causal ? q + 1 : heard.length;
                double[] shares = new double[visible];
                for (int k = 0; k < visible; k++) {
                    for (int i = from; i < from + headWidth; i++) {
                        shares[k] += queries[q][i] * keys[k][i] / Math.sqrt(headWidth);
                    }
                }
                softmax(shares, visible);
                for (int k = 0; k < visible; k++) {
                    for (int i = from; i < from + headWidth; i++) {
                        attended[q][i] += shares[k] * values[k][i];
                    }
                }
            }
        }
        return linear(attended, name + ".out_proj", true);
    }

    private static void softmax(double[] x, int length) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            largest = Math.max(largest, x[i]);
        }
        double total = 0;
        for (int i = 0; i < length; i++) {
            x[i] = Math.exp(x[i] - largest);
            total += x[i];
        }
        for (int i = 0; i < length; i++) {
            x[i] /= total;
        }
    }

    private double[][] perceptron(double[][] x, String layer) {
        return linear(gelu(linear(x, layer + "fc1", true)), layer + "fc2", true);
    }

    private double[][] linear(double[][] x, String name, boolean biased) {
        double[][] y = product(x, rows(name + ".weight"));
        if (biased) {
            float[] bias = checkpoint.weight(name + ".bias").values();
            for (double[] row : y) {
                for (int i = 0; i < row.length; i++) {
                    row[i] += bias[i];
                }
            }
        }
        return y;
    }

    /** {@code x W^T}. */
    private static double[][] product(double[][] x, double[][] weight) {
        double[][] y = new double[x.length][weight.length];
        for (int row = 0; row < x.length; row++) {
            for (int out = 0; out < weight.length; out++) {
                for (int in = 0; in < x[row].length; in++) {
                    y[row][out] += x[row][in] * weight[out][in];
                }
            }
        }
        return y;
    }

    private double[][] norm(double[][] x, String name) {
        float[] gain = checkpoint.weight(name + ".weight").values();
        float[] bias = checkpoint.weight(name + ".bias").values();
        double[][] y = new double[x.length][width];
        for (int row = 0; row < x.length; row++) {
            double mean = 0;
            for (double value : x[row]) {
                mean += value / width;
            }
            double variance = 0;
            for (double value : x[row]) {
                variance += (value - mean) * (value - mean) / width;
            }
            for (int i = 0; i < width; i++) {
                y[row][i] = (x[row][i] - mean) / Math.sqrt(variance + EPSILON) * gain[i] + bias[i];
            }
        }
        return y;
    }

    /** {@code [in][length]} to {@code [out][length / stride]}, three wide, zeros at the ends. */
    private double[][] convolution(double[][] x, String name, int stride) {
        Weight weight = checkpoint.weight(name + ".weight");
        float[] bias = checkpoint.weight(name + ".bias").values();
        int length = x[0].length;
        double[][] y = new double[width][length / stride];
        for (int out = 0; out < width; out++) {
            for (int at = 0; at < length / stride; at++) {
                y[out][at] = bias[out];
                for (int in = 0; in < x.length; in++) {
                    for (int tap = 0; tap < 3; tap++) {
                        int source = at * stride + tap - 1;
                        if (source >= 0 && source < length) {
                            y[out][at] += x[in][source] * weight.values()[(out * x.length + in) * 3 + tap];
                        }
                    }
                }
            }
        }
        return y;
    }

    private static double[][] gelu(double[][] x) {
        for (double[] row : x) {
            for (int i = 0; i < row.length; i++) {
                row[i] *= (1 + erf(row[i] / Math.sqrt(2))) / 2;
            }
        }
        return x;
    }

    /** The error function by its series, {@code 2 / sqrt(pi) * exp(-x²) * sum of 2^n x^(2n+1) / (1 * 3 * ... * (2n+1))}. */
    private static double erf(double x) {
        if (Math.abs(x) > 6) {
            return Math.signum(x);
        }
        double term = x;
        double total = x;
        for (int n = 1; Math.abs(term) > 1e-18 * Math.abs(total); n++) {
            term *= 2 * x * x / (2 * n + 1);
            total += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * total;
    }

    private static double[][] sum(double[][] a, double[][] b) {
        double[][] sum = new double[a.length][a[0].length];
        for (int row = 0; row < a.length; row++) {
            for (int i = 0; i < sum[row].length; i++) {
                sum[row][i] = a[row][i] + b[row][i];
            }
        }
        return sum;
    }

    private static double[][] transposed(double[][] x) {
        double[][] y = new double[x[0].length][x.length];
        for (int row = 0; row < x.length; row++) {
            for (int i = 0; i < y.length; i++) {
                y[i][row] = x[row][i];
            }
        }
        return y;
    }

    private double[][] rows(String name) {
        Weight weight = checkpoint.weight(name);
        int columns = weight.shape()[1];
        double[][] rows = new double[weight.shape()[0]][columns];
        for (int i = 0; i < weight.values().length; i++) {
            rows[i / columns][i % columns] = weight.values()[i];
        }
        return rows;
    }
}
