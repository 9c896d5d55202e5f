package io.kscribe.compiler;

import io.kscribe.model.AtomicDirectory;
import io.kscribe.model.Checkpoint;
import io.kscribe.model.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Compiles a checkpoint into the two graphs of {@link EncoderGraph} and {@link DecoderGraph}, once: the result is kept under the
 * checkpoint's hash, the compiler's version and the precisions.
 */
public final class GraphCompiler {
    /** Raised whenever what is written for the same checkpoint changes. */
    static final int VERSION = 13;

    /** What a checkpoint becomes by default: the fastest that keeps the accuracy of single precision. */
    public static final Precision ENCODER_PRECISION = Precision.INT8_ROWWISE;

    public static final Precision DECODER_PRECISION = Precision.INT8_ROWWISE;

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
        WhisperConfig config = WhisperConfig.read(checkpoint.directory());
        List<AlignmentHead> heads = AlignmentHead.read(checkpoint.directory(), config);
        Path target = place(checkpoint, encoder, decoder);
        try {
            AtomicDirectory.install(target, partial -> {
                GraphSize.requireFits(config, encoder, decoder);
                Weights weights = weights(checkpoint.directory());
                EncoderGraph.of(config, weights, encoder).write(CompiledModel.encoder(partial));
                DecoderGraph.of(config, heads, weights, decoder).write(CompiledModel.decoder(partial));
                ModelSummary.write(partial, checkpoint, config, heads.size(), encoder, decoder);
            });
        } catch (IOException e) {
            throw new ModelException("the compiled model cannot be written to " + target + ": " + e.getMessage(), e);
        }
        return new CompiledModel(checkpoint, config, heads.size(), decoder, target);
    }

    /**
     * The graphs of a checkpoint that are there already, in whatever precisions.
     *
     * @throws ModelException if the checkpoint cannot be read
     */
    public List<CompiledModel> compiled(Checkpoint checkpoint) throws ModelException {
        WhisperConfig config = WhisperConfig.read(checkpoint.directory());
        int heads = AlignmentHead.read(checkpoint.directory(), config).size();
        List<CompiledModel> models = new ArrayList<>();
        for (Precision encoder : Precision.values()) {
            for (Precision decoder : Precision.values()) {
                Path place = place(checkpoint, encoder, decoder);
                if (Files.isDirectory(place)) {
                    models.add(new CompiledModel(checkpoint, config, heads, decoder, place));
                }
            }
        }
        return List.copyOf(models);
    }

    private Path place(Checkpoint checkpoint, Precision encoder, Precision decoder) {
        String key = String.join(
                "-",
                checkpoint.sha256().substring(0, 16),
                "v" + VERSION,
                encoder.name().toLowerCase(Locale.ROOT),
                decoder.name().toLowerCase(Locale.ROOT));
        return home.resolve("compiled").resolve(key);
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
