package io.kscribe.cli;

import io.kscribe.cli.ModelOptions.Models;
import io.kscribe.engine.WhisperEngine;
import io.kscribe.gateway.GatewaySettings;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelException;
import io.kscribe.operations.Health;
import io.kscribe.operations.Operations;
import io.kscribe.recognizer.RecognizerSettings;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.ServiceSettings;
import io.kscribe.stream.Topics;
import io.kscribe.stream.Tracing;
import io.kscribe.stream.TranscriptMeters;
import io.kscribe.stream.TranscriptionService;
import io.kscribe.web.WebSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code kscribe serve}: the service. */
@Command(
        name = ServeCommand.NAME,
        description = {
            "Transcribe what comes on the audio topic, until Ctrl-C or SIGTERM.",
            "Instances with the same application id share the calls; 'topics create' makes the topics."
        })
@Section("service")
final class ServeCommand implements Callable<Integer> {

    static final String NAME = "serve";

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Kscribe kscribe;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DecodingOptions decoding;

    @Mixin
    private PaceOptions pace;

    @Mixin
    private PolicyOptions policy;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private WebOptions web;

    @Mixin
    private GatewayOptions gateway;

    @Mixin
    private OperationsOptions operations;

    @Mixin
    private TracingOptions tracing;

    @Mixin
    private ApplicationOptions application;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = "${KSCRIBE_STATE_DIR:-}",
            description = "Where Kafka Streams keeps its files; each instance needs its own. "
                    + "Default: $KSCRIBE_STATE_DIR, else 'state' in the model cache.")
    private String stateDirectory;

    @Option(
            names = "--stream-threads",
            paramLabel = "N",
            defaultValue = "${KSCRIBE_STREAM_THREADS:-1}",
            description = "Threads that read, detect speech and write. Default: $KSCRIBE_STREAM_THREADS, else 1.")
    @Unit("threads")
    private int streamThreads;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "${KSCRIBE_WORKERS:-0}",
            description = "Threads that decode; 0: one a processor. Default: $KSCRIBE_WORKERS, else 0.")
    @Unit("threads")
    private int workers;

    @Option(
            names = "--commit-interval",
            paramLabel = "DURATION",
            defaultValue = "${KSCRIBE_COMMIT_INTERVAL:-100ms}",
            description = "How long a final waits for its transaction at most. "
                    + "Default: $KSCRIBE_COMMIT_INTERVAL, else 100ms.")
    private Duration commitInterval;

    @Option(names = "--no-partials", negatable = true, description = "Publish finals only.")
    private boolean noPartials;

    @Option(
            names = "--until-input-ends",
            hidden = true,
            description = "End with standard input: with the parent process.")
    private boolean untilInputEnds;

    @Override
    public Integer call() throws IOException, ModelException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        KafkaConnection connection = kafka.connection();
        check();
        ServiceSettings settings = UsageErrors.valid(spec, this::settings);
        RecognizerSettings audio = pace.applied(policy.applied(RecognizerSettings.live()));
        AllLimits allLimits = limits.limits();
        WebSettings webSettings = web.settings(allLimits.web());
        GatewaySettings gatewaySettings = gateway.settings(web.host(), allLimits.gateway());
        try (Stopping stopping = kscribe.stopping();
                Operations seen = operations.open();
                Models models = loaded(seen);
                Tracing traces = tracing.open(Topics.standard());
                TranscriptionService service = TranscriptionService.start(
                        connection,
                        Topics.standard(),
                        settings,
                        allLimits.stream(),
                        models.recognition(decoded(audio, models.engine())),
                        new TranscriptMeters(seen.meters()),
                        traces);
                FrontDoor door = web.wanted()
                        ? new FrontDoor(
                                connection, Topics.standard(), allLimits, web, webSettings, gatewaySettings, false)
                        : null) {
            stopping.by(() -> {
                seen.health().stopping();
                service.requestStop();
            });
            service.bindTo(seen.meters());
            seen.health().working(() -> work(service));
            if (untilInputEnds) {
                stopAtTheEndOf(System.in, service);
            }
            out.println("serving " + Topics.AUDIO + " at " + connection.bootstrapServers() + " with "
                    + models.engine().modelName());
            if (door != null) {
                door.bindTo(seen.meters());
                door.sentences().forEach(out::println);
            }
            if (seen.port() > 0) {
                out.println("Metrics and health are at port " + seen.port());
            }
            out.flush();
            service.awaitEnd();
            Throwable failure = service.failure();
            if (failure != null) {
                throw new IOException(
                        "The service ended because it kept failing: " + Failures.sentence(failure), failure);
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private Models loaded(Operations seen) throws ModelException {
        long begun = System.nanoTime();
        Models models = model.open();
        seen.loaded(models.engine().modelName(), Duration.ofNanos(System.nanoTime() - begun));
        return models;
    }

    private static Health.Work work(TranscriptionService service) {
        return switch (service.state()) {
            case RUNNING -> Health.Work.RUNNING;
            case CREATED, REBALANCING -> Health.Work.HELD_UP;
            default -> Health.Work.FAILED;
        };
    }

    /** This command of the program. */
    static CommandLine of(CommandLine kscribe) {
        return Objects.requireNonNull(kscribe.getSubcommands().get(NAME));
    }

    /** Refuses options that are out of range or do not go together, as far as nothing has to be read for that. */
    void check() {
        UsageErrors.valid(spec, this::settings);
        if (policy.strict() && noPartials) {
            throw new ParameterException(
                    spec.commandLine(), "--strict keeps what partials have shown; --no-partials was given.");
        }
        pace.applied(policy.applied(RecognizerSettings.live()));
        limits.limits();
        tracing.check();
    }

    private RecognizerSettings decoded(RecognizerSettings audio, WhisperEngine engine) throws IOException {
        RecognizerSettings.Builder decoded = audio.toBuilder().decoding(decoding.applied(audio.decoding(), engine));
        return noPartials ? decoded.partialInterval(Duration.ZERO).build() : decoded.build();
    }

    /** However a parent process ends, the system closes its end of the pipe. */
    private static void stopAtTheEndOf(InputStream in, TranscriptionService service) {
        Thread watcher = new Thread(
                () -> {
                    try {
                        in.transferTo(OutputStream.nullOutputStream());
                    } catch (IOException broken) {
                        // The same as its end.
                    } finally {
                        service.requestStop();
                    }
                },
                "kscribe-serve-watch");
        watcher.setDaemon(true);
        watcher.start();
    }

    private ServiceSettings settings() {
        Path directory = stateDirectory.isEmpty() ? KscribeHome.locate().resolve("state") : Path.of(stateDirectory);
        return new ServiceSettings(
                application.id(),
                directory,
                streamThreads,
                workers == 0 ? Runtime.getRuntime().availableProcessors() : workers,
                commitInterval,
                ServiceSettings.DEFAULT_TRANSACTION_TIMEOUT);
    }
}
