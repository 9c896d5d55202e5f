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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One sequence being written by the decoder graph: the cache of keys and values, and where the sequence stands.
 *
 * <p>Keys and values stay native from step to step; only the likeliest tokens and the audio's share of the alignment cross into the Java heap.
 * Tokens can be taken back: their slots stay in the cache and are masked. Not thread-safe.
 */
final class Decoder implements AutoCloseable {
    private static final float MASKED = -1e9f;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final WhisperConfig config;
    private final int alignmentHeads;
    private final int audioPositions;
    private final Set<String> outputs;
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
     * @param tokenBias of {@link Suppression#tensor}
     */
    Decoder(
            OrtEnvironment environment,
            OrtSession session,
            WhisperConfig config,
            int alignmentHeads,
            int audioPositions,
            Result encoded,
            OnnxTensor keyBias,
            OnnxTensor tokenBias)
            throws OrtException {
        this.environment = environment;
        this.session = session;
        this.config = config;
        this.alignmentHeads = alignmentHeads;
        this.audioPositions = audioPositions;
        outputs = session.getOutputNames();
        heard.put("key_bias", keyBias);
        heard.put("token_bias", tokenBias);
        encoded.forEach(entry -> heard.put(entry.getKey(), (OnnxTensor) entry.getValue()));
        long[] shape = {1, config.decoderHeads(), 0, config.headWidth()};
        for (int i = 0; i < 2 * config.decoderLayers(); i++) {
            emptyCache.add(OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), shape));
        }
    }

    /** A place of the sequence after which the next token's probabilities are wanted: a new token's index, and what is suppressed. */
    record Row(int token, Suppression suppression) {}

    /**
     * What a run says.
     *
     * @param top for each row the likeliest tokens, best first
     * @param alignment for each of the run's tokens {@code [heads, audioPositions]}
     */
    record Step(List<List<DecodedToken>> top, List<float[]> alignment) {}

    /** Appends tokens to the sequence. */
    Step append(int[] ids, List<Row> rows) throws OrtException {
        Map<String, OnnxTensorLike> inputs = new HashMap<>(heard);
        List<OnnxTensor> fresh = new ArrayList<>();
        try {
            put(inputs, fresh, "ids", integers(ids, 1, ids.length));
            put(inputs, fresh, "position", positions(ids.length));
            put(inputs, fresh, "mask", mask(ids.length));
            int[] tokens = rows.stream().mapToInt(Row::token).toArray();
            put(inputs, fresh, "rows", integers(tokens, tokens.length));
            int[] biases =
                    rows.stream().mapToInt(row -> row.suppression().row()).toArray();
            put(inputs, fresh, "bias_of_row", integers(biases, biases.length));
            for (int l = 0; l < config.decoderLayers(); l++) {
                inputs.put("past_key." + l, cached("present_key." + l, 2 * l));
                inputs.put("past_value." + l, cached("present_value." + l, 2 * l + 1));
            }
            Result result = session.run(inputs, outputs);
            if (cache != null) {
                cache.close();
            }
            cache = result;
        } finally {
            fresh.forEach(OnnxTensor::close);
        }
        slots += ids.length;
        position += ids.length;
        return new Step(top(rows.size()), alignment(ids.length));
    }

    /** The natural logarithm of a token's probability in a row of the last run. */
    float logProbability(int row, int token) {
        return output("log_probs").getFloatBuffer().get(row * config.vocabulary() + token);
    }

    private static void put(
            Map<String, OnnxTensorLike> inputs, List<OnnxTensor> fresh, String name, OnnxTensor tensor) {
        fresh.add(tensor);
        inputs.put(name, tensor);
    }

    private List<List<DecodedToken>> top(int rows) {
        long[] ids = output("top_ids").getLongBuffer().array();
        float[] logProbabilities = floats("top_log_probs");
        int width = ids.length / rows;
        List<List<DecodedToken>> top = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            List<DecodedToken> best = new ArrayList<>(width);
            for (int i = row * width; i < (row + 1) * width; i++) {
                best.add(new DecodedToken((int) ids[i], logProbabilities[i]));
            }
            top.add(best);
        }
        return top;
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
