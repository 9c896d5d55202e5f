package io.kscribe.recognizer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import io.kscribe.audio.StreamingResampler;
import io.kscribe.evaluation.Manifest;
import io.kscribe.evaluation.MonoAudio;
import io.kscribe.evaluation.TelephoneChannel;
import io.kscribe.evaluation.Utterance;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelStore;
import io.kscribe.recognizer.VoiceActivityDetector.Memory;
import io.kscribe.recognizer.VoiceActivityDetector.Speech;
import io.kscribe.recognizer.VoiceActivityDetector.Verdict;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Prints what the voice activity detector costs a frame, alone and together with others (processor time, the least of several runs); with a manifest, how often its verdict on telephone
 * audio is that on the audio before the telephone, heard at 16 kHz and by the published model's own branch for 8 kHz.
 */
final class DetectorBenchmark {
    private static final int FRAME = VoiceActivityDetector.FRAME_SAMPLES;
    private static final int RATE_HZ = 16_000;
    private static final int TELEPHONE_RATE_HZ = 8_000;
    private static final int FRAMES = 1024;
    private static final int RUNS = 9;
    private static final float[] THRESHOLDS = {0.35f, 0.5f};

    private DetectorBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path model = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError()).voiceActivityModel();
        try (VoiceActivityDetector detector = VoiceActivityDetector.open(model)) {
            if (arguments.length == 0) {
                cost(detector);
            }
            for (String manifest : arguments) {
                agreement(detector, model, Manifest.read(Path.of(manifest)));
            }
        }
    }

    private static void cost(VoiceActivityDetector detector) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        System.out.println("| channels | frames of each | us a frame |");
        System.out.println("|---|---|---|");
        for (int[] shape : new int[][] {{1, 1}, {1, 3}, {1, 16}, {1, 32}, {8, 1}, {8, 3}, {32, 1}, {32, 3}}) {
            float[] samples = new float[shape[1] * FRAME];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (float) (0.1 * Math.sin(0.02 * i) * Math.sin(0.0003 * i));
            }
            List<Speech> speech = Collections.nCopies(shape[0], new Speech(Memory.none(), samples));
            double least = Double.POSITIVE_INFINITY;
            for (int run = 0; run < RUNS; run++) {
                long started = threads.getCurrentThreadCpuTime();
                int heard = 0;
                while (heard < FRAMES) {
                    detector.hear(speech);
                    heard += shape[0] * shape[1];
                }
                least = Math.min(least, (threads.getCurrentThreadCpuTime() - started) / 1000.0 / heard);
            }
            System.out.printf("| %d | %d | %.1f |%n", shape[0], shape[1], least);
        }
    }

    private static void agreement(VoiceActivityDetector detector, Path model, Manifest corpus) throws Exception {
        long frames = 0;
        long[] wide = new long[THRESHOLDS.length];
        long[] narrow = new long[THRESHOLDS.length];
        long[] speech = new long[THRESHOLDS.length];
        double wideDifference = 0;
        double narrowDifference = 0;
        try (OrtSession session = OrtEnvironment.getEnvironment().createSession(model.toString())) {
            for (Utterance utterance : corpus.utterances()) {
                float[] audio = wholeFrames(MonoAudio.read(utterance.audio()));
                float[] telephone = wholeFrames(TelephoneChannel.pass(audio, RATE_HZ));
                StreamingResampler down = new StreamingResampler(RATE_HZ, TELEPHONE_RATE_HZ);
                float[] line = joined(down.accept(telephone), down.finish());
                List<Verdict> before = detector.hear(Memory.none(), audio);
                List<Verdict> at16 = detector.hear(Memory.none(), telephone);
                float[] at8 = published8(session, line);
                int n = Math.min(Math.min(before.size(), at16.size()), at8.length);
                frames += n;
                for (int i = 0; i < n; i++) {
                    float truth = before.get(i).speech();
                    float heard = at16.get(i).speech();
                    wideDifference += Math.abs(truth - heard);
                    narrowDifference += Math.abs(truth - at8[i]);
                    for (int t = 0; t < THRESHOLDS.length; t++) {
                        boolean is = truth >= THRESHOLDS[t];
                        speech[t] += is ? 1 : 0;
                        wide[t] += (heard >= THRESHOLDS[t]) == is ? 1 : 0;
                        narrow[t] += (at8[i] >= THRESHOLDS[t]) == is ? 1 : 0;
                    }
                }
            }
        }
        System.out.printf(
                "| %s | %d frames | mean difference at 16 kHz %.4f, at 8 kHz %.4f |%n",
                corpus.corpus(), frames, wideDifference / frames, narrowDifference / frames);
        for (int t = 0; t < THRESHOLDS.length; t++) {
            System.out.printf(
                    "| threshold %.2f | speech %.1f %% | agrees at 16 kHz %.2f %% | at 8 kHz %.2f %% |%n",
                    THRESHOLDS[t], 100.0 * speech[t] / frames, 100.0 * wide[t] / frames, 100.0 * narrow[t] / frames);
        }
    }

    /** What the published model says of audio at 8 kHz, in frames of 256 samples after 32 of context. */
    private static float[] published8(OrtSession session, float[] audio) throws OrtException {
        int frame = FRAME / 2;
        int context = 32;
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        float[] speech = new float[audio.length / frame];
        float[] input = new float[context + frame];
        FloatBuffer state = FloatBuffer.allocate(2 * 128);
        try (OnnxTensor rate =
                OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[] {TELEPHONE_RATE_HZ}), new long[0])) {
            for (int i = 0; i < speech.length; i++) {
                System.arraycopy(audio, i * frame, input, context, frame);
                try (OnnxTensor samples = OnnxTensor.createTensor(
                                environment, FloatBuffer.wrap(input), new long[] {1, input.length});
                        OnnxTensor memory = OnnxTensor.createTensor(environment, state, new long[] {2, 1, 128});
                        Result result = session.run(Map.of("input", samples, "state", memory, "sr", rate))) {
                    speech[i] = ((OnnxTensor) result.get("output").orElseThrow())
                            .getFloatBuffer()
                            .get(0);
                    state = ((OnnxTensor) result.get("stateN").orElseThrow()).getFloatBuffer();
                }
                System.arraycopy(input, frame, input, 0, context);
            }
        }
        return speech;
    }

    private static float[] joined(float[] first, float[] second) {
        float[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static float[] wholeFrames(float[] audio) {
        return Arrays.copyOf(audio, audio.length / FRAME * FRAME);
    }
}
