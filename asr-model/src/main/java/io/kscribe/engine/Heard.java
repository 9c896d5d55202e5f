package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import java.util.List;
import java.util.Map;

/**
 * Windows that have gone through the encoder, a lane each, to be decoded as often as it takes.
 *
 * <p>Several windows have an even number of lanes, the last of which may be empty. ONNX Runtime computes the rows of a matrix in
 * pairs, and an odd one out with another kernel, whose sums are rounded otherwise; with pairs alone no lane depends on how
 * many others there are.
 */
final class Heard implements AutoCloseable {
    private final List<SpeechWindow> windows;
    private final List<ContextLayout> layouts;
    private final int lanes;
    private final Map<String, OnnxTensor> tensors;
    private final Runnable release;
    private boolean closed;

    /**
     * Takes over what the encoder made.
     *
     * @param layouts what of each window was encoded, all of the same size T
     * @param lanes as many as windows, or one more
     * @param tensors {@code cross_key.l, cross_value.l [lanes, heads, T, headWidth]} for each decoder layer l, and {@code key_bias
     *     [lanes, 1, 1, T]}
     * @param release gives their memory back
     */
    Heard(
            List<SpeechWindow> windows,
            List<ContextLayout> layouts,
            int lanes,
            Map<String, OnnxTensor> tensors,
            Runnable release) {
        this.windows = List.copyOf(windows);
        this.layouts = List.copyOf(layouts);
        this.lanes = lanes;
        this.tensors = Map.copyOf(tensors);
        this.release = release;
    }

    int lanes() {
        return lanes;
    }

    SpeechWindow window(int lane) {
        return windows.get(lane);
    }

    /** Leading positions of a lane that hold audio, 20 ms each. */
    int audioPositions(int lane) {
        return layouts.get(lane).audioPositions();
    }

    /** Inputs of the decoder graph by their names. */
    Map<String, OnnxTensor> tensors() {
        return tensors;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            release.run();
        }
    }
}
