package io.kscribe.cli;

import io.kscribe.cli.ModelOptions.Models;
import io.kscribe.engine.Task;
import io.kscribe.engine.WhisperEngine;
import io.kscribe.evaluation.CorpusScore;
import io.kscribe.evaluation.Manifest;
import io.kscribe.evaluation.ManifestException;
import io.kscribe.evaluation.Spellings;
import io.kscribe.evaluation.Utterance;
import io.kscribe.evaluation.UtteranceScore;
import io.kscribe.model.ModelException;
import io.kscribe.recognizer.OfflineSettings;
import io.kscribe.recognizer.RecognizerSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kscribe eval}: how right and how fast transcripts of known recordings are. */
@Command(
        name = "eval",
        description =
                "Measure word error rates and speed over recordings whose words are known. English is normalised as for "
                        + "published Whisper figures; Chinese, Japanese and other languages without spaces are compared by characters.")
final class EvalCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DecodingOptions decoding;

    @Parameters(
            paramLabel = "MANIFEST",
            arity = "1..*",
            description =
                    "Lists of recordings, a JSON object a line: id, audio (or audio_parts), ref (null: only timed, "
                            + "\"\": nobody speaks), lang.")
    private List<Path> manifests;

    @Option(
            names = "--live",
            description =
                    "Recognise as the service does while the audio is spoken, in simulated time, and measure how soon words are known; "
                            + "the word error rate of transcribe stands beside. Default: as transcribe does.")
    private boolean live;

    @Mixin
    private SimulationOptions simulation;

    @Mixin
    private PaceOptions pace;

    @Mixin
    private PolicyOptions policy;

    @Option(names = "--telephone", description = "Pass the audio through a telephone line first: 8 kHz, G.711 mu-law.")
    private boolean telephone;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "2147483647",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Take the first N recordings of each manifest. Default: all.")
    private int limit;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Threads, each with recordings of its own. Default: ${DEFAULT-VALUE}.")
    private int workers;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text (a table) or json (one object a corpus, the last over all). Default: ${DEFAULT-VALUE}.")
    private EvalReport.Format format;

    @Option(
            names = "--show",
            description = "Show each recording with errors: on standard error, with json among the output's lines.")
    private boolean show;

    private boolean faultless = true;

    @Override
    public Integer call() throws ModelException, IOException, InterruptedException {
        requirePositive("--limit", limit);
        requirePositive("--workers", workers);
        simulation.require(live);
        pace.require(live);
        policy.require(live);
        List<Manifest> corpora = read();
        if (!corpora.isEmpty()) {
            try (Models models = model.open()) {
                report(corpora, models);
                tellOfFallbacks(models.engine());
            }
        }
        return faultless ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void tellOfFallbacks(WhisperEngine engine) {
        if (engine.fullWindowFallbacks() + engine.drawnTexts() > 0) {
            tell("Windows decoded again over all of their 30 s: " + engine.fullWindowFallbacks()
                    + "; texts drawn in place of unlikely ones: " + engine.drawnTexts() + ".");
        }
    }

    private void requirePositive(String option, int value) {
        if (value < 1) {
            throw new ParameterException(
                    spec.commandLine(), option + " is " + value + "; expected a number from 1 on.");
        }
    }

    private List<Manifest> read() {
        List<Manifest> corpora = new ArrayList<>();
        for (Path manifest : manifests) {
            try {
                corpora.add(Manifest.read(manifest).limitedTo(limit));
            } catch (ManifestException e) {
                // The other manifests are not to blame.
                fault(Failures.sentence(e));
            }
        }
        return corpora;
    }

    private void report(List<Manifest> corpora, Models models)
            throws ModelException, IOException, InterruptedException {
        Spellings spellings = Spellings.of(models.checkpoint().directory());
        if (spellings.equals(Spellings.none())) {
            tell("The model " + models.checkpoint().name()
                    + " brings no table of spellings (normalizer.json); British and American spellings count as"
                    + " different words.");
        }
        RecognizerSettings recordings = decoded(RecognizerSettings.offline(), models);
        RecognizerSettings streams = simulation.applied(pace.applied(decoded(RecognizerSettings.live(), models)));
        try (CorpusEvaluation offline = evaluation(models, spellings, () -> offline(models, recordings));
                CorpusEvaluation simulated = evaluation(models, spellings, () -> simulated(models, streams))) {
            if (live) {
                report(corpora, simulated, Optional.of(offline));
            } else {
                report(corpora, offline, Optional.empty());
            }
        }
    }

    private RecognizerSettings decoded(RecognizerSettings settings, Models models) throws IOException {
        return policy.applied(settings).toBuilder()
                .decoding(decoding.applied(settings.decoding(), models.engine()))
                .build();
    }

    private static ChannelRecognizer offline(Models models, RecognizerSettings settings) {
        return new RecordingRecognizer(models, settings, OfflineSettings.shortRecordings(), Task.TRANSCRIBE);
    }

    private ChannelRecognizer simulated(Models models, RecognizerSettings settings) {
        return new SimulatedRecognizer(
                models.streaming(settings, Task.TRANSCRIBE),
                simulation.chunk(),
                ManagementFactory.getThreadMXBean()::getCurrentThreadCpuTime);
    }

    private CorpusEvaluation evaluation(Models models, Spellings spellings, Supplier<ChannelRecognizer> recognizers) {
        Function<Utterance, Optional<String>> language = model.languageIsGiven()
                ? utterance -> models.language()
                : utterance -> utterance.language().filter(models.engine().languages()::contains);
        return new CorpusEvaluation(recognizers, spellings, language, telephone, workers);
    }

    /** @param beside what is compared with it */
    private void report(List<Manifest> corpora, CorpusEvaluation evaluation, Optional<CorpusEvaluation> beside)
            throws InterruptedException {
        EvalReport report = format.open(
                corpora.stream().map(Manifest::corpus).toList(),
                spec.commandLine().getOut(),
                spec.commandLine().getErr());
        CorpusScore all = CorpusScore.ZERO;
        CorpusScore allBeside = CorpusScore.ZERO;
        for (Manifest corpus : corpora) {
            CorpusScore score = evaluation.run(
                    corpus,
                    utterance -> {
                        if (show && isWrong(utterance)) {
                            report.utterance(corpus.corpus(), utterance);
                        }
                    },
                    this::fault);
            all = all.plus(score);
            Optional<CorpusScore> other = Optional.empty();
            if (beside.isPresent()) {
                CorpusScore same = beside.get().run(corpus, utterance -> {}, fault -> {});
                allBeside = allBeside.plus(same);
                other = Optional.of(same);
            }
            report.corpus(corpus.corpus(), score, other);
        }
        report.corpus(EvalReport.ALL, all, beside.isPresent() ? Optional.of(allBeside) : Optional.empty());
    }

    private static boolean isWrong(UtteranceScore score) {
        return score.errors().errors() > 0
                || (score.utterance().isSilent() && !score.hypothesis().isBlank());
    }

    private void fault(String sentence) {
        faultless = false;
        tell(sentence);
    }

    private void tell(String sentence) {
        spec.commandLine().getErr().println("kscribe: " + sentence);
    }
}
