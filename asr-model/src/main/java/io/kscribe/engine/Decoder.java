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
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tree of sequences being written by the decoder graph: the cache of keys and values, and how the sequences branch.
 *
 * <p>Every token has a slot in the cache and follows another; it sees the slots on its way to the root, and the others are masked.
 * So several continuations of one text share its slots and one run of the graph, nothing is copied or reordered when one of them
 * is dropped, and the audio's keys and values are there once. Keys and values stay native from step to step; only
 * the likeliest tokens and the audio's share of the alignment cross into the Java heap. Not thread-safe.
 */
final class Decoder implements AutoCloseable {
    /** What the first token of a sequence follows. */
    static final int ROOT = -1;

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

    private final List<Slot> slots = new ArrayList<>();
    private int tip = ROOT;

    /**
     * A token in the cache.
     *
     * @param depth how many tokens come before it
     * @param path the slots that it sees: those before it and its own
     */
    private record Slot(int depth, BitSet path) {}

    /**
     * Starts a tree.
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

    /** A place after which the next token's probabilities are wanted: a new token's index, and what is suppressed. */
    record Row(int token, Suppression suppression) {}

    /**
     * What a run says.
     *
     * @param top for each row the likeliest tokens, best first
     * @param alignment for each of the run's tokens {@code [heads, audioPositions]}
     */
    record Step(List<List<DecodedToken>> top, List<float[]> alignment) {}

    /** Appends tokens one after the other, the first after the {@linkplain #tip tip}. */
    Step append(int[] ids, List<Row> rows) throws OrtException {
        int[] after = new int[ids.length];
        for (int t = 0; t < ids.length; t++) {
            after[t] = t == 0 ? tip : slots.size() + t - 1;
        }
        return append(ids, after, rows);
    }

    /**
     * Appends tokens, each after any slot; the last becomes the {@linkplain #tip tip}.
     *
     * @param after for each token the slot that it follows, or {@link #ROOT}; the tokens' own slots are counted on from {@link #slots}
     */
    Step append(int[] ids, int[] after, List<Row> rows) throws OrtException {
        int before = slots.size();
        for (int follows : after) {
            BitSet path = new BitSet(slots.size() + 1);
            if (follows != ROOT) {
                path.or(slots.get(follows).path);
            }
            path.set(slots.size());
            slots.add(new Slot(path.cardinality() - 1, path));
        }
        tip = slots.size() - 1;
        Map<String, OnnxTensorLike> inputs = new HashMap<>(heard);
        List<OnnxTensor> fresh = new ArrayList<>();
        try {
            put(inputs, fresh, "ids", integers(ids, 1, ids.length));
            put(inputs, fresh, "position", positions(before));
            put(inputs, fresh, "mask", mask(before));
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
        return new Step(top(rows.size()), alignment(ids.length));
    }

    /** How many slots are taken. */
    int slots() {
        return slots.size();
    }

    /** The slot that {@link #append(int[], List)} goes on from, or {@link #ROOT}. */
    int tip() {
        return tip;
    }

    /** {@code [V]}: the natural logarithms of all tokens' probabilities in a row of the last run. */
    float[] logProbabilities(int row) {
        float[] all = new float[config.vocabulary()];
        output("log_probs").getFloatBuffer().get(row * all.length, all);
        return all;
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

    /** Goes back from the tip by some tokens. */
    void takeBack(int tokens) {
        for (int i = 0; i < tokens; i++) {
            tip = slots.get(tip).path.previousSetBit(tip - 1);
        }
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

    /** {@code [1, 1, S, N]}: what each new token sees. */
    private OnnxTensor mask(int before) throws OrtException {
        int all = slots.size();
        float[] mask = new float[(all - before) * all];
        Arrays.fill(mask, MASKED);
        for (int t = before; t < all; t++) {
            BitSet path = slots.get(t).path;
            for (int seen = path.nextSetBit(0); seen >= 0; seen = path.nextSetBit(seen + 1)) {
                mask[(t - before) * all + seen] = 0;
            }
        }
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(mask), new long[] {1, 1, all - before, all});
    }

    private OnnxTensor positions(int before) throws OrtException {
        int[] depths = slots.subList(before, slots.size()).stream()
                .mapToInt(Slot::depth)
                .toArray();
        return integers(depths, 1, depths.length);
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
