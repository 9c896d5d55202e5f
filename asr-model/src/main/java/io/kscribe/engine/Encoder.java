package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import io.kscribe.compiler.WhisperConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    private final OrtEnvironment environment;
    private final WhisperConfig config;
    private final OrtSession session;
    /** Memory that no one uses: as many pieces as were in use at once. */
    private final ConcurrentLinkedDeque<ByteBuffer> spare = new ConcurrentLinkedDeque<>();

    Encoder(OrtEnvironment environment, WhisperConfig config, Path graph) throws OrtException {
        this.environment = environment;
        this.config = config;
        session = WhisperEngine.session(environment, graph);
    }

    /** What the decoder's inputs take for a position of one lane, in bytes. */
    static long bytesOfPosition(WhisperConfig config) {
        return 2L * config.decoderLayers() * config.modelWidth() * Float.BYTES;
    }

    /** Encodes a window, with a layout that was made for its length. */
    Heard hear(SpeechWindow window, ContextLayout layout) throws OrtException {
        OnnxTensor keyBias = keyBias(layout);
        try {
            Result encoded = encode(window, layout, keyBias, Map.of());
            Map<String, OnnxTensor> tensors = new HashMap<>();
            encoded.forEach(output -> tensors.put(output.getKey(), (OnnxTensor) output.getValue()));
            tensors.put("key_bias", keyBias);
            return new Heard(List.of(window), List.of(layout), 1, tensors, () -> {
                encoded.close();
                keyBias.close();
            });
        } catch (OrtException e) {
            keyBias.close();
            throw e;
        }
    }

    /** Encodes several windows, with layouts that were made for their lengths. */
    Heard hear(List<SpeechWindow> windows, List<ContextLayout> layouts) throws OrtException {
        int longest = layouts.stream().mapToInt(ContextLayout::size).max().orElseThrow();
        int size = (longest + LANE_STEP - 1) / LANE_STEP * LANE_STEP;
        List<ContextLayout> filled =
                layouts.stream().map(layout -> layout.filledTo(size)).toList();
        int lanes = windows.size() + windows.size() % 2;
        int laneBytes = Math.toIntExact(size * bytesOfPosition(config) / (2L * config.decoderLayers()));
        ByteBuffer memory = memory(2 * config.decoderLayers() * lanes * laneBytes);
        List<OnnxTensor> open = new ArrayList<>();
        Runnable release = () -> {
            open.forEach(OnnxTensor::close);
            spare.push(memory);
        };
        try {
            Map<String, OnnxTensor> tensors = new HashMap<>();
            List<Map<String, OnnxTensor>> outputs = new ArrayList<>();
            for (int lane = 0; lane < lanes; lane++) {
                outputs.add(new HashMap<>());
            }
            int at = 0;
            for (String name : session.getOutputNames()) {
                tensors.put(name, opened(open, heads(memory.slice(at, lanes * laneBytes), lanes, size)));
                for (int lane = 0; lane < lanes; lane++) {
                    outputs.get(lane).put(name, opened(open, heads(memory.slice(at, laneBytes), 1, size)));
                    at += laneBytes;
                }
            }
            FloatBuffer biases = FloatBuffer.allocate(lanes * size);
            filled.forEach(layout -> biases.put(layout.keyBias()));
            biases.position(biases.capacity());
            long[] shape = {lanes, 1, 1, size};
            tensors.put("key_bias", opened(open, OnnxTensor.createTensor(environment, biases.flip(), shape)));
            for (int lane = 0; lane < windows.size(); lane++) {
                try (OnnxTensor keyBias = keyBias(filled.get(lane))) {
                    encode(windows.get(lane), filled.get(lane), keyBias, outputs.get(lane))
                            .close();
                }
            }
            return new Heard(windows, filled, lanes, tensors, release);
        } catch (OrtException e) {
            release.run();
            throw e;
        }
    }

    private static OnnxTensor opened(List<OnnxTensor> open, OnnxTensor tensor) {
        open.add(tensor);
        return tensor;
    }

    private ByteBuffer memory(int bytes) {
        ByteBuffer last = spare.poll();
        return last != null && last.capacity() >= bytes ? last : ByteBuffer.allocateDirect(bytes);
    }

    private OnnxTensor heads(ByteBuffer memory, int lanes, int size) throws OrtException {
        long[] shape = {lanes, config.decoderHeads(), size, config.headWidth()};
        return OnnxTensor.createTensor(
                environment, memory.order(ByteOrder.nativeOrder()).asFloatBuffer(), shape);
    }

    private OnnxTensor keyBias(ContextLayout layout) throws OrtException {
        return OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(layout.keyBias()), new long[] {1, 1, 1, layout.size()});
    }

    private Result encode(
            SpeechWindow window, ContextLayout layout, OnnxTensor keyBias, Map<String, OnnxTensor> outputs)
            throws OrtException {
        long[] places = {layout.size()};
        long[] melShape = {1, window.melBins(), window.frames()};
        try (OnnxTensor mel = OnnxTensor.createTensor(environment, FloatBuffer.wrap(window.mel()), melShape);
                OnnxTensor sources = OnnxTensor.createTensor(environment, LongBuffer.wrap(layout.sources()), places);
                OnnxTensor positions =
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(layout.positions()), places)) {
            Map<String, OnnxTensor> inputs =
                    Map.of("mel", mel, "source", sources, "position", positions, "key_bias", keyBias);
            return outputs.isEmpty() ? session.run(inputs) : session.run(inputs, Set.of(), outputs);
        }
    }

    @Override
    public void close() throws OrtException {
        session.close();
        spare.clear();
    }
}
