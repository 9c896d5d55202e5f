package io.kscribe.cli;

import io.kscribe.audio.AudioFile;
import io.kscribe.audio.SampleEncoding;
import io.kscribe.broker.EmbeddedBroker;
import io.kscribe.cli.ModelOptions.Models;
import io.kscribe.gateway.GatewaySettings;
import io.kscribe.model.ModelException;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import io.kscribe.recognizer.RecognizerSettings;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import io.kscribe.stream.CallOptions;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.RecordingPublisher;
import io.kscribe.stream.ServiceSettings;
import io.kscribe.stream.TopicAdmin;
import io.kscribe.stream.TopicPlan;
import io.kscribe.stream.Topics;
import io.kscribe.stream.TranscriptTail;
import io.kscribe.stream.TranscriptionService;
import io.kscribe.web.WebSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code kscribe demo}: everything on this machine, with a call to listen to. */
@Command(
        name = "demo",
        description = {
            "Start a Kafka broker and the service on this machine, play a recording as a live call, and show its transcript "
                    + "as it forms.",
            "The broker goes on until Ctrl-C, for your own calls; what it holds is kept for the next demo."
        })
final class DemoCommand implements Callable<Integer> {

    /** How long the service may take to be ready. */
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Kscribe kscribe;

    @Mixin
    private ModelOptions model;

    @Mixin
    private WebOptions web;

    @Mixin
    private GatewayOptions gateway;

    @Option(names = "--call", paramLabel = "FILE", description = "The recording to play. Default: a sample.")
    private @Nullable Path call;

    @Option(
            names = "--broker-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "The broker's port on 127.0.0.1. Default: a free one.")
    private int brokerPort;

    @Option(names = "--once", description = "End when the call's transcript has come back through Kafka.")
    private boolean once;

    @Override
    public Integer call() throws IOException, ModelException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        ModelStore store = ModelOptions.store();
        Path file = call == null ? store.sample(Sample.KENNEDY) : call;
        Path home = store.home().resolve("demo");
        AllLimits limits = AllLimits.standard();
        WebSettings webSettings = web.settings(limits.web());
        GatewaySettings gatewaySettings = gateway.settings(web.host(), limits.gateway());
        CallProgress progress = new CallProgress("demo-" + Instant.now().truncatedTo(ChronoUnit.SECONDS));
        try (Stopping stopping = kscribe.stopping()) {
            AudioFile.open(file).close(); // a recording that cannot be read should not cost a start
            try (Models models = model.open();
                    EmbeddedBroker broker = EmbeddedBroker.start(home.resolve("kafka"), brokerPort)) {
                KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers());
                try (TopicAdmin admin = new TopicAdmin(connection)) {
                    admin.create(TopicPlan.standard());
                }
                try (TranscriptionService service = TranscriptionService.start(
                                connection,
                                Topics.standard(),
                                ServiceSettings.standard(home.resolve("state")),
                                limits.stream(),
                                models.recognition(RecognizerSettings.live()),
                                progress::finished);
                        FrontDoor door = web.wanted()
                                ? new FrontDoor(
                                        connection,
                                        Topics.standard(),
                                        limits,
                                        web,
                                        webSettings,
                                        gatewaySettings,
                                        !web.portIsGiven())
                                : null;
                        TranscriptTail tail = new TranscriptTail(
                                connection, Topics.TRANSCRIPTS, Topics.PARTIALS, TranscriptTail.Start.NOW);
                        TranscriptPrinter printer =
                                TranscriptPrinter.of(TranscriptPrinter.Format.TEXT, out, kscribe.terminal())) {
                    stopping.by(progress::stop);
                    if (!service.awaitRunning(START_LIMIT)) {
                        throw new IOException("The service was not ready within " + START_LIMIT.toSeconds()
                                + " s; --verbose tells more.");
                    }
                    out.println("Kafka is at " + broker.bootstrapServers() + ", the model is "
                            + models.engine().modelName() + ", the call is " + file.getFileName() + ".");
                    if (door != null) {
                        door.sentences().forEach(line -> out.println(line + "."));
                    }
                    if (!once) {
                        out.println("In another terminal: kscribe publish YOUR.wav --bootstrap-server "
                                + broker.bootstrapServers());
                        out.println("Ctrl-C ends.");
                    }
                    out.println();
                    out.flush();
                    stopWith(service, progress);
                    show(connection, tail, printer, file, progress);
                    Throwable failure = service.failure();
                    if (failure != null) {
                        throw new IOException("The service ended: " + Failures.sentence(failure), failure);
                    }
                }
            }
        }
        return CommandLine.ExitCode.OK;
    }

    /** Stops the demo if the service ends by itself. */
    private static void stopWith(TranscriptionService service, CallProgress progress) {
        Thread watcher = new Thread(
                () -> {
                    try {
                        service.awaitEnd();
                        progress.stop();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "kscribe-demo-watch");
        watcher.setDaemon(true);
        watcher.start();
    }

    /** Plays the call on a thread of its own, and shows what comes back on this one. */
    private void show(
            KafkaConnection connection,
            TranscriptTail tail,
            TranscriptPrinter printer,
            Path file,
            CallProgress progress)
            throws IOException, InterruptedException {
        progress.stops(tail::stop);
        Thread player = new Thread(() -> play(connection, file, progress), "kscribe-demo-call");
        player.start();
        tail.follow(transcript -> {
            printer.print(transcript);
            progress.delivered(transcript);
            return true;
        });
        progress.stop();
        player.join();
        progress.failFast();
    }

    private void play(KafkaConnection connection, Path file, CallProgress progress) {
        try (AudioFile recording = AudioFile.open(file);
                RecordingPublisher publisher =
                        RecordingPublisher.open(connection, Topics.AUDIO, RecordingPublisher.Rate.REALTIME)) {
            progress.stops(publisher::stop);
            RecordingPublisher.Published published = publisher.publish(recording, wideband(progress.callId()));
            if (once) {
                progress.endAfter(published.channels());
            }
        } catch (IOException | RuntimeException e) {
            progress.fail(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A call as it comes over the internet, in the recording's own rate: what telephones take away is not the demo's subject. */
    private static CallOptions wideband(String callId) {
        return new CallOptions(callId, SampleEncoding.PCM_S16LE, CallOptions.DEFAULT_CHUNK, null, null, Map.of());
    }

    /** Knows when the demo's call has come back whole, and stops everything then or when asked. */
    private static final class CallProgress {
        private final String callId;
        private final List<Runnable> stops = new ArrayList<>();
        private boolean stopped;
        private int channels = Integer.MAX_VALUE;
        private int finishedChannels;
        private long expectedFinals;
        private long deliveredFinals;
        private @Nullable Exception failure;

        private CallProgress(String callId) {
            this.callId = callId;
        }

        private String callId() {
            return callId;
        }

        private synchronized void stops(Runnable stop) {
            stops.add(stop);
            if (stopped) {
                stop.run();
            }
        }

        private synchronized void stop() {
            stopped = true;
            stops.forEach(Runnable::run);
        }

        private synchronized void fail(Exception cause) {
            failure = cause;
            stop();
        }

        private synchronized void failFast() throws IOException {
            if (failure != null) {
                throw failure instanceof IOException io ? io : new IOException(Failures.sentence(failure), failure);
            }
        }

        private synchronized void endAfter(int publishedChannels) {
            channels = publishedChannels;
            stopIfWhole();
        }

        private synchronized void finished(String finishedCall, int channel, long finals) {
            if (finishedCall.equals(callId)) {
                finishedChannels++;
                expectedFinals += finals;
                stopIfWhole();
            }
        }

        private synchronized void delivered(Transcript transcript) {
            if (transcript.getStatus() == TranscriptStatus.FINAL
                    && transcript.getCallId().equals(callId)) {
                deliveredFinals++;
                stopIfWhole();
            }
        }

        private void stopIfWhole() {
            if (finishedChannels >= channels && deliveredFinals >= expectedFinals) {
                stop();
            }
        }
    }
}
