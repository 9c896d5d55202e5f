package io.kscribe.cli;

import io.kscribe.compiler.CompiledModel;
import io.kscribe.compiler.GraphCompiler;
import io.kscribe.compiler.Precision;
import io.kscribe.engine.Device;
import io.kscribe.engine.NativeLibraries;
import io.kscribe.engine.Task;
import io.kscribe.engine.WhisperEngine;
import io.kscribe.model.Checkpoint;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelException;
import io.kscribe.model.ModelStore;
import io.kscribe.recognizer.RecognizerSettings;
import io.kscribe.recognizer.StreamingRecognizer;
import io.kscribe.recognizer.VoiceActivityDetector;
import io.kscribe.stream.Recognition;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of every command that recognises speech. */
final class ModelOptions {
    private static final Logger log = LoggerFactory.getLogger(ModelOptions.class);

    private static final String DETECT = "auto";

    /** What a model without languages writes. */
    private static final String ENGLISH = "en";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = "${KSCRIBE_MODEL:-base}",
            description = "tiny, base, small, a directory with a Whisper checkpoint, or hf:owner/name. "
                    + "Default: $KSCRIBE_MODEL, else base.")
    private String model;

    @Option(
            names = "--language",
            paramLabel = "CODE",
            defaultValue = "${KSCRIBE_LANGUAGE:-" + DETECT + "}",
            description =
                    "What is spoken, for instance en, or auto to detect it. Default: $KSCRIBE_LANGUAGE, else auto; "
                            + "for eval: what the manifest says.")
    private String language;

    @Option(
            names = "--encoder-precision",
            paramLabel = "PRECISION",
            converter = PrecisionConverter.class,
            description = "How the encoder's layers are computed: fp32, int8-rowwise or int8-blockwise. "
                    + "Default: int8-rowwise, on a GPU fp32.")
    private @Nullable Precision encoderPrecision;

    @Option(
            names = "--decoder-precision",
            paramLabel = "PRECISION",
            converter = PrecisionConverter.class,
            description = "How the decoder's layers are computed. Default: int8-rowwise, on a GPU fp32.")
    private @Nullable Precision decoderPrecision;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "cpu",
            description =
                    "What decodes: cpu, cuda or cuda:N, the N-th GPU. Where that cannot be used, the processor does, and a warning "
                            + "says why. Default: ${DEFAULT-VALUE}.")
    private String device;

    /** The models, opened together. */
    record Models(
            Checkpoint checkpoint, WhisperEngine engine, VoiceActivityDetector detector, Optional<String> language)
            implements AutoCloseable {
        /** A recogniser with these models, which are closed here and not with it. */
        StreamingRecognizer streaming(RecognizerSettings settings, Task task) {
            return new StreamingRecognizer(engine, detector, settings, task);
        }

        Recognition recognition(RecognizerSettings settings) {
            return new Recognition(streaming(settings, Task.TRANSCRIBE), language);
        }

        @Override
        public void close() {
            engine.close();
            detector.close();
        }
    }

    /** Where models are kept on this machine. */
    static ModelStore store() {
        return new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError());
    }

    /** Fetches and compiles what is not there yet, and opens it. */
    Models open() throws ModelException {
        ModelStore store = store();
        NativeLibraries.keepIn(store.home());
        Device used = usable();
        Precision usualEncoder = used.cuda() ? Precision.FP32 : GraphCompiler.ENCODER_PRECISION;
        Precision usualDecoder = used.cuda() ? Precision.FP32 : GraphCompiler.DECODER_PRECISION;
        CompiledModel compiled = new GraphCompiler(store.home())
                .compile(
                        store.checkpoint(model),
                        Objects.requireNonNullElse(encoderPrecision, usualEncoder),
                        Objects.requireNonNullElse(decoderPrecision, usualDecoder));
        VoiceActivityDetector detector = VoiceActivityDetector.open(store.voiceActivityModel());
        WhisperEngine engine = WhisperEngine.open(compiled, used);
        try {
            return new Models(compiled.checkpoint(), engine, detector, language(engine));
        } catch (ParameterException e) {
            engine.close();
            detector.close();
            throw e;
        }
    }

    /** The device that was asked for, or the processor. */
    private Device usable() {
        Device wanted = UsageErrors.valid(command, () -> Device.of(device));
        Optional<String> objection = wanted.objection();
        objection.ifPresent(sentence -> log.warn("{} The processor decodes instead.", sentence));
        return objection.isEmpty() ? wanted : Device.CPU;
    }

    /** The same options as they are written on a command line. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>(List.of("--model", model, "--language", language, "--device", device));
        if (encoderPrecision != null) {
            arguments.addAll(List.of("--encoder-precision", encoderPrecision.label()));
        }
        if (decoderPrecision != null) {
            arguments.addAll(List.of("--decoder-precision", decoderPrecision.label()));
        }
        return arguments;
    }

    /** Whether the user said on the command line what is spoken. */
    boolean languageIsGiven() {
        return command.commandLine().getParseResult().hasMatchedOption("--language");
    }

    private Optional<String> language(WhisperEngine engine) {
        if (language.equals(DETECT)) {
            return Optional.empty();
        }
        if (engine.languages().isEmpty() && language.equals(ENGLISH)) {
            return Optional.empty();
        }
        if (!engine.languages().contains(language)) {
            throw new ParameterException(
                    command.commandLine(),
                    "The model " + engine.modelName() + " does not know the language '" + language
                            + "'; it knows auto, " + String.join(", ", new TreeSet<>(engine.languages())) + ".");
        }
        return Optional.of(language);
    }
}
