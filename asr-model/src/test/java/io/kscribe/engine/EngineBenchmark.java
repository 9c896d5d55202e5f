package io.kscribe.engine;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.kscribe.audio.AudioFile;
import io.kscribe.audio.LogMelSpectrogram;
import io.kscribe.compiler.CompiledModel;
import io.kscribe.compiler.GraphCompiler;
import io.kscribe.compiler.WhisperConfig;
import io.kscribe.evaluation.Manifest;
import io.kscribe.evaluation.MonoAudio;
import io.kscribe.evaluation.Utterance;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelException;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Prints what the engine costs on this machine, as the tables that its documentation has: {@code mvn -Pbenchmark -DskipTests verify -pl asr-model -am}.
 *
 * <p>Times of single-threaded work are the thread's processor time, the best of many: on a shared machine the wall clock tells of the
 * neighbours. Thread scaling is by the wall clock, since it is about neighbours.
 */
public final class EngineBenchmark {
    private static final int REPEATS = 15;
    private static final int RATE_HZ = 16_000;
    private static final int WORKERS = 2;
    private static final String MANIFEST = ".jsonl";

    private EngineBenchmark() {}

    /**
     * Measures.
     *
     * @param arguments models, by default tiny and base; and a manifest of recordings to transcribe, if the name ends in .jsonl
     */
    public static void main(String[] arguments) throws Exception {
        List<String> models = Stream.of(arguments)
                .filter(argument -> !argument.endsWith(MANIFEST))
                .toList();
        Optional<Path> manifest = Stream.of(arguments)
                .filter(argument -> argument.endsWith(MANIFEST))
                .map(Path::of)
                .findFirst();
        System.out.printf(
                Locale.ROOT,
                "%s, %s, %d processors, Java %s%n%n",
                LocalDate.now(ZoneOffset.UTC),
                processor(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version());
        logMel();
        for (String model : models.isEmpty() ? List.of("tiny", "base") : models) {
            measure(model, manifest);
        }
        System.out.printf("%nresident memory at its highest: %s%n", status("VmHWM"));
    }

    private static String processor() throws IOException {
        Path info = Path.of("/proc/cpuinfo");
        return !Files.exists(info)
                ? System.getProperty("os.arch")
                : Files.readAllLines(info).stream()
                        .filter(line -> line.startsWith("model name"))
                        .findFirst()
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .orElse("unknown processor");
    }

    private static String status(String field) throws IOException {
        Path status = Path.of("/proc/self/status");
        return !Files.exists(status)
                ? "unknown"
                : Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith(field))
                        .findFirst()
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .orElse("unknown");
    }

    /** Work to be measured. */
    @FunctionalInterface
    private interface Work {
        void run() throws OrtException, ModelException;
    }

    /** The least processor time of several runs, in milliseconds. */
    private static double millis(Work work) throws OrtException, ModelException {
        var threads = ManagementFactory.getThreadMXBean();
        long best = Long.MAX_VALUE;
        for (int i = 0; i < REPEATS; i++) {
            long start = threads.getCurrentThreadCpuTime();
            work.run();
            best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
        }
        return best / 1e6;
    }

    private static float[] noise(int samples) {
        Random random = new Random(1);
        float[] noise = new float[samples];
        for (int i = 0; i < samples; i++) {
            noise[i] = (float) (0.1 * random.nextGaussian());
        }
        return noise;
    }

    private static void logMel() throws OrtException, ModelException {
        float[] audio = noise(LogMelSpectrogram.WINDOW_SAMPLES);
        for (int bins : new int[] {80, 128}) {
            double millis = millis(() -> new LogMelSpectrogram(bins).accept(audio, 0, audio.length));
            System.out.printf(Locale.ROOT, "log-mel, %d bins: %.0f x real time%n", bins, 30_000 / millis);
        }
    }

    private static void measure(String name, Optional<Path> manifest) throws Exception {
        ModelStore store = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError());
        long start = System.nanoTime();
        CompiledModel model = new GraphCompiler(store.home()).compile(store.checkpoint(name));
        long compiled = System.nanoTime();
        float[] kennedy = read(store.sample(Sample.KENNEDY));
        DecodingRequest english = DecodingRequest.transcribe(Optional.of("en"));
        try (WhisperEngine engine = WhisperEngine.open(model)) {
            engine.transcribe(SpeechWindow.of(kennedy, engine.melBins()), english);
        }
        System.out.printf(
                Locale.ROOT,
                "%n%s: compiled, or found in the cache, in %.1f s; from opening to the first text %.2f s%n",
                name,
                (compiled - start) / 1e9,
                (System.nanoTime() - compiled) / 1e9);
        try (Graphs graphs = new Graphs(model)) {
            System.out.println("| audio s | positions | encoder ms |");
            System.out.println("|---|---|---|");
            for (int seconds : new int[] {1, 2, 5, 10, 11, 20, 30}) {
                ContextLayout layout = ContextLayout.of(seconds * RATE_HZ, Padding.merged());
                double millis = millis(() -> graphs.encode(layout));
                System.out.printf(Locale.ROOT, "| %d | %d | %.1f |%n", seconds, layout.size(), millis);
            }
            System.out.println("\n| sequences | new tokens | decoder ms | a sequence and token |");
            System.out.println("|---|---|---|---|");
            int positions = ContextLayout.of(5 * RATE_HZ, Padding.merged()).size();
            for (int[] shape : new int[][] {{1, 1}, {1, 2}, {1, 8}, {1, 24}, {2, 1}, {4, 1}, {8, 1}, {16, 1}}) {
                try (DecoderInputs inputs = new DecoderInputs(graphs, positions, shape[0], shape[1])) {
                    double millis =
                            millis(() -> graphs.decoder.run(inputs.tensors).close());
                    System.out.printf(
                            Locale.ROOT,
                            "| %d | %d | %.2f | %.2f |%n",
                            shape[0],
                            shape[1],
                            millis,
                            millis / shape[0] / shape[1]);
                }
            }
        }
        try (WhisperEngine engine = WhisperEngine.open(model)) {
            System.out.println("\n| audio s | tokens | features to text ms, least | median |");
            System.out.println("|---|---|---|---|");
            for (int seconds : new int[] {2, 5, 11, 30}) {
                float[] audio = new float[seconds * RATE_HZ];
                for (int from = 0; from < audio.length; from += kennedy.length) {
                    System.arraycopy(kennedy, 0, audio, from, Math.min(kennedy.length, audio.length - from));
                }
                double[] millis = new double[REPEATS];
                int tokens = 0;
                for (int i = 0; i < REPEATS; i++) {
                    long from = System.nanoTime();
                    tokens = engine.transcribe(SpeechWindow.of(audio, engine.melBins()), english)
                            .tokens()
                            .size();
                    millis[i] = (System.nanoTime() - from) / 1e6;
                }
                Arrays.sort(millis);
                System.out.printf(
                        Locale.ROOT, "| %d | %d | %.1f | %.1f |%n", seconds, tokens, millis[0], millis[REPEATS / 2]);
            }
            if (manifest.isPresent()) {
                throughput(engine, recordings(manifest.get()));
            }
        }
    }

    /** The audio of a manifest's recordings that fit into a window. */
    private static List<float[]> recordings(Path manifest) throws Exception {
        List<float[]> recordings = new ArrayList<>();
        for (Utterance utterance : Manifest.read(manifest).utterances()) {
            float[] audio = MonoAudio.read(utterance.audio());
            if (audio.length <= LogMelSpectrogram.WINDOW_SAMPLES) {
                recordings.add(audio);
            }
        }
        recordings.sort(Comparator.comparing(audio -> audio.length));
        return recordings;
    }

    /** Recordings to text, alone and side by side, on one and two threads. */
    private static void throughput(WhisperEngine engine, List<float[]> recordings) throws InterruptedException {
        double seconds = recordings.stream().mapToDouble(audio -> audio.length).sum() / RATE_HZ;
        DecodingRequest english = DecodingRequest.transcribe(Optional.of("en"));
        System.out.println("\n| side by side | threads | s of audio a second |");
        System.out.println("|---|---|---|");
        for (int lanes : new int[] {1, Batches.MOST_LANES}) {
            for (int workers = 1; workers <= WORKERS; workers++) {
                AtomicInteger next = new AtomicInteger();
                Runnable work = () -> {
                    for (int from; (from = next.getAndAdd(lanes)) < recordings.size(); ) {
                        List<SpeechWindow> windows =
                                recordings.subList(from, Math.min(from + lanes, recordings.size())).stream()
                                        .map(audio -> SpeechWindow.of(audio, engine.melBins()))
                                        .toList();
                        if (lanes == 1) {
                            engine.transcribe(windows.get(0), english);
                        } else {
                            engine.transcribe(windows, Collections.nCopies(windows.size(), english));
                        }
                    }
                };
                long start = System.nanoTime();
                List<Thread> threads = new ArrayList<>();
                for (int i = 0; i < workers; i++) {
                    threads.add(new Thread(work));
                    threads.get(i).start();
                }
                for (Thread thread : threads) {
                    thread.join();
                }
                double rate = seconds / ((System.nanoTime() - start) / 1e9);
                System.out.printf(Locale.ROOT, "| %d | %d | %.0f |%n", lanes, workers, rate);
            }
        }
    }

    private static float[] read(Path recording) throws IOException {
        try (AudioFile file = AudioFile.open(recording)) {
            return file.read(LogMelSpectrogram.WINDOW_SAMPLES)[0];
        }
    }

    /** The two graphs by themselves. */
    private static final class Graphs implements AutoCloseable {
        private final OrtEnvironment environment = NativeEnvironment.get();
        private final NativeScope sessions = NativeScope.outermost(environment);
        private final WhisperConfig config;
        private final OrtSession encoder;
        private final OrtSession decoder;
        private final Map<String, OnnxTensor> noPast = new HashMap<>();
        private final Set<String> crossOutputs;

        private Graphs(CompiledModel model) throws OrtException {
            config = model.config();
            encoder = sessions.session(model.encoder());
            decoder = sessions.session(model.decoder());
            crossOutputs = encoder.getOutputNames().stream()
                    .filter(name -> name.startsWith("cross_"))
                    .collect(Collectors.toSet());
            for (int l = 0; l < config.encoderLayers(); l++) {
                noPast.put(
                        "past_key." + l, sessions.floats(new float[0], 0, config.modelWidth() + config.encoderHeads()));
                noPast.put("past_value." + l, sessions.floats(new float[0], 0, config.modelWidth()));
            }
        }

        private void encode(ContextLayout layout) throws OrtException {
            int frames = layout.frames();
            long[] places = {layout.size()};
            try (OnnxTensor mel = OnnxTensor.createTensor(
                            environment,
                            FloatBuffer.wrap(noise(config.melBins() * frames)),
                            new long[] {1, config.melBins(), frames});
                    OnnxTensor source =
                            OnnxTensor.createTensor(environment, LongBuffer.wrap(layout.sources()), places);
                    OnnxTensor position =
                            OnnxTensor.createTensor(environment, LongBuffer.wrap(layout.positions()), places);
                    OnnxTensor bias = OnnxTensor.createTensor(
                            environment, FloatBuffer.wrap(layout.keyBias()), new long[] {1, 1, 1, layout.size()})) {
                Map<String, OnnxTensor> inputs = new HashMap<>(noPast);
                inputs.putAll(Map.of("mel", mel, "source", source, "position", position, "key_bias", bias));
                encoder.run(inputs, crossOutputs).close();
            }
        }

        @Override
        public void close() {
            sessions.close();
        }
    }

    /** Something for the decoder to work on: random keys and values, 16 tokens written before. */
    private static final class DecoderInputs implements AutoCloseable {
        private static final int PAST = 16;

        private final OrtEnvironment environment;
        private final Map<String, OnnxTensor> tensors = new HashMap<>();

        private DecoderInputs(Graphs graphs, int positions, int sequences, int tokens) throws OrtException {
            environment = graphs.environment;
            WhisperConfig config = graphs.config;
            long heads = config.decoderHeads();
            long width = config.headWidth();
            for (int l = 0; l < config.decoderLayers(); l++) {
                for (String name : List.of("key.", "value.")) {
                    floats("cross_" + name + l, true, sequences, heads, positions, width);
                    floats("past_" + name + l, true, sequences, heads, PAST, width);
                }
            }
            long[] places = new long[sequences * tokens];
            Arrays.setAll(places, i -> PAST + i % tokens);
            long[] rows = new long[sequences * tokens];
            Arrays.setAll(rows, i -> i);
            integers("ids", new long[sequences * tokens], sequences, tokens);
            integers("position", places, sequences, tokens);
            integers("rows", rows, rows.length);
            integers("bias_of_row", new long[rows.length], rows.length);
            floats("mask", false, sequences, 1, tokens, PAST + tokens);
            floats("token_bias", false, 1, config.vocabulary());
            floats("key_bias", false, 1, 1, 1, positions);
        }

        private void floats(String name, boolean random, long... shape) throws OrtException {
            int size = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
            float[] values = random ? noise(size) : new float[size];
            tensors.put(name, OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape));
        }

        private void integers(String name, long[] values, long... shape) throws OrtException {
            tensors.put(name, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape));
        }

        @Override
        public void close() {
            tensors.values().forEach(OnnxTensor::close);
        }
    }
}
