package io.kscribe.compiler;

import io.kscribe.model.Checkpoint;
import java.nio.file.Path;

/**
 * A checkpoint and the two graphs it was compiled to.
 *
 * @param checkpoint where it came from, with its tokenizer and configuration files
 * @param config its dimensions
 * @param alignmentHeads how many heads the decoder graph's {@code alignment} has
 * @param directory where the graphs are
 */
public record CompiledModel(Checkpoint checkpoint, WhisperConfig config, int alignmentHeads, Path directory) {
    /** The encoder graph's file. */
    public Path encoder() {
        return encoder(directory);
    }

    /** The decoder graph's file. */
    public Path decoder() {
        return decoder(directory);
    }

    static Path encoder(Path directory) {
        return directory.resolve("encoder.onnx");
    }

    static Path decoder(Path directory) {
        return directory.resolve("decoder.onnx");
    }
}
