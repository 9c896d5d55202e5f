package io.kscribe.recognizer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Map;

/**
 * Tells speech from everything else, frame by frame, with the Silero model (versions 5 and 6; github.com/snakers4/silero-vad).
 *
 * <p>Thread-safe; what it remembers of a channel is in that channel's {@link Memory}.
 */
public final class VoiceActivityDetector implements AutoCloseable {
    /** Samples a frame at 16 kHz: 32 ms. */
    public static final int FRAME_SAMPLES = 512;

    private static final int SAMPLE_RATE_HZ = 16_000;
    private static final int CONTEXT_SAMPLES = 64;
    private static final int STATE_WIDTH = 128;
    private static final long[] STATE_SHAPE = {2, 1, STATE_WIDTH};

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final OnnxTensor sampleRate;

    private VoiceActivityDetector(Path model) throws OrtException {
        environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "kscribe");
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            session = environment.createSession(model.toString(), options);
        }
        sampleRate = OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[] {SAMPLE_RATE_HZ}), new long[0]);
    }

    /** Loads the model; {@link IllegalStateException} if ONNX Runtime cannot. */
    public static VoiceActivityDetector open(Path model) {
        try {
            return new VoiceActivityDetector(model);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime cannot load " + model + ": " + e.getMessage(), e);
        }
    }

    /**
     * What the model remembers of a channel: immutable, so that a stream can go back to an earlier moment.
     *
     * @param state the network's recurrent state, {@code [2, 1, 128]}
     * @param context the last 64 samples
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bulk numbers, never compared
    public record Memory(float[] state, float[] context) {
        /** The size of {@code state} and {@code context} together, in numbers. */
        public static final int SIZE = 2 * STATE_WIDTH + CONTEXT_SAMPLES;

        public Memory {
            if (state.length != 2 * STATE_WIDTH || context.length != CONTEXT_SAMPLES) {
                throw new IllegalArgumentException("a detector's memory is " + 2 * STATE_WIDTH + " and "
                        + CONTEXT_SAMPLES + " numbers, not " + state.length + " and " + context.length);
            }
        }

        /** The memory of a channel that has heard nothing. */
        public static Memory none() {
            return new Memory(new float[2 * STATE_WIDTH], new float[CONTEXT_SAMPLES]);
        }
    }

    /**
     * What a frame adds.
     *
     * @param speech the probability that the frame holds speech, 0 to 1
     * @param memory what to pass with the next frame
     */
    public record Verdict(float speech, Memory memory) {}

    /** Hears the next frame, {@value #FRAME_SAMPLES} samples at 16 kHz. */
    public Verdict hear(Memory memory, float[] frame) {
        float[] input = new float[CONTEXT_SAMPLES + FRAME_SAMPLES];
        System.arraycopy(memory.context, 0, input, 0, CONTEXT_SAMPLES);
        System.arraycopy(frame, 0, input, CONTEXT_SAMPLES, FRAME_SAMPLES);
        try (OnnxTensor audio =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(input), new long[] {1, input.length});
                OnnxTensor state = OnnxTensor.createTensor(environment, FloatBuffer.wrap(memory.state), STATE_SHAPE);
                Result result = session.run(Map.of("input", audio, "state", state, "sr", sampleRate))) {
            float[] context = new float[CONTEXT_SAMPLES];
            System.arraycopy(frame, FRAME_SAMPLES - CONTEXT_SAMPLES, context, 0, CONTEXT_SAMPLES);
            return new Verdict(floats(result, "output")[0], new Memory(floats(result, "stateN"), context));
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to detect speech: " + e.getMessage(), e);
        }
    }

    private static float[] floats(Result result, String name) {
        return ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer().array();
    }

    @Override
    public void close() {
        sampleRate.close();
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to close a session: " + e.getMessage(), e);
        }
    }
}
