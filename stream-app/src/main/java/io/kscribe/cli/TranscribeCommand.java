package io.kscribe.cli;

import io.kscribe.audio.AudioFile;
import io.kscribe.cli.ModelOptions.Models;
import io.kscribe.engine.Task;
import io.kscribe.format.RecordingFormat;
import io.kscribe.format.Transcribed;
import io.kscribe.format.TranscriptWriter;
import io.kscribe.model.ModelException;
import io.kscribe.recognizer.OfflineSettings;
import io.kscribe.recognizer.RecognizerSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code kscribe transcribe}: recordings to text, without Kafka. */
@Command(
        name = "transcribe",
        description = "Write down what is said in recordings (WAV, FLAC, MP3, Ogg Vorbis, SPHERE). No Kafka is needed.")
final class TranscribeCommand implements Callable<Integer> {

    /** What is done with several channels. */
    enum Channels {
        SPLIT,
        MIX;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOptions model;

    @Mixin
    private DecodingOptions decoding;

    @Mixin
    private PolicyOptions policy;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "The recordings.")
    private List<Path> files;

    @Option(
            names = "--task",
            paramLabel = "TASK",
            defaultValue = "transcribe",
            description = "transcribe, or translate into English. Default: ${DEFAULT-VALUE}.")
    private Task task;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text, json (one object a recording), srt or vtt. Default: ${DEFAULT-VALUE}.")
    private RecordingFormat format;

    @Option(
            names = "--channels",
            paramLabel = "HOW",
            defaultValue = "mix",
            description = "mix: all channels together; split: each by itself. Default: ${DEFAULT-VALUE}.")
    private Channels channels;

    @Option(
            names = "--live",
            description = "Cut and decode as the service does with live audio: the same finals that Kafka would give.")
    private boolean live;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "0",
            showDefaultValue = CommandLine.Help.Visibility.NEVER,
            description = "Threads that decode; --live decodes on one. Default: one a processor.")
    private int workers;

    @Override
    public Integer call() throws IOException, ModelException {
        PrintWriter out = spec.commandLine().getOut();
        List<String> faults = new ArrayList<>();
        policy.require(live);
        OfflineSettings offline = UsageErrors.valid(
                spec, () -> workers == 0 ? OfflineSettings.defaults() : OfflineSettings.onThreads(workers));
        try (Models models = model.open()) {
            RecognizerSettings settings = settings(models);
            for (Path file : files) {
                long started = System.nanoTime();
                try (AudioFile recording = AudioFile.open(file);
                        ChannelRecognizer recognizer = recognizer(models, settings, offline)) {
                    TranscriptWriter writer = format.open(file.toString(), out);
                    Transcribed transcribed = new RecordingTranscriber(
                                    recognizer, models.language(), channels == Channels.SPLIT)
                            .transcribe(recording, writer::said);
                    writer.ended(transcribed, Duration.ofNanos(System.nanoTime() - started));
                } catch (IOException e) {
                    // The other recordings are not to blame.
                    faults.add(Failures.sentence(e));
                }
            }
        }
        faults.forEach(fault -> spec.commandLine().getErr().println("kscribe: " + fault));
        return faults.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private RecognizerSettings settings(Models models) throws IOException {
        RecognizerSettings settings = policy.applied(live ? RecognizerSettings.live() : RecognizerSettings.offline());
        RecognizerSettings.Builder applied =
                settings.toBuilder().decoding(decoding.applied(settings.decoding(), models.engine()));
        // Nobody sees the partials; but what a strict final begins with is stable because of them.
        return policy.strict()
                ? applied.build()
                : applied.partialInterval(Duration.ZERO).build();
    }

    private ChannelRecognizer recognizer(Models models, RecognizerSettings settings, OfflineSettings offline) {
        return live
                ? new LiveRecognizer(models.streaming(settings, task))
                : new RecordingRecognizer(models, settings, offline, task);
    }
}
