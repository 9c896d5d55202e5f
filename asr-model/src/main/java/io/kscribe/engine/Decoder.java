package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import io.kscribe.compiler.WhisperConfig;
import io.kscribe.engine.Pass.Row;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the decoder graph for decodings side by side, a lane each, and keeps the cache of their keys and values.
 *
 * <p>In one run every lane takes as many slots of the cache as the one that asks for most; those that it does not need are filled with
 * tokens that nobody sees. Keys and values stay native from run to run, but when tokens are taken back; besides those only the
 * likeliest tokens, the audio's share of the alignment, and what is asked for of all probabilities cross into the Java heap. Not thread-safe.
 *
 * <p>In the precisions that sum whole numbers a token's probabilities do not depend, to the bit, on what is run with it: so a text is the same
 * whether it was written a token at a time or checked as a draft, alone or beside others.
 */
final class Decoder implements AutoCloseable {
    private static final float MASKED = -1e9f;

    private final OrtSession session;
    private final WhisperConfig config;
    private final int alignmentHeads;
    private final Heard heard;
    private final Map<String, OnnxTensorLike> constants = new HashMap<>();
    private final List<TokenTree> trees = new ArrayList<>();

    /** The last two, the newer one first. */
    private final List<Cache> caches = new ArrayList<>();

    private final NativeScope scope;

    /**
     * Keys and values of the first slots, by the run that gave them.
     *
     * @param slots how many there are
     * @param isCurrent false if some of the last slots have been given back since
     * @param scope holds the result
     */
    private record Cache(int slots, boolean isCurrent, Result result, NativeScope scope) {
        Cache after(int slotsTaken) {
            return new Cache(slots, isCurrent && slots <= slotsTaken, result, scope);
        }
    }

    /**
     * Starts with nothing written.
     *
     * @param scope whose count the decoder joins
     * @param heard kept open by the caller until this is closed
     * @param tokenBias of {@link Suppression#tensor}
     */
    Decoder(
            NativeScope scope,
            OrtSession session,
            WhisperConfig config,
            int alignmentHeads,
            Heard heard,
            OnnxTensor tokenBias) {
        this.scope = scope;
        this.session = session;
        this.config = config;
        this.alignmentHeads = alignmentHeads;
        this.heard = heard;
        constants.putAll(heard.tensors());
        constants.put("token_bias", tokenBias);
        for (int lane = 0; lane < heard.lanes(); lane++) {
            trees.add(new TokenTree(heard.lanes() == 1));
        }
    }

    /** What has been written in a lane. */
    TokenTree tree(int lane) {
        return trees.get(lane);
    }

    /** Runs decodings, one a lane from the first on, until they are over. */
    void run(List<? extends Stage> decodings) throws OrtException {
        while (true) {
            List<Optional<Pass>> wanted = decodings.stream().map(Stage::wanted).toList();
            if (wanted.stream().allMatch(Optional::isEmpty)) {
                return;
            }
            List<Step> steps = step(wanted);
            for (int lane = 0; lane < wanted.size(); lane++) {
                if (wanted.get(lane).isPresent()) {
                    decodings.get(lane).accept(steps.get(lane));
                }
            }
        }
    }

    /** Runs what the lanes want from the first on, at least one of them. */
    List<Step> step(List<Optional<Pass>> wanted) throws OrtException {
        int lanes = trees.size();
        int before = trees.get(0).size();
        int tokens = wanted.stream()
                .flatMap(Optional::stream)
                .mapToInt(pass -> pass.ids().length)
                .max()
                .orElseThrow();
        caches.replaceAll(cache -> cache.after(before));
        int after = before + tokens;
        LongStream.Builder rows = LongStream.builder();
        LongStream.Builder biases = LongStream.builder();
        int[] firstRow = new int[lanes + 1];
        for (int lane = 0; lane < lanes; lane++) {
            TokenTree tree = trees.get(lane);
            firstRow[lane + 1] = firstRow[lane];
            if (lane < wanted.size() && wanted.get(lane).isPresent()) {
                Pass pass = wanted.get(lane).get();
                tree.add(pass);
                for (Row row : pass.rows()) {
                    rows.add((long) lane * tokens + row.token());
                    biases.add(row.suppression().row());
                }
                firstRow[lane + 1] += pass.rows().size();
            }
            tree.skip(after - tree.size());
        }
        Result result =
                run(before, after, rows.build().toArray(), biases.build().toArray());
        Outputs read = new Outputs(result, tokens, firstRow[lanes]);
        return IntStream.range(0, lanes)
                .<Step>mapToObj(lane -> new LaneStep(read, lane, firstRow[lane]))
                .toList();
    }

    /** Runs the tokens in slots of all lanes. */
    private Result run(int from, int to, long[] rows, long... biases) throws OrtException {
        int lanes = trees.size();
        int tokens = to - from;
        Map<String, OnnxTensorLike> inputs = new HashMap<>(constants);
        NativeScope next = scope.another();
        boolean done = false;
        try (NativeScope fresh = scope.another()) {
            inputs.put("ids", fresh.integers(ofSlots(from, tokens, TokenTree.Slot::id), lanes, tokens));
            inputs.put("position", fresh.integers(ofSlots(from, tokens, TokenTree.Slot::depth), lanes, tokens));
            inputs.put("mask", fresh.floats(mask(from, tokens), lanes, 1, tokens, to));
            inputs.put("rows", fresh.integers(rows, rows.length));
            inputs.put("bias_of_row", fresh.integers(biases, biases.length));
            putCache(inputs, from, fresh);
            Result result = next.run(session, inputs);
            caches.add(0, new Cache(to, true, result, next));
            if (caches.size() > 2) {
                caches.remove(2).scope.close();
            }
            done = true;
            return result;
        } finally {
            if (!done) {
                next.close();
            }
        }
    }

    /** Puts the keys and values of the first slots among the inputs. */
    private void putCache(Map<String, OnnxTensorLike> inputs, int slots, NativeScope fresh) throws OrtException {
        Optional<Cache> exact = caches.stream()
                .filter(cache -> cache.isCurrent && cache.slots == slots)
                .findFirst();
        for (int l = 0; l < config.decoderLayers(); l++) {
            for (String kind : List.of("key.", "value.")) {
                OnnxTensor past = exact.isPresent()
                        ? tensor(exact.get().result, "present_" + kind + l)
                        : beginning("present_" + kind + l, slots, fresh);
                inputs.put("past_" + kind + l, past);
            }
        }
    }

    /** The first slots of the newest cache. */
    private OnnxTensor beginning(String name, int slots, NativeScope fresh) throws OrtException {
        int length = slots * config.headWidth();
        int heads = trees.size() * config.decoderHeads();
        float[] first = new float[heads * length];
        if (slots > 0) {
            FloatBuffer all = tensor(caches.get(0).result, name).getFloatBuffer();
            for (int head = 0; head < heads; head++) {
                all.get(head * (all.capacity() / heads), first, head * length, length);
            }
        }
        return fresh.floats(first, trees.size(), config.decoderHeads(), slots, config.headWidth());
    }

    /** {@code [lanes, 1, S, N]}: what each new token sees. */
    private float[] mask(int from, int tokens) {
        int all = from + tokens;
        float[] mask = new float[trees.size() * tokens * all];
        Arrays.fill(mask, MASKED);
        int row = 0;
        for (TokenTree tree : trees) {
            for (int t = from; t < all; t++) {
                BitSet path = tree.slot(t).path();
                for (int seen = path.nextSetBit(0); seen >= 0; seen = path.nextSetBit(seen + 1)) {
                    mask[row + seen] = 0;
                }
                row += all;
            }
        }
        return mask;
    }

    /** {@code [lanes, S]}. */
    private long[] ofSlots(int from, int tokens, ToLongFunction<TokenTree.Slot> value) {
        return trees.stream()
                .flatMap(tree -> IntStream.range(from, from + tokens).mapToObj(tree::slot))
                .mapToLong(value)
                .toArray();
    }

    private static OnnxTensor tensor(Result result, String name) {
        return (OnnxTensor) result.get(name).orElseThrow();
    }

    /** What a run gave for all lanes. */
    private static final class Outputs {
        private final int tokens;
        private final int rows;
        private final OnnxTensor logProbabilities;
        private @Nullable FloatBuffer allLogProbabilities;
        private final long[] topIds;
        private final float[] topLogProbabilities;
        private final float[] alignment;

        private Outputs(Result result, int tokens, int rows) {
            this.tokens = tokens;
            this.rows = rows;
            logProbabilities = tensor(result, "log_probs");
            topIds = tensor(result, "top_ids").getLongBuffer().array();
            topLogProbabilities =
                    tensor(result, "top_log_probs").getFloatBuffer().array();
            alignment = tensor(result, "alignment").getFloatBuffer().array();
        }

        /** {@code [R, V]}, copied once. */
        private FloatBuffer logProbabilities() {
            if (allLogProbabilities == null) {
                allLogProbabilities = logProbabilities.getFloatBuffer();
            }
            return allLogProbabilities;
        }
    }

    /** A lane's part of a run. */
    private final class LaneStep implements Step {
        private final Outputs outputs;
        private final int lane;
        private final int firstRow;

        private LaneStep(Outputs outputs, int lane, int firstRow) {
            this.outputs = outputs;
            this.lane = lane;
            this.firstRow = firstRow;
        }

        @Override
        public List<DecodedToken> top(int row) {
            int width = outputs.topIds.length / outputs.rows;
            List<DecodedToken> best = new ArrayList<>(width);
            for (int i = (firstRow + row) * width; i < (firstRow + row + 1) * width; i++) {
                best.add(new DecodedToken((int) outputs.topIds[i], outputs.topLogProbabilities[i]));
            }
            return best;
        }

        @Override
        public float[] alignment(int token) {
            int audioPositions = heard.audioPositions(lane);
            int positions = outputs.alignment.length / (trees.size() * alignmentHeads * outputs.tokens);
            float[] row = new float[alignmentHeads * audioPositions];
            for (int head = 0; head < alignmentHeads; head++) {
                int from = ((lane * outputs.tokens + token) * alignmentHeads + head) * positions;
                System.arraycopy(outputs.alignment, from, row, head * audioPositions, audioPositions);
            }
            return row;
        }

        @Override
        public float[] logProbabilities(int row) {
            float[] all = new float[config.vocabulary()];
            outputs.logProbabilities().get((firstRow + row) * all.length, all);
            return all;
        }

        @Override
        public float logProbability(int row, int token) {
            return outputs.logProbabilities().get((firstRow + row) * config.vocabulary() + token);
        }
    }

    @Override
    public void close() {
        caches.forEach(cache -> cache.scope.close());
        caches.clear();
    }
}
