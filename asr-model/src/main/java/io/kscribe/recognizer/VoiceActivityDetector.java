package io.kscribe.recognizer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import io.kscribe.compiler.CompiledDetector;
import io.kscribe.engine.NativeEnvironment;
import io.kscribe.model.ModelException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Tells speech from everything else, frame by frame, with the Silero model (versions 5 and 6; github.com/snakers4/silero-vad).
 *
 * <p>Thread-safe; what it remembers of a channel is in that channel's {@link Memory}.
 */
public final class VoiceActivityDetector implements AutoCloseable {
    /** Samples a frame at 16 kHz: 32 ms. */
    public static final int FRAME_SAMPLES = 512;

    private static final int CONTEXT_SAMPLES = 64;
    private static final int FRAME_WINDOWS = CompiledDetector.WINDOWS_A_FRAME * CompiledDetector.WINDOW_SAMPLES;

    private static final int STATE_SIZE = 2 * CompiledDetector.WIDTH;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final RecurrentLayer recurrent;

    /** What zeros add to the recurrent layer's gates, computed once: who does not speak on a line is often sent as such. */
    private final float[] gatesOfSilence;

    private VoiceActivityDetector(CompiledDetector model) throws OrtException {
        environment = NativeEnvironment.get();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            session = environment.createSession(model.graph(), options);
        }
        recurrent = new RecurrentLayer(model);
        gatesOfSilence = gates(new float[FRAME_WINDOWS]);
    }

    /**
     * Loads a published model.
     *
     * @throws ModelException in one sentence if the file is none
     * @throws IllegalStateException if ONNX Runtime cannot load what it was compiled to
     */
    public static VoiceActivityDetector open(Path model) throws ModelException {
        try {
            return new VoiceActivityDetector(CompiledDetector.compile(model));
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
        public static final int SIZE = STATE_SIZE + CONTEXT_SAMPLES;

        public Memory {
            if (state.length != STATE_SIZE || context.length != CONTEXT_SAMPLES) {
                throw new IllegalArgumentException("a detector's memory is " + STATE_SIZE + " and " + CONTEXT_SAMPLES
                        + " numbers, not " + state.length + " and " + context.length);
            }
        }

        /** The memory of a channel that has heard nothing. */
        public static Memory none() {
            return new Memory(new float[STATE_SIZE], new float[CONTEXT_SAMPLES]);
        }
    }

    /**
     * What a frame adds.
     *
     * @param speech the probability that the frame holds speech, 0 to 1
     * @param memory what to pass with the next frame
     */
    public record Verdict(float speech, Memory memory) {}

    /**
     * What a channel says next.
     *
     * @param memory what is remembered of it
     * @param samples {@value #FRAME_SAMPLES} a frame, at 16 kHz
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bulk numbers, never compared
    public record Speech(Memory memory, float[] samples) {
        public Speech {
            if (samples.length % FRAME_SAMPLES != 0) {
                throw new IllegalArgumentException(
                        samples.length + " samples are no whole number of frames of " + FRAME_SAMPLES);
            }
        }

        int frames() {
            return samples.length / FRAME_SAMPLES;
        }

        /** Whether there is nothing but zeros in a frame, and in what a frame shows of the one before it. */
        private boolean isSilent(int frame) {
            int from = frame * FRAME_SAMPLES - CONTEXT_SAMPLES;
            return (frame > 0 || isSilent(memory.context, 0, CONTEXT_SAMPLES))
                    && isSilent(samples, Math.max(0, from), (frame + 1) * FRAME_SAMPLES);
        }

        private static boolean isSilent(float[] samples, int from, int to) {
            for (int i = from; i < to; i++) {
                if (samples[i] != 0) {
                    return false;
                }
            }
            return true;
        }

        /** How many of its frames are not silent. */
        private int soundingFrames() {
            return (int) IntStream.range(0, frames())
                    .filter(frame -> !isSilent(frame))
                    .count();
        }
    }

    /**
     * Hears the next frames of a channel.
     *
     * @param samples {@value #FRAME_SAMPLES} a frame, at 16 kHz
     * @return a verdict a frame: the same, however many are heard at once
     * @throws IllegalArgumentException if they are no whole number of frames
     */
    public List<Verdict> hear(Memory memory, float[] samples) {
        return hear(List.of(new Speech(memory, samples))).get(0);
    }

    /**
     * Hears the next frames of several channels. Each row of the graph's matrix products is computed by itself and in the same order,
     * however many there are.
     *
     * @return a verdict a frame, for each channel: the same, whatever is heard with it
     */
    public List<List<Verdict>> hear(List<Speech> channels) {
        float[] windows =
                new float[channels.stream().mapToInt(Speech::soundingFrames).sum() * FRAME_WINDOWS];
        int frame = 0;
        for (Speech channel : channels) {
            putWindows(channel, windows, frame);
            frame += channel.soundingFrames();
        }
        float[] gates = windows.length == 0 ? new float[0] : gates(windows);
        List<List<Verdict>> verdicts = new ArrayList<>();
        frame = 0;
        for (Speech channel : channels) {
            verdicts.add(verdicts(channel, gates, frame));
            frame += channel.soundingFrames();
        }
        return verdicts;
    }

    private List<Verdict> verdicts(Speech channel, float[] gates, int firstFrame) {
        List<Verdict> verdicts = new ArrayList<>();
        float[] state = channel.memory.state;
        int next = firstFrame;
        for (int frame = 0; frame < channel.frames(); frame++) {
            state = channel.isSilent(frame)
                    ? recurrent.next(state, gatesOfSilence, 0)
                    : recurrent.next(state, gates, next++);
            int end = (frame + 1) * FRAME_SAMPLES;
            float[] context = Arrays.copyOfRange(channel.samples, end - CONTEXT_SAMPLES, end);
            verdicts.add(new Verdict(recurrent.speech(state), new Memory(state, context)));
        }
        return verdicts;
    }

    /** {@code [frames, 512]}: what frames add to the recurrent layer's gates. */
    private float[] gates(float[] windows) {
        long[] shape = {windows.length / CompiledDetector.WINDOW_SAMPLES, CompiledDetector.WINDOW_SAMPLES};
        try (OnnxTensor tensor = OnnxTensor.createTensor(environment, FloatBuffer.wrap(windows), shape);
                Result result = session.run(Map.of("windows", tensor))) {
            return ((OnnxTensor) result.get(0)).getFloatBuffer().array();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to detect speech: " + e.getMessage(), e);
        }
    }

    /**
     * Overlapping windows over each frame that is not silent, with the end of the one before it in front of it and its own end's mirror image
     * behind it.
     */
    private static void putWindows(Speech channel, float[] windows, int firstFrame) {
        int size = CompiledDetector.WINDOW_SAMPLES;
        float[] seen = new float[CONTEXT_SAMPLES + FRAME_SAMPLES + CONTEXT_SAMPLES];
        System.arraycopy(channel.memory.context, 0, seen, 0, CONTEXT_SAMPLES);
        int place = firstFrame * FRAME_WINDOWS;
        for (int frame = 0; frame < channel.frames(); frame++) {
            System.arraycopy(channel.samples, frame * FRAME_SAMPLES, seen, CONTEXT_SAMPLES, FRAME_SAMPLES);
            if (!channel.isSilent(frame)) {
                int end = CONTEXT_SAMPLES + FRAME_SAMPLES;
                for (int i = 0; i < CONTEXT_SAMPLES; i++) {
                    seen[end + i] = seen[end - 2 - i];
                }
                for (int w = 0; w < CompiledDetector.WINDOWS_A_FRAME; w++) {
                    System.arraycopy(seen, w * CompiledDetector.HOP_SAMPLES, windows, place, size);
                    place += size;
                }
            }
            System.arraycopy(seen, FRAME_SAMPLES, seen, 0, CONTEXT_SAMPLES);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to close a session: " + e.getMessage(), e);
        }
    }
}
