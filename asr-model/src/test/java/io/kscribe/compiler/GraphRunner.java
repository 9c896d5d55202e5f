package io.kscribe.compiler;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Runs the graphs of a compiled model under ONNX Runtime for one window, as {@link EncoderGraph} and {@link DecoderGraph} describe them. */
final class GraphRunner implements AutoCloseable {
    private static final int POSITIONS = 1500;
    private static final float MASKED = -1e9f;

    private final OrtEnvironment environment =
            OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "kscribe");
    private final WhisperConfig config;
    private final OrtSession encoder;
    private final OrtSession decoder;
    private final OnnxTensor keyBias;
    private @Nullable Result encoded;
    private @Nullable Result cache;
    private int length;

    GraphRunner(CompiledModel model) throws OrtException {
        config = model.config();
        encoder = environment.createSession(model.encoder().toString());
        decoder = environment.createSession(model.decoder().toString());
        keyBias = floats(new float[POSITIONS], 1, 1, 1, POSITIONS);
    }

    /** Encodes the full window and begins a sequence. */
    void encode(float[] mel) throws OrtException {
        try (OnnxTensor frames = floats(mel, 1, config.melBins(), 2L * POSITIONS);
                OnnxTensor places = integers(LongStream.range(0, POSITIONS).toArray(), POSITIONS);
                OnnxTensor noKeys = floats(new float[0], 0, config.modelWidth() + config.encoderHeads());
                OnnxTensor noValues = floats(new float[0], 0, config.modelWidth())) {
            Map<String, OnnxTensor> inputs =
                    new HashMap<>(Map.of("mel", frames, "source", places, "position", places, "key_bias", keyBias));
            for (int l = 0; l < config.encoderLayers(); l++) {
                inputs.put("past_key." + l, noKeys);
                inputs.put("past_value." + l, noValues);
            }
            encoded = encoder.run(inputs);
        }
    }

    /** The keys that decoder layer l attends to, {@code [heads, 1500, headWidth]}. */
    float[] crossKeys(int layer) {
        return numbers(Objects.requireNonNull(encoded), "cross_key." + layer);
    }

    /** The values of decoder layer l, {@code [heads, 1500, headWidth]}. */
    float[] crossValues(int layer) {
        return numbers(Objects.requireNonNull(encoded), "cross_value." + layer);
    }

    /** The alignment heads' attention of the last run, {@code [new, heads, 1500]}. */
    float[] alignment() {
        return numbers(Objects.requireNonNull(cache), "alignment");
    }

    /** Appends tokens; the log-probabilities {@code [ids, vocabulary]} of what follows each. */
    float[] decode(long... ids) throws OrtException {
        int all = length + ids.length;
        float[] mask = new float[ids.length * all];
        for (int row = 0; row < ids.length; row++) {
            Arrays.fill(mask, row * all + length + row + 1, (row + 1) * all, MASKED);
        }
        Map<String, OnnxTensorLike> inputs = new HashMap<>();
        try (OnnxTensor tokens = integers(ids, 1, ids.length);
                OnnxTensor places = integers(LongStream.range(length, all).toArray(), 1, ids.length);
                OnnxTensor rows = integers(LongStream.range(0, ids.length).toArray(), ids.length);
                OnnxTensor biasOfRow = integers(new long[ids.length], ids.length);
                OnnxTensor masks = floats(mask, 1, 1, ids.length, all);
                OnnxTensor tokenBias = floats(new float[config.vocabulary()], 1, config.vocabulary());
                OnnxTensor nothing = floats(new float[0], 1, config.decoderHeads(), 0, config.headWidth())) {
            inputs.put("ids", tokens);
            inputs.put("position", places);
            inputs.put("rows", rows);
            inputs.put("mask", masks);
            inputs.put("token_bias", tokenBias);
            inputs.put("bias_of_row", biasOfRow);
            inputs.put("key_bias", keyBias);
            for (Map.Entry<String, OnnxValue> entry : Objects.requireNonNull(encoded)) {
                if (entry.getKey().startsWith("cross_")) {
                    inputs.put(entry.getKey(), (OnnxTensor) entry.getValue());
                }
            }
            Result before = cache;
            for (int l = 0; l < config.decoderLayers(); l++) {
                for (String kind : new String[] {"key.", "value."}) {
                    inputs.put("past_" + kind + l, before == null ? nothing : tensor(before, "present_" + kind + l));
                }
            }
            cache = decoder.run(inputs);
            if (before != null) {
                before.close();
            }
        }
        length = all;
        return numbers(cache, "log_probs");
    }

    private OnnxTensor floats(float[] values, long... shape) throws OrtException {
        return OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape);
    }

    private OnnxTensor integers(long[] values, long... shape) throws OrtException {
        return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
    }

    private static OnnxTensor tensor(Result result, String name) {
        return (OnnxTensor) result.get(name).orElseThrow();
    }

    private static float[] numbers(Result result, String name) {
        return tensor(result, name).getFloatBuffer().array();
    }

    @Override
    public void close() throws OrtException {
        if (cache != null) {
            cache.close();
        }
        if (encoded != null) {
            encoded.close();
        }
        keyBias.close();
        encoder.close();
        decoder.close();
    }
}
