package io.kscribe.engine;

import ai.onnxruntime.OrtException;
import io.kscribe.compiler.GraphCompiler;
import io.kscribe.evaluation.EnglishNormalizer;
import io.kscribe.evaluation.ErrorRate;
import io.kscribe.evaluation.Manifest;
import io.kscribe.evaluation.MonoAudio;
import io.kscribe.evaluation.Spellings;
import io.kscribe.evaluation.Utterance;
import io.kscribe.model.Checkpoint;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelStore;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Prints what layouts of padding cost in words and time, greedily and without any fallback: {@code mvn -Pbenchmark verify -pl asr-model -am
 * -Dbenchmark=Padding -Dbenchmark.arguments="MANIFEST tiny base"}.
 *
 * <p>Whole utterances are compared with what was said. A third of them, cut off after some seconds as partials see them, are compared with
 * the text of the full window. The time is that of the encoder, the least of several.
 */
public final class PaddingBenchmark {
    private static final int[] SECONDS = {1, 2, 5, 10, 20, 30};
    private static final int REPEATS = 9;

    /** One in so many utterances is also cut. */
    private static final int CUT = 3;

    private static final DecodingRequest ENGLISH =
            DecodingRequest.transcribe(Optional.of("en")).withoutFallback();
    private static final List<Padding> PADDINGS = List.of(
            Padding.whole(), Padding.merged(), padding(1000, 10, 1), padding(600, 20, 1), padding(1000, 4, 1.3));

    private PaddingBenchmark() {}

    private static Padding padding(int denseMillis, int run, double growth) {
        return new Padding(Duration.ofMillis(denseMillis), run, growth);
    }

    /** Measures with the utterances of a manifest, the first argument, the models that are named after it. */
    public static void main(String[] arguments) throws Exception {
        Manifest manifest = Manifest.read(Path.of(arguments[0]));
        for (String model : Arrays.asList(arguments).subList(1, arguments.length)) {
            measure(model, manifest);
        }
    }

    private static void measure(String model, Manifest manifest) throws Exception {
        ModelStore store = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError());
        Checkpoint checkpoint = store.checkpoint(model);
        EnglishNormalizer normalizer = new EnglishNormalizer(Spellings.of(checkpoint.directory()));
        System.out.printf(
                "%n%s, %s, %d utterances%n%n",
                model, manifest.corpus(), manifest.utterances().size());
        System.out.println("| dense s | runs of | growing | positions after 5 s | WER % | not ended |"
                + " changed words % of the first 1, 2, 5, 10, 20 s | encoder ms for 1, 2, 5, 10, 20, 30 s |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        try (WhisperEngine engine = WhisperEngine.open(new GraphCompiler(store.home()).compile(checkpoint))) {
            Map<String, List<String>> expected = new HashMap<>();
            for (Padding padding : PADDINGS) {
                DecodingRequest request =
                        ENGLISH.withSettings(ENGLISH.settings().withPadding(padding));
                ErrorRate errors = ErrorRate.ZERO;
                int notEnded = 0;
                ErrorRate[] changed = new ErrorRate[SECONDS.length];
                Arrays.fill(changed, ErrorRate.ZERO);
                for (int i = 0; i < manifest.utterances().size(); i++) {
                    Utterance utterance = manifest.utterances().get(i);
                    float[] audio = MonoAudio.read(utterance.audio());
                    if (audio.length > 30 * MonoAudio.RATE_HZ) {
                        continue;
                    }
                    Transcription text = engine.transcribe(SpeechWindow.of(audio, engine.melBins()), request);
                    notEnded += text.complete() ? 0 : 1;
                    errors = errors.plus(ErrorRate.of(
                            words(normalizer, utterance.reference().orElseThrow()), words(normalizer, text.text())));
                    for (int s = 0;
                            i % CUT == 0 && s < SECONDS.length - 1 && SECONDS[s] * MonoAudio.RATE_HZ < audio.length;
                            s++) {
                        float[] cut = Arrays.copyOf(audio, SECONDS[s] * MonoAudio.RATE_HZ);
                        List<String> words = words(
                                normalizer,
                                engine.transcribe(SpeechWindow.of(cut, engine.melBins()), request)
                                        .text());
                        List<String> whole = expected.computeIfAbsent(utterance.id() + "@" + s, cutOff -> words);
                        changed[s] = changed[s].plus(ErrorRate.of(whole, words));
                    }
                }
                System.out.printf(
                        Locale.ROOT,
                        "| %.1f | %d | %.1f | %d | %.2f | %d | %s | %s |%n",
                        padding.dense().toMillis() / 1e3,
                        padding.run(),
                        padding.growth(),
                        ContextLayout.of(5 * MonoAudio.RATE_HZ, padding).size() - 250,
                        100 * errors.rate().orElse(0),
                        notEnded,
                        rates(changed),
                        encoderMillis(engine, padding));
            }
        }
    }

    private static String rates(ErrorRate... rates) {
        List<String> texts = new ArrayList<>();
        for (int s = 0; s < SECONDS.length - 1; s++) {
            texts.add(String.format(Locale.ROOT, "%.1f", 100 * rates[s].rate().orElse(0)));
        }
        return String.join(", ", texts);
    }

    private static String encoderMillis(WhisperEngine engine, Padding padding) throws OrtException {
        List<String> texts = new ArrayList<>();
        for (int seconds : SECONDS) {
            float[] audio = new float[seconds * MonoAudio.RATE_HZ];
            for (int i = 0; i < audio.length; i++) {
                audio[i] = (float) (0.1 * Math.sin(i * 0.1));
            }
            SpeechWindow window = SpeechWindow.of(audio, engine.melBins());
            var threads = ManagementFactory.getThreadMXBean();
            long least = Long.MAX_VALUE;
            for (int i = 0; i < REPEATS; i++) {
                long start = threads.getCurrentThreadCpuTime();
                engine.encoder()
                        .hear(window, ContextLayout.of(audio.length, padding))
                        .close();
                least = Math.min(least, threads.getCurrentThreadCpuTime() - start);
            }
            texts.add(String.format(Locale.ROOT, "%.0f", least / 1e6));
        }
        return String.join(", ", texts);
    }

    private static List<String> words(EnglishNormalizer normalizer, String text) {
        String normal = normalizer.normalize(text);
        return normal.isBlank() ? List.of() : List.of(normal.strip().split("\\s+"));
    }
}
