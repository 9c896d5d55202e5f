package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.kscribe.compiler.WhisperConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.IntStream;

/**
 * Runs the encoder graph over windows.
 *
 * <p>Several windows are encoded one after the other, as there is nothing to be gained by doing it at once, but into one piece of memory,
 * where the decoder finds them side by side. Of a window of speech that goes on, only what is new is encoded. Thread-safe.
 */
final class Encoder implements AutoCloseable {
    /** Sizes that lanes are filled up to: a vector of numbers is summed up alike however much is masked after it. */
    private static final int LANE_STEP = 16;

    private final NativeScope scope;
    private final WhisperConfig config;
    private final OrtSession session;

    /** {@code cross_key.l, cross_value.l}, in the graph's order. */
    private final List<String> cross;

    /** What is given for {@code past_key.l, past_value.l} if all of a window is computed. */
    private final Map<String, OnnxTensor> noPast = new HashMap<>();

    /** Empty on a GPU, where it would have to be copied for every window, and computing it takes less time. */
    private final Optional<MergedSilence> silence;

    private final EncoderCaches caches = EncoderCaches.ofThisProcess();

    /** Memory of batches that no one uses: as many pieces as were in use at once. */
    private final ConcurrentLinkedDeque<ByteBuffer> spare = new ConcurrentLinkedDeque<>();

    /** The same of what is computed in part. */
    private final ConcurrentLinkedDeque<ByteBuffer> spareParts = new ConcurrentLinkedDeque<>();

    /**
     * Loads a graph.
     *
     * @param scope holds the graph's session
     * @param borrowsSilence whether short windows attend to {@link MergedSilence}, and windows that grow to what they were
     */
    Encoder(NativeScope scope, WhisperConfig config, Path graph, boolean borrowsSilence) throws OrtException {
        this.scope = scope;
        this.config = config;
        session = scope.session(graph);
        cross = session.getOutputNames().stream()
                .filter(name -> name.startsWith("cross_"))
                .toList();
        OnnxTensor noKeys = scope.floats(new float[0], 0, config.modelWidth() + config.encoderHeads());
        OnnxTensor noValues = scope.floats(new float[0], 0, config.modelWidth());
        for (int l = 0; l < config.encoderLayers(); l++) {
            noPast.put("past_key." + l, noKeys);
            noPast.put("past_value." + l, noValues);
        }
        silence = borrowsSilence ? Optional.of(mergedSilence()) : Optional.empty();
    }

    private MergedSilence mergedSilence() throws OrtException {
        ContextLayout layout = MergedSilence.layout();
        int runs = layout.borrowed();
        int others = layout.size() - runs;
        int[] runsFirst = IntStream.concat(IntStream.range(others, layout.size()), IntStream.range(0, others))
                .toArray();
        ByteBuffer memory = ByteBuffer.allocateDirect(layout.size() * EncoderSlots.bytesOfSlot(config));
        EncoderSlots slots = new EncoderSlots(config, memory);
        try (NativeScope run = scope.another()) {
            Map<String, OnnxTensor> inputs = inputs(run, MergedSilence.window(config.melBins()), layout, runsFirst);
            inputs.putAll(noPast);
            Map<String, OnnxTensor> outputs = new HashMap<>();
            slots.put(outputs, "", run, 0, layout.size());
            for (int i = 0; i < cross.size(); i++) {
                outputs.put(cross.get(i), heads(run, slots.cross(i), 1, layout.size()));
            }
            run.run(session, inputs, outputs);
        }
        return new MergedSilence(slots, runs);
    }

    WhisperConfig config() {
        return config;
    }

    /** How many positions a lane has for so many. */
    static int laneSize(int positions) {
        return (positions + LANE_STEP - 1) / LANE_STEP * LANE_STEP;
    }

    /** What the decoder's inputs take for a position of one lane, in bytes. */
    static long bytesOfPosition(WhisperConfig config) {
        return 2L * config.decoderLayers() * config.modelWidth() * Float.BYTES;
    }

    /** Encodes a window, with a layout that was made for its length. */
    Heard hear(SpeechWindow window, ContextLayout layout) throws OrtException {
        return hear(List.of(window), List.of(layout), List.of(Optional.empty()));
    }

    /**
     * Encodes several windows, with layouts that were made for their lengths.
     *
     * @param speech what a window that grows is a part of; its layout is {@link ContextLayout#growing}
     */
    Heard hear(List<SpeechWindow> windows, List<ContextLayout> layouts, List<Optional<OngoingSpeech>> speech)
            throws OrtException {
        int size = laneSize(layouts.stream().mapToInt(ContextLayout::size).max().orElseThrow());
        List<ContextLayout> filled =
                layouts.stream().map(layout -> layout.filledTo(size)).toList();
        int lanes = windows.size();
        int laneBytes = size * config.modelWidth() * Float.BYTES;
        ByteBuffer memory = memory(spare, Math.multiplyExact(cross.size() * lanes, laneBytes));
        NativeScope batch = scope.another();
        Runnable release = () -> {
            batch.close();
            spare.push(memory);
        };
        boolean done = false;
        try {
            Map<String, OnnxTensor> tensors = new HashMap<>();
            FloatBuffer biases = FloatBuffer.allocate(lanes * size);
            filled.forEach(layout -> biases.put(layout.keyBias()));
            tensors.put("key_bias", batch.floats(biases.rewind(), lanes, 1, 1, size));
            int at = 0;
            for (String name : cross) {
                tensors.put(name, heads(batch, floats(memory.slice(at, lanes * laneBytes)), lanes, size));
                at += lanes * laneBytes;
            }
            for (int lane = 0; lane < lanes; lane++) {
                Lane part = new Lane(memory, lane * laneBytes, lanes * laneBytes, size);
                ContextLayout layout = layouts.get(lane);
                Optional<OngoingSpeech> ongoing = speech.get(lane);
                Optional<EncoderCache> cache = ongoing.flatMap(one -> cache(one, layout));
                if (cache.isPresent()) {
                    encode(windows.get(lane), layout, ongoing.get(), cache.get(), part);
                } else if (silence.isPresent() && layout.borrowed() > 0) {
                    encode(windows.get(lane), layout, silence.get(), part);
                } else {
                    encode(windows.get(lane), filled.get(lane), part);
                }
            }
            done = true;
            return new Heard(windows, filled, tensors, release);
        } finally {
            if (!done) {
                release.run();
            }
        }
    }

    /** A lane's part of a batch's memory: that of the first output begins at a byte, and each at so many bytes after another. */
    private record Lane(ByteBuffer memory, int from, int step, int size) {
        ByteBuffer of(int output) {
            int at = from + output * step;
            return memory.slice(at, memory.capacity() - at);
        }
    }

    /** Encodes a window into its lane. */
    private void encode(SpeechWindow window, ContextLayout layout, Lane lane) throws OrtException {
        try (NativeScope run = scope.another()) {
            Map<String, OnnxTensor> outputs = new HashMap<>();
            for (int i = 0; i < cross.size(); i++) {
                outputs.put(cross.get(i), heads(run, floats(lane.of(i)), 1, lane.size()));
            }
            int[] all = IntStream.range(0, layout.size()).toArray();
            Map<String, OnnxTensor> inputs = inputs(run, window, layout, all);
            inputs.putAll(noPast);
            run.run(session, inputs, outputs);
        }
    }

    /** Encodes a window but for its merged silence, and puts both into its lane. */
    private void encode(SpeechWindow window, ContextLayout layout, MergedSilence merged, Lane lane)
            throws OrtException {
        int own = layout.size() - layout.borrowed();
        int bytes = own * config.modelWidth() * Float.BYTES;
        ByteBuffer computed = memory(spareParts, cross.size() * bytes);
        try (NativeScope run = scope.another()) {
            Map<String, OnnxTensor> inputs =
                    inputs(run, window, layout, IntStream.range(0, own).toArray());
            merged.putPast(inputs, run, layout);
            Map<String, OnnxTensor> outputs = new HashMap<>();
            for (int i = 0; i < cross.size(); i++) {
                outputs.put(cross.get(i), heads(run, floats(computed.slice(i * bytes, bytes)), 1, own));
            }
            run.run(session, inputs, outputs);
            for (int i = 0; i < cross.size(); i++) {
                FloatBuffer part = floats(computed.slice(i * bytes, bytes));
                merged.complete(config, i, layout, part, floats(lane.of(i)), lane.size());
            }
        } finally {
            spareParts.push(computed);
        }
    }

    /** Encodes what is new of a window that grows, and puts all of it into its lane. */
    private void encode(SpeechWindow window, ContextLayout layout, OngoingSpeech speech, EncoderCache cache, Lane lane)
            throws OrtException {
        int fresh = cache.fresh(layout);
        int bytes = fresh * config.modelWidth() * Float.BYTES;
        ByteBuffer computed = memory(spareParts, cross.size() * bytes);
        boolean kept = false;
        try (NativeScope run = scope.another()) {
            Map<String, OnnxTensor> inputs = inputs(run, window, layout, cache.freshPositions(layout));
            cache.putPast(inputs, run, layout);
            Map<String, OnnxTensor> outputs = new HashMap<>();
            cache.putFresh(outputs, run, layout);
            for (int i = 0; i < cross.size(); i++) {
                outputs.put(cross.get(i), heads(run, floats(computed.slice(i * bytes, bytes)), 1, fresh));
            }
            run.run(session, inputs, outputs);
            for (int i = 0; i < cross.size(); i++) {
                FloatBuffer part = floats(computed.slice(i * bytes, bytes));
                cache.complete(i, layout, part, floats(lane.of(i)), lane.size());
            }
            cache.keep(layout);
            caches.put(speech, cache);
            kept = true;
        } finally {
            if (!kept) {
                caches.drop(cache);
            }
            spareParts.push(computed);
        }
    }

    /** What there is of a window that grows, or memory for it, ready for the window; empty if there is none for it. */
    private Optional<EncoderCache> cache(OngoingSpeech speech, ContextLayout layout) {
        if (silence.isEmpty() || layout.borrowed() == 0) {
            return Optional.empty();
        }
        Optional<EncoderCache> kept = caches.take(speech);
        if (kept.isPresent() && kept.get().prepare(layout, silence.get())) {
            return kept;
        }
        kept.ifPresent(caches::drop);
        Optional<EncoderCache> empty =
                caches.memory(EncoderCache.bytes(config, layout)).map(memory -> new EncoderCache(config, memory));
        empty.ifPresent(cache -> cache.prepare(layout, silence.get()));
        return empty;
    }

    private static ByteBuffer memory(ConcurrentLinkedDeque<ByteBuffer> spare, int bytes) {
        ByteBuffer last = spare.poll();
        return last != null && last.capacity() >= bytes ? last : ByteBuffer.allocateDirect(bytes);
    }

    /** Keys or values {@code [lanes, heads, size, headWidth]} at the beginning of some memory. */
    private OnnxTensor heads(NativeScope holder, FloatBuffer memory, int lanes, int size) throws OrtException {
        FloatBuffer values = memory.slice(0, lanes * config.decoderHeads() * size * config.headWidth());
        return holder.floats(values, lanes, config.decoderHeads(), size, config.headWidth());
    }

    private static FloatBuffer floats(ByteBuffer memory) {
        return memory.order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** The inputs for some of a window's positions, with the mel frames that they see. */
    private static Map<String, OnnxTensor> inputs(
            NativeScope holder, SpeechWindow window, ContextLayout layout, int... wanted) throws OrtException {
        long[] sources = chosen(layout.sources(), wanted);
        // A convolution's output sees two frames on each side; the one before it keeps the cut out of its sight.
        int unseen = (int) Math.max(0, Arrays.stream(sources).min().orElseThrow() - 1);
        Arrays.setAll(sources, i -> sources[i] - unseen);
        float[] keyBias = new float[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            keyBias[i] = layout.keyBias(wanted[i]);
        }
        Map<String, OnnxTensor> inputs = new HashMap<>();
        inputs.put("mel", mel(holder, window, 2 * unseen));
        inputs.put("source", holder.integers(sources, wanted.length));
        inputs.put("position", holder.integers(chosen(layout.positions(), wanted), wanted.length));
        inputs.put("key_bias", holder.floats(keyBias, 1, 1, 1, wanted.length));
        return inputs;
    }

    private static long[] chosen(long[] values, int... wanted) {
        return Arrays.stream(wanted).mapToLong(i -> values[i]).toArray();
    }

    /** A window's frames from one on. */
    private static OnnxTensor mel(NativeScope holder, SpeechWindow window, int first) throws OrtException {
        int frames = window.frames() - first;
        float[] mel = window.mel();
        if (first > 0) {
            mel = new float[window.melBins() * frames];
            for (int bin = 0; bin < window.melBins(); bin++) {
                System.arraycopy(window.mel(), bin * window.frames() + first, mel, bin * frames, frames);
            }
        }
        return holder.floats(mel, 1, window.melBins(), frames);
    }

    /** Lets spare memory go; the session is its scope's. */
    @Override
    public void close() {
        spare.clear();
        spareParts.clear();
    }
}
