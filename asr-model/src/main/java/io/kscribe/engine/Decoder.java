package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import io.kscribe.compiler.WhisperConfig;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One sequence being written by the decoder graph: the cache of keys and values, and where the sequence stands.
 *
 * <p>Keys and values stay native from step to step; only log-probabilities and the audio's share of the alignment cross into the Java heap.
 * Tokens can be taken back: their slots stay in the cache and are masked. Not thread-safe.
 */
final class Decoder implements AutoCloseable {
    private static final float MASKED = -1e9f;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final WhisperConfig config;
    private final int alignmentHeads;
    private final int audioPositions;
    private final Map<String, OnnxTensorLike> heard = new HashMap<>();
    private final List<OnnxTensor> emptyCache = new ArrayList<>();

    /** The run whose results are the cache; null before the first. */
    private @Nullable Result cache;

    private final BitSet takenBack = new BitSet();
    private int slots;
    private int position;

    /**
     * Starts a sequence.
     *
     * @param encoded the encoder's result, kept open by the caller until this is closed
     * @param keyBias as given to the encoder
     */
    Decoder(
            OrtEnvironment environment,
            OrtSession session,
            WhisperConfig config,
            int alignmentHeads,
            int audioPositions,
            Result encoded,
            OnnxTensor keyBias)
            throws OrtException {
        this.environment = environment;
        this.session = session;
        this.config = config;
        this.alignmentHeads = alignmentHeads;
        this.audioPositions = audioPositions;
        heard.put("key_bias", keyBias);
        encoded.forEach(entry -> heard.put(entry.getKey(), (OnnxTensor) entry.getValue()));
        long[] shape = {1, config.decoderHeads(), 0, config.headWidth()};
        for (int i = 0; i < 2 * config.decoderLayers(); i++) {
            emptyCache.add(OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), shape));
        }
    }

    /**
     * What a run says.
     *
     * @param logProbabilities {@code [rows, vocabulary]}
     * @param alignment for each of the run's tokens {@code [heads, audioPositions]}
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bulk numbers, never compared
    record Step(float[] logProbabilities, List<float[]> alignment) {}

    /**
     * Appends tokens to the sequence.
     *
     * @param ids the tokens
     * @param rows after which of them the next token's probabilities are wanted
     * @param tokenBias {@code [rows or 1, vocabulary]}
     */
    Step append(int[] ids, int[] rows, OnnxTensor tokenBias) throws OrtException {
        Map<String, OnnxTensorLike> inputs = new HashMap<>(heard);
        inputs.put("token_bias", tokenBias);
        List<OnnxTensor> fresh = new ArrayList<>();
        try {
            fresh.add(integers(ids, 1, ids.length));
            inputs.put("ids", fresh.get(0));
            fresh.add(positions(ids.length));
            inputs.put("position", fresh.get(1));
            fresh.add(mask(ids.length));
            inputs.put("mask", fresh.get(2));
            fresh.add(integers(rows, rows.length));
            inputs.put("rows", fresh.get(3));
            for (int l = 0; l < config.decoderLayers(); l++) {
                inputs.put("past_key." + l, cached("present_key." + l, 2 * l));
                inputs.put("past_value." + l, cached("present_value." + l, 2 * l + 1));
            }
            Result result = session.run(inputs);
            if (cache != null) {
                cache.close();
            }
            cache = result;
        } finally {
            fresh.forEach(OnnxTensor::close);
        }
        slots += ids.length;
        position += ids.length;
        return new Step(floats("log_probs"), alignment(ids.length));
    }

    /** Forgets the last tokens. */
    void takeBack(int tokens) {
        int left = tokens;
        for (int slot = slots - 1; left > 0; slot--) {
            if (!takenBack.get(slot)) {
                takenBack.set(slot);
                left--;
            }
        }
        position -= tokens;
    }

    private OnnxTensorLike cached(String name, int empty) {
        return cache == null ? emptyCache.get(empty) : output(name);
    }

    private OnnxTensor output(String name) {
        if (cache == null) {
            throw new IllegalStateException("nothing has been decoded yet");
        }
        return (OnnxTensor) cache.get(name).orElseThrow();
    }

    private float[] floats(String name) {
        return output(name).getFloatBuffer().array();
    }

    private List<float[]> alignment(int tokens) {
        float[] all = floats("alignment");
        int positions = all.length / alignmentHeads / tokens;
        List<float[]> rows = new ArrayList<>(tokens);
        for (int t = 0; t < tokens; t++) {
            float[] row = new float[alignmentHeads * audioPositions];
            for (int head = 0; head < alignmentHeads; head++) {
                System.arraycopy(all, (head * tokens + t) * positions, row, head * audioPositions, audioPositions);
            }
            rows.add(row);
        }
        return rows;
    }

    /** Every new token sees what was written before it and itself. */
    private OnnxTensor mask(int tokens) throws OrtException {
        int all = slots + tokens;
        float[] mask = new float[tokens * all];
        for (int t = 0; t < tokens; t++) {
            for (int slot = takenBack.nextSetBit(0); slot >= 0; slot = takenBack.nextSetBit(slot + 1)) {
                mask[t * all + slot] = MASKED;
            }
            for (int later = slots + t + 1; later < all; later++) {
                mask[t * all + later] = MASKED;
            }
        }
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(mask), new long[] {1, 1, tokens, all});
    }

    private OnnxTensor positions(int tokens) throws OrtException {
        int[] places = new int[tokens];
        for (int t = 0; t < tokens; t++) {
            places[t] = position + t;
        }
        return integers(places, 1, tokens);
    }

    private OnnxTensor integers(int[] values, long... shape) throws OrtException {
        LongBuffer buffer = LongBuffer.allocate(values.length);
        for (int value : values) {
            buffer.put(value);
        }
        return OnnxTensor.createTensor(environment, buffer.flip(), shape);
    }

    @Override
    public void close() {
        if (cache != null) {
            cache.close();
        }
        emptyCache.forEach(OnnxTensor::close);
    }
}
