package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import io.kscribe.compiler.CompiledModel;
import io.kscribe.model.ModelException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * Writes down what is said in a window of audio, with a Whisper model compiled by {@link io.kscribe.compiler.GraphCompiler}.
 *
 * <p>Thread-safe: one engine serves every thread of a process, each request on the caller's thread. {@link #close()} only when no
 * request is running.
 */
public final class WhisperEngine implements AutoCloseable {
    private final CompiledModel model;
    private final Vocabulary vocabulary;
    private final OrtEnvironment environment;
    private final OrtSession encoder;
    private final OrtSession decoder;
    private final OnnxTensor tokenBias;
    private final LongAdder fullWindows = new LongAdder();
    private final LongAdder drawnTexts = new LongAdder();

    private WhisperEngine(CompiledModel model, Vocabulary vocabulary) throws OrtException {
        this.model = model;
        this.vocabulary = vocabulary;
        environment = environment();
        encoder = session(environment, model.encoder());
        try {
            decoder = session(environment, model.decoder());
            tokenBias = Suppression.tensor(environment, vocabulary);
        } catch (OrtException e) {
            encoder.close();
            throw e;
        }
    }

    /**
     * Loads a compiled model.
     *
     * @throws ModelException if its tokenizer cannot be read
     * @throws EngineException if ONNX Runtime cannot load its graphs
     */
    public static WhisperEngine open(CompiledModel model) throws ModelException {
        Vocabulary vocabulary =
                Vocabulary.read(model.checkpoint().directory(), model.config().vocabulary());
        try {
            return new WhisperEngine(model, vocabulary);
        } catch (OrtException e) {
            throw new EngineException("ONNX Runtime cannot load " + model.directory() + ": " + e.getMessage(), e);
        }
    }

    /** ONNX Runtime's one environment of the process, which says errors only. */
    static OrtEnvironment environment() {
        return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "kscribe");
    }

    static OrtSession session(OrtEnvironment environment, Path graph) throws OrtException {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setMemoryPatternOptimization(false); // shapes differ from request to request
            return environment.createSession(graph.toString(), options);
        }
    }

    /** The model's name, for instance "base". */
    public String modelName() {
        return model.checkpoint().name();
    }

    /** Bins that a {@link SpeechWindow} must have: 80 or 128. */
    public int melBins() {
        return model.config().melBins();
    }

    /** The languages that the model knows, as ISO 639-1 codes; none for an English-only model. */
    public Set<String> languages() {
        return vocabulary.languages();
    }

    /**
     * Terms to be favoured in requests to this engine, with {@link KeyTerms#DEFAULT_BONUS}.
     *
     * @throws IllegalArgumentException if one is blank or cannot be written with the model's tokens
     */
    public KeyTerms keyTerms(Collection<String> terms) {
        return keyTerms(terms, KeyTerms.DEFAULT_BONUS);
    }

    /**
     * Terms to be favoured in requests to this engine.
     *
     * @param bonus what each of a term's tokens is favoured by, in units of log-probability
     * @throws IllegalArgumentException if one is blank or cannot be written with the model's tokens, or the bonus is not above 0
     */
    public KeyTerms keyTerms(Collection<String> terms, float bonus) {
        return KeyTerms.of(vocabulary, terms, bonus);
    }

    /** How many requests looped on merged silence and were decoded again over the full window. */
    public long fullWindowFallbacks() {
        return fullWindows.sum();
    }

    /** How many texts were drawn at a temperature above 0, because no likely text passed the thresholds. */
    public long drawnTexts() {
        return drawnTexts.sum();
    }

    /**
     * Decodes a window.
     *
     * @throws IllegalArgumentException if the window has another number of mel bins, the model does not know the language or what the
     *     settings ask for, or the prefix is longer than any text of the window
     * @throws IllegalStateException if the engine is closed
     * @throws EngineException if ONNX Runtime fails
     */
    public Transcription transcribe(SpeechWindow window, DecodingRequest request) {
        if (window.melBins() != melBins()) {
            throw new IllegalArgumentException(
                    modelName() + " hears " + melBins() + " mel bins, the window has " + window.melBins());
        }
        Fallback fallback = request.settings().fallback();
        try {
            try (Heard merged = hear(window, ContextLayout.merged(window.samples()))) {
                Transcription text = merged.decode(request);
                if (text.complete() || !fallback.fullWindow()) {
                    return orDrawn(text, merged, request);
                }
            }
            fullWindows.increment();
            try (Heard full = hear(window, ContextLayout.full(window.samples()))) {
                return orDrawn(full.decode(request), full, request);
            }
        } catch (OrtException e) {
            throw new EngineException("ONNX Runtime failed to decode: " + e.getMessage(), e);
        }
    }

    /** The text, or if it fails the thresholds the first drawn one that does not, or the best of those that all failed. */
    private Transcription orDrawn(Transcription likeliest, Heard heard, DecodingRequest request) throws OrtException {
        Fallback fallback = request.settings().fallback();
        Transcription best = likeliest;
        for (float temperature : fallback.temperatures()) {
            if (fallback.accepts(best)) {
                break;
            }
            drawnTexts.increment();
            best = fallback.better(best, heard.decode(request, temperature));
        }
        return best;
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    /** Decodes once, with a layout that was made for a window of this length. */
    Transcription decode(SpeechWindow window, ContextLayout layout, DecodingRequest request) throws OrtException {
        try (Heard heard = hear(window, layout)) {
            return heard.decode(request);
        }
    }

    /** Encodes a window, with a layout that was made for its length. */
    Heard hear(SpeechWindow window, ContextLayout layout) throws OrtException {
        long[] biasShape = {1, 1, 1, layout.size()};
        OnnxTensor keyBias = OnnxTensor.createTensor(environment, FloatBuffer.wrap(layout.keyBias()), biasShape);
        try {
            return new Heard(window, layout, keyBias, encode(window, layout, keyBias));
        } catch (OrtException e) {
            keyBias.close();
            throw e;
        }
    }

    /** A window that has gone through the encoder, to be decoded as often as it takes. */
    final class Heard implements AutoCloseable {
        private final SpeechWindow window;
        private final ContextLayout layout;
        private final OnnxTensor keyBias;
        private final Result encoded;
        private final WordAligner aligner;

        private Heard(SpeechWindow window, ContextLayout layout, OnnxTensor keyBias, Result encoded) {
            this.window = window;
            this.layout = layout;
            this.keyBias = keyBias;
            this.encoded = encoded;
            int lagMillis = AttentionLag.millis(model.config().decoderLayers(), model.alignmentHeads());
            aligner = new WordAligner(vocabulary, lagMillis, Pauses.of(window));
        }

        Transcription decode(DecodingRequest request) throws OrtException {
            return decode(request, 0);
        }

        /** Decodes; what is drawn at random depends on the audio and the temperature alone. */
        Transcription decode(DecodingRequest request, float temperature) throws OrtException {
            long seed = temperature == 0
                    ? 0
                    : ((long) Arrays.hashCode(window.mel()) << Integer.SIZE) + Float.floatToIntBits(temperature);
            try (Decoder tree = tree()) {
                int textPositions = model.config().textPositions();
                return new Decoding(vocabulary, aligner, tree, request, layout.audioPositions(), textPositions)
                        .run(temperature, new SplittableRandom(seed));
            }
        }

        /** A new tree of texts. */
        Decoder tree() throws OrtException {
            return new Decoder(
                    environment,
                    decoder,
                    model.config(),
                    model.alignmentHeads(),
                    layout.audioPositions(),
                    encoded,
                    keyBias,
                    tokenBias);
        }

        @Override
        public void close() {
            encoded.close();
            keyBias.close();
        }
    }

    private Result encode(SpeechWindow window, ContextLayout layout, OnnxTensor keyBias) throws OrtException {
        long[] places = {layout.size()};
        try (OnnxTensor frameTensor = OnnxTensor.createTensor(
                        environment, FloatBuffer.wrap(window.mel()), new long[] {1, window.melBins(), window.frames()
                        });
                OnnxTensor sources = OnnxTensor.createTensor(environment, LongBuffer.wrap(layout.sources()), places);
                OnnxTensor positions =
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(layout.positions()), places)) {
            return encoder.run(
                    Map.of("mel", frameTensor, "source", sources, "position", positions, "key_bias", keyBias));
        }
    }

    @Override
    public void close() {
        tokenBias.close();
        try {
            encoder.close();
            decoder.close();
        } catch (OrtException e) {
            throw new EngineException("ONNX Runtime failed to close a session: " + e.getMessage(), e);
        }
    }
}
