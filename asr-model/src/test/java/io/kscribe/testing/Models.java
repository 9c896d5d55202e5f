package io.kscribe.testing;

import io.kscribe.audio.AudioFile;
import io.kscribe.compiler.GraphCompiler;
import io.kscribe.engine.WhisperEngine;
import io.kscribe.model.Checkpoint;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelException;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import io.kscribe.recognizer.VoiceActivityDetector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * The real models and recordings, fetched, compiled and opened once for all tests of a JVM, and closed after them.
 *
 * <p>A test takes it as a constructor parameter with {@code @ExtendWith(Models.Provider.class)}.
 */
public final class Models implements AutoCloseable {
    private static final int SAMPLE_RATE_HZ = 16_000;

    private final ModelStore store = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError());
    private final Map<String, WhisperEngine> engines = new HashMap<>();
    private @Nullable VoiceActivityDetector detector;

    private Models() {}

    /** Gives tests the one instance. */
    public static final class Provider implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Models.class;
        }

        @Override
        public Models resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(Namespace.create(Models.class))
                    .computeIfAbsent(Models.class, type -> new Models(), Models.class);
        }
    }

    /** A published checkpoint. */
    public Checkpoint checkpoint(String name) throws ModelException {
        return store.checkpoint(name);
    }

    /** The engine of a published checkpoint in the default precisions. */
    public synchronized WhisperEngine engine(String name) throws ModelException {
        WhisperEngine engine = engines.get(name);
        if (engine == null) {
            engine = WhisperEngine.open(new GraphCompiler(store.home()).compile(checkpoint(name)));
            engines.put(name, engine);
        }
        return engine;
    }

    /** The voice activity detector. */
    public synchronized VoiceActivityDetector detector() throws ModelException {
        if (detector == null) {
            detector = VoiceActivityDetector.open(detectorFile());
        }
        return detector;
    }

    /** The voice activity detector as it was published. */
    public Path detectorFile() throws ModelException {
        return store.voiceActivityModel();
    }

    /** A recording's samples at 16 kHz. */
    public float[] audio(Sample sample) throws ModelException, IOException {
        try (AudioFile file = AudioFile.open(store.sample(sample))) {
            if (file.sampleRateHz() != SAMPLE_RATE_HZ) {
                throw new IllegalStateException(sample + " is at " + file.sampleRateHz() + " Hz");
            }
            return file.read(Math.toIntExact(file.frames().orElseThrow()))[0];
        }
    }

    @Override
    public void close() {
        engines.values().forEach(WhisperEngine::close);
        if (detector != null) {
            detector.close();
        }
    }
}
