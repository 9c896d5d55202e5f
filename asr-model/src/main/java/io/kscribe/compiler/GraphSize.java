package io.kscribe.compiler;

import io.kscribe.model.ModelException;
import java.util.Locale;

/** Knows how many parameters a model has in each of its graphs, and so which precision fits an ONNX file. */
final class GraphSize {
    /** What Protocol Buffers can hold in a message, and so what an ONNX file can with its weights inside: 2 GB. */
    static final long LARGEST_GRAPH_BYTES = Integer.MAX_VALUE;

    /** At most: the smallest blocks have a scale of 4 bytes for 16 weights. */
    private static final double BYTES_A_QUANTISED_PARAMETER = 1.25;

    private static final double BYTES_A_GIGABYTE = 1e9;
    private static final int KERNEL = 3;

    private GraphSize() {}

    /** Numbers that a checkpoint's encoder graph is made of: the encoder, and the keys and values of every decoder layer. */
    static long encoderParameters(WhisperConfig config) {
        long width = config.modelWidth();
        long convolutions = width * config.melBins() * KERNEL + width * width * KERNEL + 2 * width;
        long layer = norm(width) + attention(width) + block(width, config.encoderFeedForward());
        return convolutions
                + width * config.audioPositions()
                + config.encoderLayers() * layer
                + norm(width)
                + config.decoderLayers() * keysAndValues(width);
    }

    /** Numbers that a checkpoint's decoder graph is made of. */
    static long decoderParameters(WhisperConfig config) {
        long width = config.modelWidth();
        long layer = 2 * norm(width)
                + 2 * attention(width)
                - keysAndValues(width)
                + block(width, config.decoderFeedForward());
        return width * config.vocabulary()
                + width * config.textPositions()
                + config.decoderLayers() * layer
                + norm(width);
    }

    /** A perceptron and the norm before it. */
    private static long block(long width, long hidden) {
        return norm(width) + 2 * width * hidden + hidden + width;
    }

    private static long norm(long width) {
        return 2 * width;
    }

    /** Four square layers, all but the keys' with a bias. */
    private static long attention(long width) {
        return 4 * width * width + 3 * width;
    }

    private static long keysAndValues(long width) {
        return 2 * width * width + width;
    }

    /**
     * Makes sure that both graphs fit.
     *
     * @throws ModelException if one does not, naming its size
     */
    static void requireFits(WhisperConfig config, Precision encoder, Precision decoder) throws ModelException {
        requireFits("encoder", encoderParameters(config), encoder);
        requireFits("decoder", decoderParameters(config), decoder);
    }

    private static void requireFits(String graph, long parameters, Precision precision) throws ModelException {
        double bytes = parameters * (precision == Precision.FP32 ? Float.BYTES : BYTES_A_QUANTISED_PARAMETER);
        if (bytes > LARGEST_GRAPH_BYTES) {
            throw new ModelException(String.format(
                    Locale.ROOT,
                    "the %s of %d parameters would take about %.1f GB in %s, an ONNX file holds at most %.1f GB%s",
                    graph,
                    parameters,
                    bytes / BYTES_A_GIGABYTE,
                    precision.label(),
                    LARGEST_GRAPH_BYTES / BYTES_A_GIGABYTE,
                    precision == Precision.FP32 ? ": compile it in 8 bits" : ""));
        }
    }
}
