package io.kscribe.engine;

import ai.onnxruntime.OrtException;
import io.kscribe.audio.AudioFile;
import io.kscribe.audio.LogMelSpectrogram;
import io.kscribe.compiler.CompiledModel;
import io.kscribe.compiler.GraphCompiler;
import io.kscribe.compiler.Precision;
import io.kscribe.compiler.WhisperConfig;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Prints what texts side by side cost on a device: {@code mvn -Pgpu -Pbenchmark -Dbenchmark=Device -Dbenchmark.arguments="cuda tiny base" -DskipTests
 * verify -pl asr-model -am}. Times are by the clock, the median of several runs after one that is not counted.
 */
public final class DeviceBenchmark {
    private static final int REPEATS = 5;
    private static final int RATE_HZ = 16_000;
    private static final int[] LANES = {1, 2, 4, 8, 16, 32, 64, 128, 256};

    /** What a buffer of Java's holds. */
    private static final long MOST_BYTES = Integer.MAX_VALUE;

    private DeviceBenchmark() {}

    /**
     * Measures in single precision.
     *
     * @param arguments a device, as {@code --device} has it, then models
     */
    public static void main(String[] arguments) throws Exception {
        Device device = Device.of(arguments[0]);
        Optional<String> objection = device.objection();
        if (objection.isPresent()) {
            System.out.println(objection.get());
            System.exit(1);
        }
        ModelStore store = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError());
        float[] kennedy;
        try (AudioFile file = AudioFile.open(store.sample(Sample.KENNEDY))) {
            kennedy = file.read(LogMelSpectrogram.WINDOW_SAMPLES)[0];
        }
        for (String name : List.of(arguments).subList(1, arguments.length)) {
            CompiledModel model =
                    new GraphCompiler(store.home()).compile(store.checkpoint(name), Precision.FP32, Precision.FP32);
            try (WhisperEngine engine = WhisperEngine.open(model, device);
                    WhisperEngine reference = WhisperEngine.open(model)) {
                for (int seconds : new int[] {5, 11}) {
                    measure(
                            model.config(),
                            engine,
                            reference,
                            Arrays.copyOf(kennedy, Math.min(kennedy.length, seconds * RATE_HZ)));
                }
            }
        }
    }

    private static void measure(WhisperConfig config, WhisperEngine engine, WhisperEngine reference, float[] audio)
            throws OrtException {
        DecodingRequest english = DecodingRequest.transcribe(Optional.of("en"));
        SpeechWindow window = SpeechWindow.of(audio, engine.melBins());
        ContextLayout layout = ContextLayout.of(window.samples(), Padding.merged());
        Transcription expected = reference.transcribe(window, english);
        double seconds = (double) audio.length / RATE_HZ;
        System.out.printf(
                Locale.ROOT,
                "%n%s, windows of %.1f s, %d positions, %d tokens: %s%n",
                engine.modelName(),
                seconds,
                layout.size(),
                expected.tokens().size(),
                expected.text());
        System.out.println("| side by side | encoder ms | decoder ms | s of audio a second | as on the processor |");
        System.out.println("|---|---|---|---|---|");
        long laneBytes = Encoder.laneSize(layout.size()) * Encoder.bytesOfPosition(config);
        for (int lanes : LANES) {
            if (lanes * laneBytes > MOST_BYTES) {
                break;
            }
            List<SpeechWindow> windows = Collections.nCopies(lanes, window);
            List<ContextLayout> layouts = Collections.nCopies(lanes, layout);
            List<Optional<OngoingSpeech>> alone = Collections.nCopies(lanes, Optional.empty());
            List<DecodingRequest> requests = Collections.nCopies(lanes, english);
            List<Double> encoder = new ArrayList<>();
            List<Double> decoder = new ArrayList<>();
            int alike = 0;
            for (int i = 0; i <= REPEATS; i++) {
                long begun = System.nanoTime();
                try (Heard heard = engine.encoder().hear(windows, layouts, alone)) {
                    long encoded = System.nanoTime();
                    List<Transcription> texts = engine.decode(heard, requests);
                    if (i > 0) {
                        encoder.add((encoded - begun) / 1e6);
                        decoder.add((System.nanoTime() - encoded) / 1e6);
                    }
                    alike = (int) texts.stream()
                            .filter(text -> text.text().equals(expected.text()))
                            .count();
                }
            }
            double took = median(encoder) + median(decoder);
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %.1f | %.1f | %.0f | %d of %d |%n",
                    lanes,
                    median(encoder),
                    median(decoder),
                    lanes * seconds * 1000 / took,
                    alike,
                    lanes);
        }
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
