package io.kscribe.cli;

import io.kscribe.bench.BenchJson;
import io.kscribe.bench.BenchPicture;
import io.kscribe.bench.BenchResult;
import io.kscribe.bench.BenchRun;
import io.kscribe.bench.BenchSettings;
import io.kscribe.bench.ProcessMeter;
import io.kscribe.bench.ServiceProcess;
import io.kscribe.bench.SpeechBank;
import io.kscribe.broker.EmbeddedBroker;
import io.kscribe.cli.ModelOptions.Models;
import io.kscribe.engine.Task;
import io.kscribe.evaluation.Manifest;
import io.kscribe.evaluation.MonoAudio;
import io.kscribe.evaluation.Utterance;
import io.kscribe.model.ModelException;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import io.kscribe.recognizer.RecognitionStream;
import io.kscribe.recognizer.RecognizerSettings;
import io.kscribe.recognizer.VoiceActivityDetector;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.TopicAdmin;
import io.kscribe.stream.TopicPlan;
import io.kscribe.stream.Topics;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code kscribe bench}: live load, and what readers see of it. */
@Command(
        name = "bench",
        description = {
            "Speak on many channels at once, as live calls, and measure what comes of it.",
            "Without --bootstrap-server, a broker and a service are started for it, each in a process of its own.",
            "Partial latency is from the capture of each moment of speech (every 10 ms) to the first partial, or the final, that "
                    + "has heard it; final latency from the end of a segment's last word to its final, read committed; both as 'eval --live' "
                    + "has them, but counted from the capture of a sample rather than from the arrival of its chunk. "
                    + "Which finals are due is found out by hearing the same audio again afterwards, offline.",
            "Exit status 1 if a final is lost, comes twice, or is not what the audio gives."
        })
final class BenchCommand implements Callable<Integer> {
    private static final String JSON_SUFFIX = ".json";

    /** What is spoken decides nothing about where. */
    private static final Optional<String> ANY_LANGUAGE = Optional.of("en");

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Kscribe kscribe;

    @Mixin
    private ModelOptions model;

    @Mixin
    private PaceOptions pace;

    @Mixin
    private KafkaOptions kafka;

    @Option(
            names = "--channels",
            paramLabel = "N",
            required = true,
            description = "Channels that are open all the time; two make a call.")
    private int channels;

    @Option(
            names = "--surge",
            paramLabel = "N",
            defaultValue = "0",
            description = "Further channels in the middle third of the time, to see what overload does. Default: 0.")
    private int surge;

    @Option(
            names = "--duration",
            paramLabel = "DURATION",
            defaultValue = "2m",
            description = "How long latencies are measured. Default: ${DEFAULT-VALUE}.")
    private Duration duration;

    @Option(
            names = "--warm-up",
            paramLabel = "DURATION",
            defaultValue = "30s",
            description = "How long the same load runs before that, in which Java compiles what is often run. "
                    + "Lost and doubled finals count from the first. "
                    + "Default: ${DEFAULT-VALUE}.")
    private Duration warmUp;

    @Option(
            names = "--talk",
            paramLabel = "PERCENT",
            defaultValue = "45%",
            converter = PercentConverter.class,
            description = "The share of a channel's time in which somebody speaks. Default: 45%%.")
    private double talk;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "The same gives the same audio. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--recordings",
            paramLabel = "FILE",
            arity = "1..*",
            description =
                    "What is spoken: recordings, or manifests (.jsonl) as for eval. They are cut at their pauses. "
                            + "Default: the sample recordings.")
    private List<Path> recordings = new ArrayList<>();

    @Mixin
    private ApplicationOptions application;

    @Option(
            names = "--service-pid",
            paramLabel = "PID",
            description = "A service on this machine, whose processor time and memory are watched.")
    private @Nullable Long servicePid;

    @Option(
            names = "--broker-pid",
            paramLabel = "PID",
            description = "A broker on this machine, whose processor time and memory are watched.")
    private @Nullable Long brokerPid;

    @Option(
            names = "--java-option",
            paramLabel = "OPTION",
            description = "An option of Java for the service that is started, for instance -Xmx512m; may be repeated.")
    private List<String> javaOptions = new ArrayList<>();

    @Option(
            names = "--partitions",
            paramLabel = "N",
            defaultValue = "" + TopicPlan.DEFAULT_PARTITIONS,
            description =
                    "Partitions of the topics that are made for the service that is started. Default: ${DEFAULT-VALUE}.")
    private int partitions;

    @Option(
            names = "--compare",
            description = "Decode every final again afterwards, and compare texts and times. "
                    + "Default: only where one is missing.")
    private boolean compare;

    @Option(
            names = "--output",
            paramLabel = "FILE.json",
            description = "Write everything as JSON, and a picture beside it (FILE.svg).")
    private @Nullable Path output;

    @Parameters(
            paramLabel = "SERVE-OPTION",
            arity = "0..*",
            description =
                    "After '--': options of 'kscribe serve' for the service that is started, for instance --workers 4.")
    private List<String> serveOptions = new ArrayList<>();

    /** What is measured: where Kafka is, and which processes are watched. */
    private record Target(KafkaConnection connection, String group, List<ProcessMeter> processes) {}

    @Override
    public Integer call() throws IOException, ModelException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        BenchSettings settings =
                UsageErrors.valid(spec, () -> new BenchSettings(channels, surge, warmUp, duration, talk, seed));
        if (output != null && !output.toString().endsWith(JSON_SUFFIX)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--output is " + output + "; expected a name that ends in " + JSON_SUFFIX + ".");
        }
        SpeechBank speech;
        try (Models models = model.open()) { // and closed again: nothing is to be in the service's way
            speech = speech(models.detector());
        }
        BenchRun.Heard heard;
        try (Stopping stopping = kscribe.stopping()) {
            heard = kafka.isGiven()
                    ? run(
                            stopping,
                            settings,
                            speech,
                            new Target(kafka.connection(), application.id(), processes(servicePid, brokerPid)))
                    : runHere(stopping, settings, speech);
            if (heard == null) {
                return stopping.status(CommandLine.ExitCode.SOFTWARE);
            }
        }
        // What the service does but for partials, which decide nothing about finals.
        RecognizerSettings withoutPartials = pace.applied(RecognizerSettings.live()).toBuilder()
                .partialInterval(Duration.ZERO)
                .build();
        try (Models models = model.open()) {
            BenchResult result = heard.takeStock(
                    () -> stream(
                            models,
                            withoutPartials.toBuilder().context(Duration.ZERO).build(),
                            ANY_LANGUAGE),
                    () -> stream(models, withoutPartials, models.language()),
                    task -> task.decode(models.engine()),
                    compare);
            new BenchTable(out).print(result);
            write(result);
            return result.finals().complete() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }

    /** Against a broker and a service of its own, which are gone when this returns. */
    private BenchRun.@Nullable Heard runHere(Stopping stopping, BenchSettings settings, SpeechBank speech)
            throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("kscribe-bench-");
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory.resolve("kafka"))) {
            KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers());
            try (TopicAdmin admin = new TopicAdmin(connection)) {
                admin.create(UsageErrors.valid(spec, () -> new TopicPlan(Topics.standard(), partitions, (short) 0)));
            }
            List<String> arguments = new ArrayList<>(List.of(
                    "serve",
                    "--no-http",
                    "--until-input-ends",
                    "--bootstrap-server",
                    broker.bootstrapServers(),
                    "--application-id",
                    application.id(),
                    "--state-dir",
                    directory.resolve("state").toString()));
            arguments.addAll(kscribe.configArguments());
            arguments.addAll(model.arguments());
            arguments.addAll(pace.arguments());
            arguments.addAll(serveOptions);
            try (ServiceProcess service = ServiceProcess.start(javaOptions, Kscribe.class.getName(), arguments)) {
                return run(
                        stopping,
                        settings,
                        speech,
                        new Target(
                                connection,
                                application.id(),
                                processes(
                                        service.process().pid(),
                                        broker.process().pid())));
            }
        } finally {
            delete(directory);
        }
    }

    private static BenchRun.@Nullable Heard run(
            Stopping stopping, BenchSettings settings, SpeechBank speech, Target target)
            throws IOException, InterruptedException {
        String name = "bench-" + UUID.randomUUID().toString().substring(0, 8);
        try (BenchRun run =
                new BenchRun(settings, speech, name, target.connection(), Topics.standard(), target.group())) {
            stopping.by(run::stop);
            run.awaitService();
            BenchRun.Heard heard = run.speak(target.processes());
            return run.isStopped() ? null : heard;
        }
    }

    private static List<ProcessMeter> processes(@Nullable Long service, @Nullable Long broker) throws IOException {
        List<ProcessMeter> meters = new ArrayList<>();
        if (service != null) {
            meters.add(meter(BenchResult.SERVICE, service));
        }
        if (broker != null) {
            meters.add(meter(BenchResult.BROKER, broker));
        }
        meters.add(new ProcessMeter(BenchResult.BENCH, ProcessHandle.current()));
        return meters;
    }

    private static ProcessMeter meter(String name, long pid) throws IOException {
        return new ProcessMeter(
                name, ProcessHandle.of(pid).orElseThrow(() -> new IOException("There is no process " + pid + ".")));
    }

    private SpeechBank speech(VoiceActivityDetector detector) throws IOException, ModelException {
        List<float[]> audio = new ArrayList<>();
        ModelStore store = ModelOptions.store();
        if (recordings.isEmpty()) {
            for (Sample sample : Sample.values()) {
                audio.add(MonoAudio.read(List.of(store.sample(sample))));
            }
        }
        for (Path file : recordings) {
            if (file.toString().endsWith(".jsonl")) {
                for (Utterance utterance : Manifest.read(file).utterances()) {
                    audio.add(MonoAudio.read(utterance.audio()));
                }
            } else {
                audio.add(MonoAudio.read(List.of(file)));
            }
        }
        return UsageErrors.valid(spec, () -> SpeechBank.of(audio, detector));
    }

    /** A stream that has heard nothing. */
    private static RecognitionStream stream(Models models, RecognizerSettings settings, Optional<String> language) {
        return models.streaming(settings, Task.TRANSCRIBE).open(language);
    }

    private void write(BenchResult result) throws IOException {
        if (output != null) {
            Files.writeString(output, BenchJson.json(result));
            String name = output.toString();
            Files.writeString(
                    Path.of(name.substring(0, name.length() - JSON_SUFFIX.length()) + ".svg"),
                    BenchPicture.svg(result));
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
