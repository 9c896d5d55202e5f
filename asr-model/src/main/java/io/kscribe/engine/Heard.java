package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import java.util.List;
import java.util.Map;

/**
 * Windows that have gone through the encoder, a lane each, to be decoded as often as it takes.
 */
final class Heard implements AutoCloseable {
    private final List<SpeechWindow> windows;
    private final List<ContextLayout> layouts;
    private final Map<String, OnnxTensor> tensors;
    private final Runnable release;
    private boolean closed;

    /**
     * Takes over what the encoder made.
     *
     * @param layouts what of each window was encoded, all of the same size T
     * @param tensors {@code cross_key.l, cross_value.l [lanes, heads, T, headWidth]} for each decoder layer l, and {@code key_bias
     *     [lanes, 1, 1, T]}
     * @param release gives their memory back
     */
    Heard(List<SpeechWindow> windows, List<ContextLayout> layouts, Map<String, OnnxTensor> tensors, Runnable release) {
        this.windows = List.copyOf(windows);
        this.layouts = List.copyOf(layouts);
        this.tensors = Map.copyOf(tensors);
        this.release = release;
    }

    int lanes() {
        return windows.size();
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
