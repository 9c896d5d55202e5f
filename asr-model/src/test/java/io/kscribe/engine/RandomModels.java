package io.kscribe.engine;

import io.kscribe.compiler.GraphCompiler;
import io.kscribe.compiler.Precision;
import io.kscribe.testing.TinyCheckpoint;
import java.nio.file.Path;
import java.util.Random;

/** Engines of random weights, and noise for them to hear. */
final class RandomModels {
    private RandomModels() {}

    /** An engine whose texts loop, run into limits or end as chance will have it. */
    static WhisperEngine engine(Path directory, long seed) throws Exception {
        return engine(directory, seed, Precision.FP32);
    }

    /** As {@link #engine(Path, long)}, in another precision. */
    static WhisperEngine engine(Path directory, long seed, Precision precision) throws Exception {
        Path model = TinyCheckpoint.write(directory.resolve("model"), seed);
        return WhisperEngine.open(
                new GraphCompiler(directory).compile(TinyCheckpoint.checkpoint(model), precision, precision));
    }

    static SpeechWindow window(Random random, int seconds) {
        float[] noise = new float[seconds * 16_000];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = (float) (random.nextGaussian() * 0.1 * Math.sin(i / 3000.0));
        }
        return SpeechWindow.of(noise, 80);
    }
}
