package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import io.kscribe.model.ModelException;
import io.kscribe.model.Sample;
import io.kscribe.recognizer.VoiceActivityDetector.Memory;
import io.kscribe.recognizer.VoiceActivityDetector.Speech;
import io.kscribe.recognizer.VoiceActivityDetector.Verdict;
import io.kscribe.testing.Models;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compiled hears what the published model hears. */
@ExtendWith(Models.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VoiceActivityDetectorIT {
    private static final int FRAME = VoiceActivityDetector.FRAME_SAMPLES;
    private static final int CONTEXT = 64;
    private static final float TOLERANCE = 1e-4f;

    private final Models models;
    private final VoiceActivityDetector detector;

    VoiceActivityDetectorIT(Models models) throws Exception {
        this.models = models;
        detector = models.detector();
    }

    @ParameterizedTest
    @EnumSource(Sample.class)
    void shouldHearWhatThePublishedModelHears(Sample sample) throws Exception {
        float[] audio = wholeFrames(models.audio(sample));
        float[] published = published(audio);

        List<Verdict> heard = oneByOne(audio);
        for (int frame = 0; frame < published.length; frame++) {
            assertThat(heard.get(frame).speech()).as("frame %d", frame).isCloseTo(published[frame], within(TOLERANCE));
        }
        assertThat(heard)
                .extracting(Verdict::speech)
                .anyMatch(speech -> speech > 0.9f)
                .anyMatch(speech -> speech < 0.1f);
    }

    @Test
    void shouldHearInZerosBetweenWordsWhatThePublishedModelHears() throws Exception {
        float[] audio = withZeros();
        float[] published = published(audio);

        List<Verdict> heard = oneByOne(audio);
        for (int frame = 0; frame < published.length; frame++) {
            assertThat(heard.get(frame).speech()).as("frame %d", frame).isCloseTo(published[frame], within(TOLERANCE));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 16, 33, 128})
    void shouldHearTheSameBitsOfManyFramesAtOnce(int atOnce) throws Exception {
        float[] audio = withZeros();
        List<Verdict> heard = new ArrayList<>();
        Memory memory = Memory.none();
        for (int from = 0; from < audio.length; from += atOnce * FRAME) {
            heard.addAll(detector.hear(
                    memory, Arrays.copyOfRange(audio, from, Math.min(audio.length, from + atOnce * FRAME))));
            memory = heard.get(heard.size() - 1).memory();
        }
        assertThatTheyAreTheSame(heard, oneByOne(audio));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8, 32})
    void shouldHearTheSameBitsOfAChannelWhateverIsHeardWithIt(int channels) throws Exception {
        float[] audio = withZeros();
        int half = audio.length / FRAME / 2 * FRAME;
        List<List<Verdict>> expected = new ArrayList<>();
        List<List<Verdict>> heard = new ArrayList<>();
        List<Memory> memories = new ArrayList<>();
        for (int channel = 0; channel < channels; channel++) {
            expected.add(oneByOne(Arrays.copyOfRange(audio, channel * FRAME, half + channel * FRAME)));
            heard.add(new ArrayList<>());
            memories.add(Memory.none());
        }
        for (int from = 0; from < half; from += FRAME) {
            List<Speech> speech = new ArrayList<>();
            for (int channel = 0; channel < channels; channel++) {
                int at = from + channel * FRAME;
                speech.add(new Speech(memories.get(channel), Arrays.copyOfRange(audio, at, at + FRAME)));
            }
            List<List<Verdict>> verdicts = detector.hear(speech);
            for (int channel = 0; channel < channels; channel++) {
                Verdict verdict = verdicts.get(channel).get(0);
                heard.get(channel).add(verdict);
                memories.set(channel, verdict.memory());
            }
        }
        for (int channel = 0; channel < channels; channel++) {
            assertThatTheyAreTheSame(heard.get(channel), expected.get(channel));
        }
    }

    /** To the last bit. */
    private static void assertThatTheyAreTheSame(List<Verdict> heard, List<Verdict> expected) {
        assertThat(heard).hasSameSizeAs(expected);
        for (int i = 0; i < heard.size(); i++) {
            assertThat(heard.get(i).speech()).isEqualTo(expected.get(i).speech());
            assertThat(Arrays.equals(
                            heard.get(i).memory().state(),
                            expected.get(i).memory().state()))
                    .isTrue();
            assertThat(Arrays.equals(
                            heard.get(i).memory().context(),
                            expected.get(i).memory().context()))
                    .isTrue();
        }
    }

    @Test
    void shouldHearNothingInNothing() {
        assertThat(detector.hear(Memory.none(), new float[0])).isEmpty();
    }

    @Test
    void shouldRefuseHalfAFrame() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> detector.hear(Memory.none(), new float[FRAME + 100]))
                .withMessage("612 samples are no whole number of frames of 512");
    }

    @Test
    void shouldRefuseAModelOfAnotherKind(@TempDir Path directory) throws Exception {
        Path other = models.checkpoint("tiny").directory().resolve("onnx/decoder_model_merged_quantized.onnx");
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> VoiceActivityDetector.open(other))
                .withMessage(
                        other + " is no Silero voice activity detector of version 5 or 6: the checkpoint has no tensor"
                                + " 'decoder.decoder.2.weight'");
        Path torn = Files.write(directory.resolve("torn.onnx"), new byte[] {8, 1, 99});
        assertThatExceptionOfType(ModelException.class)
                .isThrownBy(() -> VoiceActivityDetector.open(torn))
                .withMessageStartingWith(torn + " is not a whole ONNX file: ");
    }

    /** Speech that zeros interrupt, in the middle of a frame. */
    private float[] withZeros() throws Exception {
        float[] audio = wholeFrames(models.audio(Sample.KENNEDY));
        for (int from = 20 * FRAME + 100; from < audio.length; from += 40 * FRAME) {
            Arrays.fill(audio, from, Math.min(audio.length, from + 10 * FRAME), 0);
        }
        return audio;
    }

    private List<Verdict> oneByOne(float[] audio) {
        List<Verdict> verdicts = new ArrayList<>();
        Memory memory = Memory.none();
        for (int from = 0; from < audio.length; from += FRAME) {
            verdicts.addAll(detector.hear(memory, Arrays.copyOfRange(audio, from, from + FRAME)));
            memory = verdicts.get(verdicts.size() - 1).memory();
        }
        return verdicts;
    }

    /** The published graph under ONNX Runtime, a frame a call. */
    private float[] published(float[] audio) throws Exception {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        float[] speech = new float[audio.length / FRAME];
        float[] input = new float[CONTEXT + FRAME];
        FloatBuffer state = FloatBuffer.allocate(2 * 128);
        try (OrtSession session =
                        environment.createSession(models.detectorFile().toString());
                OnnxTensor rate =
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[] {16_000}), new long[0])) {
            for (int frame = 0; frame < speech.length; frame++) {
                System.arraycopy(audio, frame * FRAME, input, CONTEXT, FRAME);
                try (OnnxTensor samples = OnnxTensor.createTensor(
                                environment, FloatBuffer.wrap(input), new long[] {1, input.length});
                        OnnxTensor memory = OnnxTensor.createTensor(environment, state, new long[] {2, 1, 128});
                        Result result = session.run(Map.of("input", samples, "state", memory, "sr", rate))) {
                    speech[frame] = tensor(result, "output").get(0);
                    state = tensor(result, "stateN");
                }
                System.arraycopy(input, FRAME, input, 0, CONTEXT);
            }
        }
        return speech;
    }

    private static FloatBuffer tensor(Result result, String name) {
        return ((OnnxTensor) result.get(name).orElseThrow()).getFloatBuffer();
    }

    private static float[] wholeFrames(float[] audio) {
        return Arrays.copyOf(audio, audio.length / FRAME * FRAME);
    }
}
