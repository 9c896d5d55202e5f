package io.kscribe.engine;

import io.kscribe.audio.AudioFile;
import io.kscribe.audio.LogMelSpectrogram;
import io.kscribe.compiler.GraphCompiler;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks an engine 10,000 times, and prints what the process holds meanwhile: {@code mvn -Pbenchmark verify -pl asr-model -am
 * -Dbenchmark=Endurance -Dbenchmark.heap="-Xms256m -Xmx256m -XX:+AlwaysPreTouch"}, so that the Java heap is all there from the start.
 *
 * <p>The requests go through the Kennedy sample's beginnings of 0.5 to 11 s, so that no two shapes follow each other; one in twenty is a batch of
 * eight, one in twenty has beams, one in twenty a draft. Each must give the text that it gave the first time. The Linux kernel says
 * what is resident.
 */
public final class EnduranceBenchmark {
    private static final int REQUESTS = 10_000;
    private static final int REPORTS = 10;
    private static final int STEP_SAMPLES = 8_000;
    private static final int STEPS = 22;
    private static final int KINDS = 20;
    private static final int LANES = 8;

    private EnduranceBenchmark() {}

    /** Runs with the model that is named, by default tiny. */
    public static void main(String[] arguments) throws Exception {
        ModelStore store = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError());
        String model = arguments.length == 0 ? "tiny" : arguments[0];
        float[] audio;
        try (AudioFile file = AudioFile.open(store.sample(Sample.KENNEDY))) {
            audio = file.read(LogMelSpectrogram.WINDOW_SAMPLES)[0];
        }
        DecodingRequest english = DecodingRequest.transcribe(Optional.of("en"));
        DecodingRequest beams = english.withSettings(english.settings().withBeams(5));
        Map<String, String> texts = new HashMap<>();
        System.out.println("| requests | resident MB | open | other texts |");
        System.out.println("|---|---|---|---|");
        try (WhisperEngine engine =
                WhisperEngine.open(new GraphCompiler(store.home()).compile(store.checkpoint(model)))) {
            int different = 0;
            List<DecodedToken> draft = List.of();
            for (int i = 0; i < REQUESTS; i++) {
                int steps = 1 + i * 7 % STEPS;
                SpeechWindow window = SpeechWindow.of(Arrays.copyOf(audio, steps * STEP_SAMPLES), engine.melBins());
                List<Transcription> answers = new ArrayList<>();
                String kind = "plain";
                switch (i % KINDS) {
                    case 0 -> {
                        kind = "batch";
                        answers.addAll(engine.transcribe(
                                Collections.nCopies(LANES, window), Collections.nCopies(LANES, english)));
                    }
                    case 1 -> {
                        kind = "beams";
                        answers.add(engine.transcribe(window, beams));
                    }
                    case 2 -> answers.add(engine.transcribe(window, english.withHypothesis(draft, 0)));
                    default -> answers.add(engine.transcribe(window, english));
                }
                draft = answers.get(0).tokens();
                for (Transcription answer : answers) {
                    String first = texts.computeIfAbsent(kind + steps, key -> answer.text());
                    different += first.equals(answer.text()) ? 0 : 1;
                }
                if ((i + 1) % (REQUESTS / REPORTS) == 0) {
                    System.out.printf(
                            "| %d | %d | %d | %d |%n", i + 1, residentMegabytes(), engine.openNatives(), different);
                }
            }
        }
    }

    private static long residentMegabytes() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }
}
