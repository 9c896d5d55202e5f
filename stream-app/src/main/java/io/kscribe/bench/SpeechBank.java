package io.kscribe.bench;

import io.kscribe.audio.SampleEncoding;
import io.kscribe.audio.StreamingResampler;
import io.kscribe.evaluation.MonoAudio;
import io.kscribe.recognizer.VoiceActivityDetector;
import io.kscribe.recognizer.VoiceActivityDetector.Memory;
import io.kscribe.recognizer.VoiceActivityDetector.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Real speech to speak with: recordings, cut at their pauses, as telephones carry them.
 *
 * @param stretches one or more, in the recordings' order
 */
public record SpeechBank(List<Stretch> stretches) {
    /** What telephone exchanges work at (ITU-T G.711). */
    public static final int RATE_HZ = 8000;

    private static final int FRAME = VoiceActivityDetector.FRAME_SAMPLES;
    private static final float SPEECH = 0.5f;
    private static final float SILENCE = 0.35f;

    /** A recording is cut at pauses from so many frames on: 320 ms. */
    private static final int PAUSE_FRAMES = 10;

    /** What is kept on both sides of speech: 96 ms. */
    private static final int MARGIN_FRAMES = 3;

    /** Shorter speech is noise: 320 ms. */
    private static final int SHORTEST_FRAMES = 10;

    public SpeechBank {
        stretches = List.copyOf(stretches);
        if (stretches.isEmpty()) {
            throw new IllegalArgumentException("There is no speech in the recordings.");
        }
    }

    /**
     * Cuts recordings.
     *
     * @param recordings mono at {@value MonoAudio#RATE_HZ} Hz, full scale at -1 and 1
     * @throws IllegalArgumentException if nobody speaks in them
     */
    public static SpeechBank of(List<float[]> recordings, VoiceActivityDetector detector) {
        List<Stretch> stretches = new ArrayList<>();
        for (float[] recording : recordings) {
            cut(recording, detector, stretches);
        }
        return new SpeechBank(stretches);
    }

    private static void cut(float[] recording, VoiceActivityDetector detector, List<Stretch> stretches) {
        List<Verdict> frames = detector.hear(Memory.none(), Arrays.copyOf(recording, recording.length / FRAME * FRAME));
        int first = -1;
        int last = -1;
        for (int i = 0; i < frames.size(); i++) {
            float speech = frames.get(i).speech();
            if (first < 0 ? speech >= SPEECH : speech >= SILENCE) {
                first = first < 0 ? i : first;
                last = i;
            } else if (first >= 0 && i - last >= PAUSE_FRAMES) {
                add(recording, first, last, stretches);
                first = -1;
            }
        }
        if (first >= 0) {
            add(recording, first, last, stretches);
        }
    }

    private static void add(float[] recording, int first, int last, List<Stretch> stretches) {
        if (last - first + 1 < SHORTEST_FRAMES) {
            return;
        }
        int from = Math.max(0, first - MARGIN_FRAMES) * FRAME;
        int to = Math.min(recording.length, (last + 1 + MARGIN_FRAMES) * FRAME);
        StreamingResampler resampler = new StreamingResampler(MonoAudio.RATE_HZ, RATE_HZ);
        float[] most = resampler.accept(Arrays.copyOfRange(recording, from, to));
        float[] rest = resampler.finish();
        float[] all = Arrays.copyOf(most, most.length + rest.length);
        System.arraycopy(rest, 0, all, most.length, rest.length);
        stretches.add(new Stretch(SampleEncoding.MULAW.encode(all, 0, all.length)));
    }
}
