package io.kscribe.compiler;

import io.kscribe.model.AtomicDirectory;
import io.kscribe.model.Checkpoint;
import io.kscribe.model.ModelException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Compiles a checkpoint into the two graphs of {@link EncoderGraph} and {@link DecoderGraph}, once: the result is kept under the
 * checkpoint's hash, the compiler's version and the precisions.
 */
public final class GraphCompiler {
    /** Raised whenever the graphs written for the same checkpoint change. */
    static final int VERSION = 2;

    /** What a checkpoint becomes by default: the fastest that keeps the accuracy of single precision. */
    public static final Precision ENCODER_PRECISION = Precision.INT8_ROWWISE;

    public static final Precision DECODER_PRECISION = Precision.INT8_BLOCKWISE;

    private final Path home;

    /**
     * Makes a compiler.
     *
     * @param home where compiled graphs are kept, in a directory {@code compiled}
     */
    public GraphCompiler(Path home) {
        this.home = home;
    }

    /** The graphs of a checkpoint in the default precisions, compiled now if they are not there yet. */
    public CompiledModel compile(Checkpoint checkpoint) throws ModelException {
        return compile(checkpoint, ENCODER_PRECISION, DECODER_PRECISION);
    }

    /**
     * The graphs of a checkpoint, compiled now if they are not there yet.
     *
     * @throws ModelException in one sentence that names the tensor or file at fault
     */
    public CompiledModel compile(Checkpoint checkpoint, Precision encoder, Precision decoder) throws ModelException {
        String key = String.join(
                "-",
                checkpoint.sha256().substring(0, 16),
                "v" + VERSION,
                encoder.name().toLowerCase(Locale.ROOT),
                decoder.name().toLowerCase(Locale.ROOT));
        WhisperConfig config = WhisperConfig.read(checkpoint.directory());
        List<AlignmentHead> heads = AlignmentHead.read(checkpoint.directory(), config);
        Path target = home.resolve("compiled").resolve(key);
        try {
            AtomicDirectory.install(target, partial -> {
                Weights weights = weights(checkpoint.directory());
                EncoderGraph.of(config, weights, encoder).write(CompiledModel.encoder(partial));
                DecoderGraph.of(config, heads, weights, decoder).write(CompiledModel.decoder(partial));
            });
        } catch (IOException e) {
            throw new ModelException("the compiled model cannot be written to " + target + ": " + e.getMessage(), e);
        }
        return new CompiledModel(checkpoint, config, heads.size(), target);
    }

    private static Weights weights(Path directory) throws ModelException {
        if (SafetensorsReader.canRead(directory) && !OnnxExportReader.isWhole(directory)) {
            return SafetensorsReader.read(directory);
        }
        if (OnnxExportReader.canRead(directory)) {
            return OnnxExportReader.read(directory);
        }
        throw new ModelException(directory
                + " holds no weights that kscribe reads; it reads an ONNX export under onnx/, and model.safetensors");
    }
}
