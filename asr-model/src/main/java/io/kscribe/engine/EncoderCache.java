package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.kscribe.compiler.WhisperConfig;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The encoder's keys and values of a window that grows, of which those of its beginning are not computed again when it has grown, and those of
 * the silence at its end are {@linkplain MergedSilence borrowed}.
 *
 * <p>A position depends on all others, so what is kept is what it was when the window was shorter. That is near enough for a partial, if it had
 * some audio after it then ({@link #LOOKAHEAD_POSITIONS}) and all is computed anew now and then ({@link #MOST_STEPS}).
 *
 * <p>In the {@link EncoderSlots} there come first the runs of merged silence, then the window from its first position on. So what is kept is one
 * piece of memory, and what is computed comes right after it; the order of keys does not matter to attention. Not thread-safe.
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
    private final EncoderSlots slots;

    /** How many of them, the first, hold merged silence. */
    private int silence;

    /** Leading positions of the window that are kept. */
    private int before;

    /** How many windows have been computed since all was; none if it is empty. */
    private int windows;

    /**
     * An empty one.
     *
     * @param memory as much as {@link #bytes} at least
     */
    EncoderCache(WhisperConfig config, ByteBuffer memory) {
        this.config = config;
        slots = new EncoderSlots(config, memory);
    }

    /** How much memory a window takes with room for its growth. */
    static int bytes(WhisperConfig config, ContextLayout layout) {
        int needed = layout.size() + ROOM_POSITIONS;
        int slots = (needed + SLOT_STEP - 1) / SLOT_STEP * SLOT_STEP;
        return Math.multiplyExact(slots, EncoderSlots.bytesOfSlot(config));
    }

    ByteBuffer memory() {
        return slots.memory();
    }

    /**
     * Gets ready for a window: to compute a part of it, if it has grown out of the last and it is not the turn of all, or all of it.
     *
     * @param layout one that borrows its silence
     * @return false if there is no room for it
     */
    boolean prepare(ContextLayout layout, MergedSilence merged) {
        int needed = layout.size() - layout.borrowed();
        boolean grows = windows > 0
                && windows <= MOST_STEPS
                && layout.audioPositions() >= before
                && layout.borrowed() <= silence
                && silence + needed <= slots.size();
        if (grows) {
            return true;
        }
        windows = 0;
        before = 0;
        silence = layout.borrowed();
        if (layout.size() > slots.size()) {
            return false;
        }
        merged.copyTo(slots, layout);
        return true;
    }

    /** Where in the slots the keys and values begin that are attended to: the silence that a window is left with lies last. */
    private int first(ContextLayout layout) {
        return silence - layout.borrowed();
    }

    /** How many slots are attended to that are not computed. */
    private int past(ContextLayout layout) {
        return layout.borrowed() + before;
    }

    /** How many positions of a window are computed. */
    int fresh(ContextLayout layout) {
        return layout.size() - past(layout);
    }

    /** {@code [fresh]}: which positions of a window are computed. */
    int[] freshPositions(ContextLayout layout) {
        return IntStream.range(before, before + fresh(layout)).toArray();
    }

    /** {@code past_key.l, past_value.l} for the encoder. */
    void putPast(Map<String, OnnxTensor> inputs, NativeScope scope, ContextLayout layout) throws OrtException {
        slots.put(inputs, "past_", scope, first(layout), past(layout));
    }

    /** {@code key.l, value.l} of what is computed. */
    void putFresh(Map<String, OnnxTensor> outputs, NativeScope scope, ContextLayout layout) throws OrtException {
        slots.put(outputs, "", scope, first(layout) + past(layout), fresh(layout));
    }

    /**
     * Puts one of the decoder's inputs together, and keeps what was computed of it.
     *
     * @param output which, counted through the graph's {@code cross_key.l, cross_value.l}
     * @param computed {@code [heads, fresh, headWidth]}
     * @param all {@code [heads, size, headWidth]}: is given the whole window's, in its order
     */
    void complete(int output, ContextLayout layout, FloatBuffer computed, FloatBuffer all, int size) {
        FloatBuffer kept = slots.cross(output);
        int width = config.headWidth();
        int first = first(layout);
        int fresh = fresh(layout);
        int merged = layout.borrowed();
        int others = layout.size() - merged;
        for (int head = 0; head < config.decoderHeads(); head++) {
            kept.put(slots.crossPlace(head, first + past(layout)), computed, head * fresh * width, fresh * width);
            all.put(head * size * width, kept, slots.crossPlace(head, first + merged), others * width);
            all.put((head * size + others) * width, kept, slots.crossPlace(head, first), merged * width);
        }
    }

    /** Keeps what has been computed that had enough audio after it. */
    void keep(ContextLayout layout) {
        before = Math.max(0, layout.audioPositions() - LOOKAHEAD_POSITIONS);
        windows++;
    }
}
