package io.kscribe.compiler;

import io.kscribe.model.Checkpoint;
import io.kscribe.model.Damage;
import io.kscribe.model.ModelException;
import java.nio.file.Path;
import java.util.List;

/**
 * A checkpoint and the two graphs it was compiled to.
 *
 * @param checkpoint where it came from, with its tokenizer and configuration files
 * @param config its dimensions
 * @param alignmentHeads how many heads the decoder graph's {@code alignment} has
 * @param decoderPrecision how the decoder's layers are computed
 * @param directory where the graphs are
 */
public record CompiledModel(
        Checkpoint checkpoint, WhisperConfig config, int alignmentHeads, Precision decoderPrecision, Path directory) {
    /** The encoder graph's file. */
    public Path encoder() {
        return encoder(directory);
    }

    /** The decoder graph's file. */
    public Path decoder() {
        return decoder(directory);
    }

    /**
     * What the model is, a line for each of its properties, for people to read.
     *
     * @throws ModelException if that was not written down or cannot be read
     */
    public List<String> summary() throws ModelException {
        return ModelSummary.read(directory);
    }

    /**
     * Hashes the graphs.
     *
     * @return those that are not what was compiled; empty if all are
     * @throws ModelException if they or their hashes cannot be read
     */
    public List<Damage> verify() throws ModelException {
        return ModelSummary.verify(directory);
    }

    static Path encoder(Path directory) {
        return directory.resolve("encoder.onnx");
    }

    static Path decoder(Path directory) {
        return directory.resolve("decoder.onnx");
    }
}
