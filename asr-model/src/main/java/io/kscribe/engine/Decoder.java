package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import io.kscribe.compiler.WhisperConfig;
import io.kscribe.engine.Pass.Row;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Runs the decoder graph for decodings side by side, a lane each, and keeps the cache of their keys and values.
 *
 * <p>In one run every lane takes as many slots of the cache as the one that asks for most; those that it does not need are filled with
 * tokens that nobody sees. Keys and values stay native from run to run; only the likeliest tokens and the audio's
 * share of the alignment cross into the Java heap. Not thread-safe.
 *
 */
final class Decoder implements AutoCloseable {
    private static final float MASKED = -1e9f;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final WhisperConfig config;
    private final int alignmentHeads;
    private final Heard heard;
    private final Map<String, OnnxTensorLike> constants = new HashMap<>();
    private final Set<String> outputs;
    private final List<TokenTree> trees = new ArrayList<>();

    /** The run whose results are the cache; null before the first. */
    private @Nullable Result cache;

    /**
     * Starts with nothing written.
     *
     * @param heard kept open by the caller until this is closed
     * @param tokenBias of {@link Suppression#tensor}
     */
    Decoder(
            OrtEnvironment environment,
            OrtSession session,
            WhisperConfig config,
            int alignmentHeads,
            Heard heard,
            OnnxTensor tokenBias) {
        this.environment = environment;
        this.session = session;
        this.config = config;
        this.alignmentHeads = alignmentHeads;
        this.heard = heard;
        outputs = session.getOutputNames();
        constants.putAll(heard.tensors());
        constants.put("token_bias", tokenBias);
        for (int lane = 0; lane < heard.lanes(); lane++) {
            trees.add(new TokenTree());
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
        int tokens = wanted.stream()
                .flatMap(Optional::stream)
                .mapToInt(pass -> pass.ids().length)
                .max()
                .orElseThrow();
        int before = trees.get(0).size();
        long[] ids = new long[lanes * tokens];
        LongStream.Builder rows = LongStream.builder();
        LongStream.Builder biases = LongStream.builder();
        int[] firstRow = new int[lanes + 1];
        for (int lane = 0; lane < lanes; lane++) {
            int free = tokens;
            firstRow[lane + 1] = firstRow[lane];
            if (lane < wanted.size() && wanted.get(lane).isPresent()) {
                Pass pass = wanted.get(lane).get();
                trees.get(lane).add(pass);
                free -= pass.ids().length;
                for (int t = 0; t < pass.ids().length; t++) {
                    ids[lane * tokens + t] = pass.ids()[t];
                }
                for (Row row : pass.rows()) {
                    rows.add((long) lane * tokens + row.token());
                    biases.add(row.suppression().row());
                }
                firstRow[lane + 1] += pass.rows().size();
            }
            trees.get(lane).skip(free);
        }
        boolean isOdd = lanes > 1 && firstRow[lanes] % 2 == 1;
        if (isOdd) {
            rows.add(0);
            biases.add(Suppression.NONE.row());
        }
        Result result =
                run(before, tokens, ids, rows.build().toArray(), biases.build().toArray());
        Outputs read = new Outputs(result, tokens, firstRow[lanes] + (isOdd ? 1 : 0));
        return IntStream.range(0, lanes)
                .<Step>mapToObj(lane -> new LaneStep(read, lane, firstRow[lane]))
                .toList();
    }

    private Result run(int before, int tokens, long[] ids, long[] rows, long... biases) throws OrtException {
        int lanes = trees.size();
        Map<String, OnnxTensorLike> inputs = new HashMap<>(constants);
        List<OnnxTensor> fresh = new ArrayList<>();
        try {
            put(inputs, fresh, "ids", integers(ids, lanes, tokens));
            put(inputs, fresh, "position", integers(positions(before, tokens), lanes, tokens));
            put(inputs, fresh, "mask", mask(before, tokens));
            put(inputs, fresh, "rows", integers(rows, rows.length));
            put(inputs, fresh, "bias_of_row", integers(biases, biases.length));
            for (int l = 0; l < config.decoderLayers(); l++) {
                for (String kind : List.of("key.", "value.")) {
                    if (cache == null) {
                        put(inputs, fresh, "past_" + kind + l, nothing());
                    } else {
                        inputs.put("past_" + kind + l, tensor(cache, "present_" + kind + l));
                    }
                }
            }
            Result result = session.run(inputs, outputs);
            close();
            cache = result;
            return result;
        } finally {
            fresh.forEach(OnnxTensor::close);
        }
    }

    /** A cache that holds no token. */
    private OnnxTensor nothing() throws OrtException {
        long[] shape = {trees.size(), config.decoderHeads(), 0, config.headWidth()};
        return OnnxTensor.createTensor(environment, FloatBuffer.allocate(0), shape);
    }

    private static void put(
            Map<String, OnnxTensorLike> inputs, List<OnnxTensor> fresh, String name, OnnxTensor tensor) {
        fresh.add(tensor);
        inputs.put(name, tensor);
    }

    /** {@code [lanes, 1, S, N]}: what each new token sees. */
    private OnnxTensor mask(int before, int tokens) throws OrtException {
        int all = before + tokens;
        float[] mask = new float[trees.size() * tokens * all];
        Arrays.fill(mask, MASKED);
        int row = 0;
        for (TokenTree tree : trees) {
            for (int t = before; t < all; t++) {
                BitSet path = tree.path(t);
                for (int seen = path.nextSetBit(0); seen >= 0; seen = path.nextSetBit(seen + 1)) {
                    mask[row + seen] = 0;
                }
                row += all;
            }
        }
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(mask), new long[] {trees.size(), 1, tokens, all});
    }

    private long[] positions(int before, int tokens) {
        long[] positions = new long[trees.size() * tokens];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = trees.get(i / tokens).depth(before + i % tokens);
        }
        return positions;
    }

    private OnnxTensor integers(long[] values, long... shape) throws OrtException {
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    }

    private static OnnxTensor tensor(Result result, String name) {
        return (OnnxTensor) result.get(name).orElseThrow();
    }

    /** What a run gave for all lanes. */
    private static final class Outputs {
        private final int tokens;
        private final int rows;
        private final OnnxTensor logProbabilities;
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
                int from = ((lane * alignmentHeads + head) * outputs.tokens + token) * positions;
                System.arraycopy(outputs.alignment, from, row, head * audioPositions, audioPositions);
            }
            return row;
        }

        @Override
        public float[] logProbabilities(int row) {
            float[] all = new float[config.vocabulary()];
            outputs.logProbabilities.getFloatBuffer().get((firstRow + row) * all.length, all);
            return all;
        }

        @Override
        public float logProbability(int row, int token) {
            return outputs.logProbabilities.getFloatBuffer().get((firstRow + row) * config.vocabulary() + token);
        }
    }

    @Override
    public void close() {
        if (cache != null) {
            cache.close();
            cache = null;
        }
    }
}
