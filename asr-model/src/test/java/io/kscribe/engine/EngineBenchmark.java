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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Prints what the engine costs on this machine, as the tables that its documentation has: {@code mvn -Pbenchmark verify -pl asr-model -am}.
 *
 * <p>Times of single-threaded work are the thread's processor time, the best of many: on a shared machine the wall clock tells of the
 * neighbours. Thread scaling is by the wall clock, since it is about neighbours.
 */
public final class EngineBenchmark {
    private static final int REPEATS = 15;
    private static final int RATE_HZ = 16_000;

    private EngineBenchmark() {}

    /** Measures the models named, by default tiny and base. */
    public static void main(String[] models) throws Exception {
        System.out.printf(
                Locale.ROOT,
                "%s, %s, %d processors, Java %s%n%n",
                LocalDate.now(ZoneOffset.UTC),
                processor(),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version());
        logMel();
        for (String model : models.length == 0 ? new String[] {"tiny", "base"} : models) {
            measure(model);
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

    private static void measure(String name) throws Exception {
        ModelStore store = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError());
        CompiledModel model = new GraphCompiler(store.home()).compile(store.checkpoint(name));
        System.out.printf("%n%s%n", name);
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
            for (int[] shape : new int[][] {{1, 1}, {1, 8}, {1, 24}, {2, 1}, {4, 1}, {8, 1}, {16, 1}}) {
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
        scaling(model, store.sample(Sample.KENNEDY));
    }

    /** Whole requests, features to text, of the Kennedy sample by one and by two threads. */
    private static void scaling(CompiledModel model, Path recording) throws Exception {
        float[] audio = read(recording);
        try (WhisperEngine engine = WhisperEngine.open(model)) {
            DecodingRequest request = DecodingRequest.transcribe(Optional.of("en"));
            System.out.printf(
                    Locale.ROOT,
                    "%na request of %d s, features to text: %.1f ms%n",
                    audio.length / RATE_HZ,
                    millis(() -> engine.transcribe(SpeechWindow.of(audio, engine.melBins()), request)));
            int requests = 10;
            double one = 0;
            for (int threads = 1; threads <= 2; threads++) {
                List<Thread> workers = new ArrayList<>();
                long start = System.nanoTime();
                for (int t = 0; t < threads; t++) {
                    Thread worker = new Thread(() -> {
                        for (int i = 0; i < requests; i++) {
                            engine.transcribe(SpeechWindow.of(audio, engine.melBins()), request);
                        }
                    });
                    worker.start();
                    workers.add(worker);
                }
                for (Thread worker : workers) {
                    worker.join();
                }
                double rate =
                        (double) audio.length / RATE_HZ * threads * requests / ((System.nanoTime() - start) / 1e9);
                one = threads == 1 ? rate : one;
                System.out.printf(
                        Locale.ROOT,
                        "%d thread%s: %.0f s of audio a second (x %.2f)%n",
                        threads,
                        threads == 1 ? "" : "s",
                        rate,
                        rate / one);
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
        private final OrtEnvironment environment = WhisperEngine.environment();
        private final NativeScope sessions = NativeScope.outermost(environment);
        private final WhisperConfig config;
        private final OrtSession encoder;
        private final OrtSession decoder;

        private Graphs(CompiledModel model) throws OrtException {
            config = model.config();
            encoder = sessions.session(model.encoder());
            decoder = sessions.session(model.decoder());
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
                encoder.run(Map.of("mel", mel, "source", source, "position", position, "key_bias", bias))
                        .close();
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
