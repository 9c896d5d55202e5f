package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.kscribe.compiler.CompiledModel;
import io.kscribe.model.ModelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/**
 * Writes down what is said in a window of audio, with a Whisper model compiled by {@link io.kscribe.compiler.GraphCompiler}.
 *
 * <p>Thread-safe: one engine serves every thread of a process, each request on the caller's thread. {@link #close()} only when no
 * request is running.
 */
public final class WhisperEngine implements AutoCloseable {
    private final CompiledModel model;
    private final Device device;
    private final Vocabulary vocabulary;
    private final NativeScope scope;
    private final Encoder encoder;
    private final OrtSession decoder;
    private final OnnxTensor tokenBias;
    private final LongAdder fullWindows = new LongAdder();
    private final LongAdder drawnTexts = new LongAdder();

    private WhisperEngine(CompiledModel model, Device device, Vocabulary vocabulary, NativeScope scope)
            throws OrtException {
        this.model = model;
        this.device = device;
        this.vocabulary = vocabulary;
        this.scope = scope;
        encoder = new Encoder(scope, model.config(), model.encoder(), !device.cuda());
        decoder = scope.session(model.decoder());
        tokenBias = Suppression.tensor(scope, vocabulary);
    }

    /** Loads a compiled model for the processor; see {@link #open(CompiledModel, Device)}. */
    public static WhisperEngine open(CompiledModel model) throws ModelException {
        return open(model, Device.CPU);
    }

    /**
     * Loads a compiled model.
     *
     * @param device that has no {@linkplain Device#objection objection}
     * @throws ModelException if its tokenizer cannot be read
     * @throws EngineException if ONNX Runtime cannot load its graphs
     */
    public static WhisperEngine open(CompiledModel model, Device device) throws ModelException {
        Vocabulary vocabulary =
                Vocabulary.read(model.checkpoint().directory(), model.config().vocabulary());
        NativeScope scope = NativeScope.outermost(NativeEnvironment.get(), device);
        try {
            return new WhisperEngine(model, device, vocabulary, scope);
        } catch (OrtException | RuntimeException e) {
            scope.close();
            throw new EngineException("ONNX Runtime cannot load " + model.directory() + ": " + e.getMessage(), e);
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

    /**
     * Whether a text does not depend, to the bit, on those that are written beside it, nor on a draft: on the processor, if the decoder's precision
     * {@linkplain io.kscribe.compiler.Precision#keepsRowsApart keeps rows apart}. A GPU chooses how it sums by how much there is to sum.
     */
    public boolean keepsWindowsApart() {
        return !device.cuda() && model.decoderPrecision().keepsRowsApart();
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
        return transcribe(window, request, Optional.empty());
    }

    /**
     * Decodes a window of speech that goes on. What was computed of a shorter window of the same speech is not computed again: that costs
     * less, and the text may differ a little from that of the window by itself.
     *
     * @param speech empty: the window by itself
     * @throws IllegalArgumentException as for a window by itself
     * @throws IllegalStateException if the engine is closed
     * @throws EngineException if ONNX Runtime fails
     */
    public Transcription transcribe(SpeechWindow window, DecodingRequest request, Optional<OngoingSpeech> speech) {
        return transcribe(List.of(window), List.of(request), List.of(speech)).get(0);
    }

    /**
     * Decodes windows side by side, which costs less than one after the other. Each gets what {@link #transcribe(SpeechWindow,
     * DecodingRequest)} gives for it, to the last bit, if its request has neither prefix nor draft and the engine {@link #keepsWindowsApart}.
     * Otherwise sums may be rounded in another order, and one in hundreds of tokens, where two are about as likely, may differ.
     *
     * @param windows any number, of any lengths
     * @param requests one for each
     * @return the windows' texts in order
     * @throws IllegalArgumentException as for a single window, or if there are not as many requests as windows
     * @throws IllegalStateException if the engine is closed
     * @throws EngineException if ONNX Runtime fails
     */
    public List<Transcription> transcribe(List<SpeechWindow> windows, List<DecodingRequest> requests) {
        return transcribe(windows, requests, Collections.nCopies(windows.size(), Optional.empty()));
    }

    /**
     * Decodes windows side by side, of which some are of {@linkplain #transcribe(SpeechWindow, DecodingRequest, Optional) speech that goes
     * on}.
     *
     * @param windows any number, of any lengths
     * @param requests one for each
     * @param speech for each what it is a window of; empty: the window by itself
     * @return the windows' texts in order
     * @throws IllegalArgumentException as for a single window, or if there are not as many requests or speech as windows
     * @throws IllegalStateException if the engine is closed
     * @throws EngineException if ONNX Runtime fails
     */
    public List<Transcription> transcribe(
            List<SpeechWindow> windows, List<DecodingRequest> requests, List<Optional<OngoingSpeech>> speech) {
        requireOneEach(windows, requests, "requests");
        requireOneEach(windows, speech, "pieces of speech");
        windows.forEach(this::requireBins);
        Transcription[] texts = new Transcription[windows.size()];
        try {
            List<ContextLayout> all = IntStream.range(0, texts.length)
                    .mapToObj(i -> layout(windows.get(i), requests.get(i), speech.get(i)))
                    .toList();
            for (List<Integer> batch : Batches.of(all, requests, Encoder.bytesOfPosition(model.config()), device)) {
                List<SpeechWindow> together = batch.stream().map(windows::get).toList();
                List<ContextLayout> layouts = batch.stream().map(all::get).toList();
                List<DecodingRequest> asked = batch.stream().map(requests::get).toList();
                List<Optional<OngoingSpeech>> ongoing =
                        batch.stream().map(speech::get).toList();
                try (Heard heard = encoder.hear(together, layouts, ongoing)) {
                    List<Transcription> likeliest = decode(heard, asked);
                    for (int lane = 0; lane < batch.size(); lane++) {
                        texts[batch.get(lane)] = settled(likeliest.get(lane), heard, lane, asked.get(lane));
                    }
                }
            }
        } catch (OrtException e) {
            throw failed(e);
        }
        return List.of(texts);
    }

    private static void requireOneEach(List<SpeechWindow> windows, List<?> others, String what) {
        if (windows.size() != others.size()) {
            throw new IllegalArgumentException(
                    "there are " + windows.size() + " windows but " + others.size() + " " + what);
        }
    }

    private static ContextLayout layout(SpeechWindow window, DecodingRequest request) {
        return ContextLayout.of(window.samples(), request.settings().padding());
    }

    private static ContextLayout layout(SpeechWindow window, DecodingRequest request, Optional<OngoingSpeech> speech) {
        return speech.isPresent()
                ? ContextLayout.growing(window.samples(), request.settings().padding())
                : layout(window, request);
    }

    private void requireBins(SpeechWindow window) {
        if (window.melBins() != melBins()) {
            throw new IllegalArgumentException(
                    modelName() + " hears " + melBins() + " mel bins, the window has " + window.melBins());
        }
    }

    private static EngineException failed(OrtException e) {
        return new EngineException("ONNX Runtime failed to decode: " + e.getMessage(), e);
    }

    /** The likeliest text of a lane, or what is tried instead of it. */
    private Transcription settled(Transcription likeliest, Heard heard, int lane, DecodingRequest request)
            throws OrtException {
        Fallback fallback = request.settings().fallback();
        SpeechWindow window = heard.window(lane);
        boolean isMerged = layout(window, request).size()
                < ContextLayout.of(window.samples(), Padding.whole()).size();
        if (!likeliest.complete() && fallback.fullWindow() && isMerged) {
            fullWindows.increment();
            try (Heard full = encoder.hear(window, ContextLayout.of(window.samples(), Padding.whole()))) {
                return orDrawn(decode(full, List.of(request)).get(0), full, request);
            }
        }
        if (heard.lanes() == 1 || fallback.temperatures().isEmpty() || fallback.accepts(likeliest)) {
            return orDrawn(likeliest, heard, request);
        }
        try (Heard alone = encoder.hear(window, layout(window, request))) {
            return orDrawn(likeliest, alone, request);
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
            best = fallback.better(best, draw(heard, request, temperature));
        }
        return best;
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    /** How many sessions, tensors and results are open: two sessions and three tensors when nothing runs. */
    long openNatives() {
        return scope.open();
    }

    Encoder encoder() {
        return encoder;
    }

    /** A decoder of what was heard, which has written nothing yet. */
    Decoder decoder(Heard heard) {
        return new Decoder(scope.another(), decoder, model.config(), model.alignmentHeads(), heard, tokenBias);
    }

    /** The likeliest text of each lane. */
    List<Transcription> decode(Heard heard, List<DecodingRequest> requests) throws OrtException {
        try (Decoder lanes = decoder(heard)) {
            List<Decoding> decodings = new ArrayList<>();
            for (int lane = 0; lane < requests.size(); lane++) {
                decodings.add(decoding(lanes, heard, lane, requests.get(lane), 0, 0));
            }
            lanes.run(decodings);
            return decodings.stream().map(Decoding::result).toList();
        }
    }

    /** A text of a single window drawn at random, which depends on the audio and the temperature alone. */
    Transcription draw(Heard heard, DecodingRequest request, float temperature) throws OrtException {
        int audio = Arrays.hashCode(heard.window(0).mel());
        long seed = ((long) audio << Integer.SIZE) + Float.floatToIntBits(temperature);
        try (Decoder lanes = decoder(heard)) {
            Decoding decoding = decoding(lanes, heard, 0, request, temperature, seed);
            lanes.run(List.of(decoding));
            return decoding.result();
        }
    }

    private Decoding decoding(
            Decoder lanes, Heard heard, int lane, DecodingRequest request, float temperature, long seed) {
        int lagMillis = AttentionLag.millis(model.config().decoderLayers(), model.alignmentHeads());
        return new Decoding(
                vocabulary,
                new WordAligner(vocabulary, lagMillis, Pauses.of(heard.window(lane))),
                lanes.tree(lane),
                request,
                heard.audioPositions(lane),
                model.config().textPositions(),
                temperature,
                new SplittableRandom(seed));
    }

    @Override
    public void close() {
        encoder.close();
        scope.close();
    }
}
