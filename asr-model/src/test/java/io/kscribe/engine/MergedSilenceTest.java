package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MergedSilenceTest {
    private static final int RATE_HZ = 16_000;

    @TempDir
    Path directory;

    private WhisperEngine engine;

    @BeforeEach
    void open() throws Exception {
        engine = RandomModels.engine(directory, 3);
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void shouldBeTheSameBehindWhateverIsSaidInAShortWindow() throws Exception {
        assertThat(silence(2, 1)).isEqualTo(silence(2, 2)).isNotEqualTo(speech(2, 1));
        assertThat(speech(2, 1)).isNotEqualTo(speech(2, 2));
    }

    @Test
    void shouldNotReplaceTheSilenceOfALongWindow() throws Exception {
        assertThat(silence(7, 1)).isNotEqualTo(silence(7, 2));
    }

    /** The last and the first of the decoder's keys, of one head. */
    private float[] silence(int seconds, long seed) throws Exception {
        int size = ContextLayout.of(seconds * RATE_HZ, Padding.merged()).size();
        return keys(seconds, seed, size - 1);
    }

    private float[] speech(int seconds, long seed) throws Exception {
        return keys(seconds, seed, 0);
    }

    private float[] keys(int seconds, long seed, int position) throws Exception {
        Random random = new Random(seed);
        float[] audio = new float[seconds * RATE_HZ];
        for (int i = 0; i < audio.length; i++) {
            audio[i] = (float) (0.1 * random.nextGaussian());
        }
        SpeechWindow window = SpeechWindow.of(audio, engine.melBins());
        try (Heard heard = engine.encoder().hear(window, ContextLayout.of(audio.length, Padding.merged()))) {
            FloatBuffer keys =
                    Objects.requireNonNull(heard.tensors().get("cross_key.0")).getFloatBuffer();
            float[] all = new float[keys.remaining()];
            keys.get(all);
            int width = engine.encoder().config().headWidth();
            return Arrays.copyOfRange(all, position * width, (position + 1) * width);
        }
    }
}
