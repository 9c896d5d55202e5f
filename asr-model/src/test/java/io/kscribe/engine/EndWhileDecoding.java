package io.kscribe.engine;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A program that still decodes when Java has begun to end it, and then says so. */
final class EndWhileDecoding {
    /** What it says. */
    static final String SAID = "decoded to the end";

    /** By then, ONNX Runtime's own shutdown hook is over. */
    private static final int HOOKS_MILLIS = 300;

    private EndWhileDecoding() {}

    /**
     * Opens a model of random weights and ends at once.
     *
     * @param args a directory for the model
     */
    public static void main(String[] args) throws Exception {
        WhisperEngine engine = RandomModels.engine(Path.of(args[0]), 3);
        SpeechWindow window = RandomModels.window(new Random(1), 3);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep(HOOKS_MILLIS);
            } catch (InterruptedException never) {
                throw new IllegalStateException(never);
            }
            for (int i = 0; i < 10; i++) {
                engine.transcribe(window, DecodingRequest.transcribe(Optional.of("en")));
            }
            System.out.println(SAID);
        }));
        Thread decoding = new Thread(() -> {
            while (true) {
                engine.transcribe(window, DecodingRequest.transcribe(Optional.of("en")));
            }
        });
        decoding.setDaemon(true);
        decoding.start();
        System.exit(0);
    }
}
