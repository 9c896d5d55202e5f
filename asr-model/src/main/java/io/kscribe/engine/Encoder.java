package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.kscribe.compiler.WhisperConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Runs the encoder graph over windows.
 *
 * <p>Several windows are encoded one after the other, as there is nothing to be gained by doing it at once, but into one piece of memory,
 * where the decoder finds them side by side. Thread-safe.
 */
final class Encoder implements AutoCloseable {
    /** Sizes that lanes are filled up to: a vector of numbers is summed up alike however much is masked after it. */
    private static final int LANE_STEP = 16;

    private final NativeScope scope;
    private final WhisperConfig config;
    private final OrtSession session;
    /** Memory that no one uses: as many pieces as were in use at once. */
    private final ConcurrentLinkedDeque<ByteBuffer> spare = new ConcurrentLinkedDeque<>();

    /**
     * Loads a graph.
     *
     * @param scope holds the graph's session
     */
    Encoder(NativeScope scope, WhisperConfig config, Path graph) throws OrtException {
        this.scope = scope;
        this.config = config;
        session = scope.session(graph);
    }

    /** How many positions a lane has for so many. */
    static int laneSize(int positions) {
        return (positions + LANE_STEP - 1) / LANE_STEP * LANE_STEP;
    }

    /** What the decoder's inputs take for a position of one lane, in bytes. */
    static long bytesOfPosition(WhisperConfig config) {
        return 2L * config.decoderLayers() * config.modelWidth() * Float.BYTES;
    }

    /** Encodes a window, with a layout that was made for its length. */
    Heard hear(SpeechWindow window, ContextLayout layout) throws OrtException {
        return hear(List.of(window), List.of(layout));
    }

    /** Encodes several windows, with layouts that were made for their lengths. */
    Heard hear(List<SpeechWindow> windows, List<ContextLayout> layouts) throws OrtException {
        int size = laneSize(layouts.stream().mapToInt(ContextLayout::size).max().orElseThrow());
        List<ContextLayout> filled =
                layouts.stream().map(layout -> layout.filledTo(size)).toList();
        int lanes = windows.size();
        int laneBytes = Math.toIntExact(size * bytesOfPosition(config) / session.getNumOutputs());
        ByteBuffer memory = memory(Math.toIntExact(session.getNumOutputs() * lanes * laneBytes));
        NativeScope batch = scope.another();
        Runnable release = () -> {
            batch.close();
            spare.push(memory);
        };
        boolean done = false;
        try {
            Map<String, OnnxTensor> tensors = new HashMap<>();
            FloatBuffer biases = FloatBuffer.allocate(lanes * size);
            filled.forEach(layout -> biases.put(layout.keyBias()));
            tensors.put("key_bias", batch.floats(biases.rewind(), lanes, 1, 1, size));
            int at = 0;
            for (String name : session.getOutputNames()) {
                tensors.put(name, heads(batch, memory.slice(at, lanes * laneBytes), lanes, size));
                at += lanes * laneBytes;
            }
            for (int lane = 0; lane < windows.size(); lane++) {
                encode(windows.get(lane), filled.get(lane), memory, lane * laneBytes, lanes * laneBytes);
            }
            done = true;
            return new Heard(windows, filled, tensors, release);
        } finally {
            if (!done) {
                release.run();
            }
        }
    }

    /** Encodes a window into its parts of a batch's memory, the first of which begins at a byte, and each at so many bytes after another. */
    private void encode(SpeechWindow window, ContextLayout layout, ByteBuffer memory, int from, int step)
            throws OrtException {
        try (NativeScope lane = scope.another()) {
            Map<String, OnnxTensor> outputs = new HashMap<>();
            int at = from;
            for (String name : session.getOutputNames()) {
                outputs.put(name, heads(lane, memory.slice(at, memory.capacity() - at), 1, layout.size()));
                at += step;
            }
            OnnxTensor keyBias = lane.floats(layout.keyBias(), 1, 1, 1, layout.size());
            lane.run(session, inputs(lane, window, layout, keyBias), outputs);
        }
    }

    private ByteBuffer memory(int bytes) {
        ByteBuffer last = spare.poll();
        return last != null && last.capacity() >= bytes ? last : ByteBuffer.allocateDirect(bytes);
    }

    /** Keys or values {@code [lanes, heads, size, headWidth]} at the beginning of a piece of memory. */
    private OnnxTensor heads(NativeScope holder, ByteBuffer memory, int lanes, int size) throws OrtException {
        FloatBuffer values = memory.order(ByteOrder.nativeOrder()).asFloatBuffer();
        values.limit(lanes * config.decoderHeads() * size * config.headWidth());
        return holder.floats(values, lanes, config.decoderHeads(), size, config.headWidth());
    }

    private static Map<String, OnnxTensor> inputs(
            NativeScope holder, SpeechWindow window, ContextLayout layout, OnnxTensor keyBias) throws OrtException {
        return Map.of(
                "mel", holder.floats(window.mel(), 1, window.melBins(), window.frames()),
                "source", holder.integers(layout.sources(), layout.size()),
                "position", holder.integers(layout.positions(), layout.size()),
                "key_bias", keyBias);
    }

    /** Lets spare memory go; the session is its scope's. */
    @Override
    public void close() {
        spare.clear();
    }
}
