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

/**
 * The encoder's keys and values of a window that grows, of which those of its beginning and of the silence at its end are not computed again
 * when it has grown.
 *
 * <p>A position depends on all others, so what is kept is what it was when the window was shorter. That is near enough for a partial, if it had
 * some audio after it then ({@link #LOOKAHEAD_POSITIONS}) and all is computed anew now and then ({@link #MOST_STEPS}).
 *
 * <p>What is kept lies in slots: first the runs of merged silence, then the window from its first position on. So what is kept is one piece of
 * memory, and what is computed comes right after it; the order of keys does not matter to attention. Not thread-safe.
 */
final class EncoderCache {
    /** Positions at the end of the audio that are computed again, as they have not heard what comes after them: 1 s. */
    static final int LOOKAHEAD_POSITIONS = 50;

    /** How many windows in a row are computed in part before one is computed whole. */
    static final int MOST_STEPS = 7;

    /** How much a window may grow before it needs other memory: 4 s. */
    private static final int ROOM_POSITIONS = 200;

    /** Slots come in so many, so that memory suits other windows too. */
    private static final int SLOT_STEP = 128;

    private final WhisperConfig config;
    private final ByteBuffer memory;

    /** {@code key.l, value.l [slots, width]}, in the graph's order. */
    private final List<FloatBuffer> self = new ArrayList<>();

    /** {@code cross_key.l, cross_value.l [heads, slots, headWidth]}, in the graph's order. */
    private final List<FloatBuffer> cross = new ArrayList<>();

    private final int slots;

    /** Slots of merged silence. */
    private int silence;

    /** Leading positions of the window that are kept. */
    private int before;

    /** How many windows have been computed since it was empty. */
    private int windows;

    /**
     * An empty one.
     *
     * @param memory as much as {@link #bytes} at least
     */
    EncoderCache(WhisperConfig config, ByteBuffer memory) {
        this.config = config;
        this.memory = memory.order(ByteOrder.nativeOrder());
        slots = (int) (memory.capacity() / bytesOfSlot(config));
        int at = 0;
        for (int i = 0; i < 2 * config.encoderLayers(); i++) {
            at += part(self, at, selfWidth(i));
        }
        for (int i = 0; i < 2 * config.decoderLayers(); i++) {
            at += part(cross, at, config.modelWidth());
        }
    }

    private int part(List<FloatBuffer> parts, int at, int width) {
        int bytes = slots * width * Float.BYTES;
        parts.add(memory.slice(at, bytes).order(ByteOrder.nativeOrder()).asFloatBuffer());
        return bytes;
    }

    /** A key has one feature more for each head; see {@link io.kscribe.compiler}. */
    private int selfWidth(int output) {
        return config.modelWidth() + (output % 2 == 0 ? config.encoderHeads() : 0);
    }

    private static long bytesOfSlot(WhisperConfig config) {
        long ofEncoder = (long) config.encoderLayers() * (2 * config.modelWidth() + config.encoderHeads());
        return (ofEncoder + 2L * config.decoderLayers() * config.modelWidth()) * Float.BYTES;
    }

    /** How much memory a window takes with room for its growth. */
    static int bytes(WhisperConfig config, ContextLayout layout) {
        int needed = layout.size() + ROOM_POSITIONS;
        int slots = (needed + SLOT_STEP - 1) / SLOT_STEP * SLOT_STEP;
        return Math.toIntExact(slots * bytesOfSlot(config));
    }

    ByteBuffer memory() {
        return memory;
    }

    /**
     * Gets ready for a window: to compute a part of it, if it has grown out of the last and it is not the turn of all, or all of it.
     *
     * @return false if there is no room for it
     */
    boolean prepare(ContextLayout layout) {
        int needed = layout.size() - layout.merged();
        boolean grows = windows <= MOST_STEPS && layout.audioPositions() >= before && layout.merged() <= silence;
        if (!grows || silence + needed > slots) {
            windows = 0;
            before = 0;
            silence = layout.merged();
        }
        return silence + needed <= slots;
    }

    /** Whether nothing is kept, and all of the next window is computed. */
    private boolean isEmpty() {
        return windows == 0;
    }

    /** Where in the slots the keys and values begin that are attended to: the silence that a window is left with lies last. */
    private int first(ContextLayout layout) {
        return silence - layout.merged();
    }

    /** How many slots of earlier windows are attended to. */
    private int past(ContextLayout layout) {
        return isEmpty() ? 0 : layout.merged() + before;
    }

    /** How many positions of a window are computed. */
    int fresh(ContextLayout layout) {
        return layout.size() - past(layout);
    }

    /** {@code [fresh]}: which positions of a window are computed, in the order of the slots. */
    int[] freshPositions(ContextLayout layout) {
        int[] order = new int[fresh(layout)];
        int merged = isEmpty() ? layout.merged() : 0;
        for (int i = 0; i < order.length; i++) {
            order[i] = i < merged ? layout.size() - merged + i : before + i - merged;
        }
        return order;
    }

    /** {@code past_key.l, past_value.l} for the encoder. */
    void putPast(Map<String, OnnxTensor> inputs, NativeScope scope, ContextLayout layout) throws OrtException {
        put(inputs, "past_", scope, first(layout), past(layout));
    }

    /** {@code key.l, value.l} of what is computed. */
    void putFresh(Map<String, OnnxTensor> outputs, NativeScope scope, ContextLayout layout) throws OrtException {
        put(outputs, "", scope, first(layout) + past(layout), fresh(layout));
    }

    private void put(Map<String, OnnxTensor> tensors, String prefix, NativeScope scope, int from, int rows)
            throws OrtException {
        for (int i = 0; i < self.size(); i++) {
            int width = selfWidth(i);
            FloatBuffer part = self.get(i).slice(from * width, rows * width);
            tensors.put(prefix + (i % 2 == 0 ? "key." : "value.") + i / 2, scope.floats(part, rows, width));
        }
    }

    /**
     * Puts one of the decoder's inputs together, and keeps what was computed of it.
     *
     * @param output which, counted through the graph's {@code cross_key.l, cross_value.l}
     * @param computed {@code [heads, fresh, headWidth]}
     * @param all {@code [heads, size, headWidth]}: is given the whole window's, in its order
     */
    void complete(int output, ContextLayout layout, FloatBuffer computed, FloatBuffer all, int size) {
        FloatBuffer kept = cross.get(output);
        int width = config.headWidth();
        int first = first(layout);
        int past = past(layout);
        int fresh = fresh(layout);
        int merged = layout.merged();
        int others = layout.size() - merged;
        for (int head = 0; head < config.decoderHeads(); head++) {
            int slot = head * slots + first;
            kept.put((slot + past) * width, computed, head * fresh * width, fresh * width);
            all.put(head * size * width, kept, (slot + merged) * width, others * width);
            all.put((head * size + others) * width, kept, slot * width, merged * width);
        }
    }

    /** Keeps what has been computed that had enough audio after it. */
    void keep(ContextLayout layout) {
        before = Math.max(0, layout.audioPositions() - LOOKAHEAD_POSITIONS);
        windows++;
    }
}
