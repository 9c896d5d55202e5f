package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.kscribe.compiler.WhisperConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One piece of memory for what the encoder makes of so many positions, a slot each: its own keys and values, and those for the decoder. */
final class EncoderSlots {
    private final WhisperConfig config;
    private final ByteBuffer memory;
    private final int size;

    /** {@code key.l, value.l [size, width]}, in the graph's order. */
    private final List<FloatBuffer> self = new ArrayList<>();

    /** {@code cross_key.l, cross_value.l [heads, size, headWidth]}, in the graph's order. */
    private final List<FloatBuffer> cross = new ArrayList<>();

    /**
     * As many slots as there is memory for.
     *
     * @param memory direct
     */
    EncoderSlots(WhisperConfig config, ByteBuffer memory) {
        this.config = config;
        this.memory = memory;
        size = memory.capacity() / bytesOfSlot(config);
        int at = 0;
        for (int i = 0; i < 2 * config.encoderLayers(); i++) {
            at += part(self, at, selfWidth(i));
        }
        for (int i = 0; i < 2 * config.decoderLayers(); i++) {
            at += part(cross, at, config.modelWidth());
        }
    }

    private int part(List<FloatBuffer> parts, int at, int width) {
        int bytes = size * width * Float.BYTES;
        parts.add(memory.slice(at, bytes).order(ByteOrder.nativeOrder()).asFloatBuffer());
        return bytes;
    }

    /** A key has one feature more for each head; see {@link io.kscribe.compiler}. */
    private int selfWidth(int output) {
        return config.modelWidth() + (output % 2 == 0 ? config.encoderHeads() : 0);
    }

    /** How much memory a slot takes. */
    static int bytesOfSlot(WhisperConfig config) {
        int ofEncoder = config.encoderLayers() * (2 * config.modelWidth() + config.encoderHeads());
        return (ofEncoder + 2 * config.decoderLayers() * config.modelWidth()) * Float.BYTES;
    }

    ByteBuffer memory() {
        return memory;
    }

    int size() {
        return size;
    }

    /**
     * The encoder's {@code key.l, value.l} or, as its input, {@code past_key.l, past_value.l} in some slots.
     *
     * @param prefix "" or "past_"
     */
    void put(Map<String, OnnxTensor> tensors, String prefix, NativeScope scope, int from, int slots)
            throws OrtException {
        for (int i = 0; i < self.size(); i++) {
            int width = selfWidth(i);
            FloatBuffer part = self.get(i).slice(from * width, slots * width);
            tensors.put(prefix + (i % 2 == 0 ? "key." : "value.") + i / 2, scope.floats(part, slots, width));
        }
    }

    /**
     * One of the keys and values for the decoder, of all slots.
     *
     * @param output which, counted through the graph's {@code cross_key.l, cross_value.l}
     */
    FloatBuffer cross(int output) {
        return cross.get(output);
    }

    /** Where in that a slot of a head begins. */
    int crossPlace(int head, int slot) {
        return (head * size + slot) * config.headWidth();
    }

    /** Takes what some slots of another piece of memory hold. */
    void copy(int to, EncoderSlots other, int from, int slots) {
        for (int i = 0; i < self.size(); i++) {
            int width = selfWidth(i);
            self.get(i).put(to * width, other.self.get(i), from * width, slots * width);
        }
        for (int i = 0; i < cross.size(); i++) {
            for (int head = 0; head < config.decoderHeads(); head++) {
                cross.get(i)
                        .put(
                                crossPlace(head, to),
                                other.cross.get(i),
                                other.crossPlace(head, from),
                                slots * config.headWidth());
            }
        }
    }
}
