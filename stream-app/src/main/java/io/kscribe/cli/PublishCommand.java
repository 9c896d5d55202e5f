package io.kscribe.cli;

import io.kscribe.audio.AudioFile;
import io.kscribe.audio.SampleEncoding;
import io.kscribe.schema.Role;
import io.kscribe.stream.CallOptions;
import io.kscribe.stream.RecordingPublisher;
import io.kscribe.stream.RecordingPublisher.Published;
import io.kscribe.stream.RecordingPublisher.Rate;
import io.kscribe.stream.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code kscribe publish}: a recording onto the audio topic as a call. */
@Command(
        name = "publish",
        description = "Publish a recording (WAV, FLAC, MP3, Ogg Vorbis, SPHERE) onto the audio topic as a call. "
                + "Each of its channels becomes a channel of the call.")
final class PublishCommand implements Callable<Integer> {

    private static final String STANDARD_INPUT = "-";

    /** The encodings of the command line. */
    enum Encoding {
        MULAW(SampleEncoding.MULAW),
        ALAW(SampleEncoding.ALAW),
        PCM16(SampleEncoding.PCM_S16LE);

        private final SampleEncoding samples;

        Encoding(SampleEncoding samples) {
            this.samples = samples;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Kscribe kscribe;

    @Mixin
    private KafkaOptions kafka;

    @Parameters(paramLabel = "FILE|-", description = "The recording, or - to read it from standard input.")
    private String file;

    @Option(names = "--call-id", paramLabel = "ID", description = "The call's id. Default: a new one.")
    private @Nullable String callId;

    @Option(
            names = "--rate",
            paramLabel = "RATE",
            defaultValue = "realtime",
            description =
                    "realtime: as fast as it was spoken; max: as fast as Kafka takes it. Default: ${DEFAULT-VALUE}.")
    private Rate rate;

    @Option(
            names = "--encoding",
            paramLabel = "ENCODING",
            defaultValue = "mulaw",
            description =
                    "mulaw or alaw: at 8 kHz, as telephones; pcm16: at the recording's rate. Default: ${DEFAULT-VALUE}.")
    private Encoding encoding;

    @Option(
            names = "--chunk",
            paramLabel = "DURATION",
            defaultValue = "100ms",
            description = "How much audio goes into a record. Default: ${DEFAULT-VALUE}.")
    private Duration chunk;

    @Option(
            names = "--roles",
            paramLabel = "ROLE",
            split = ",",
            description = "Who speaks on channel 0, 1, ...: agent, customer or unknown, separated by commas. "
                    + "Default: customer if there is one channel, else agent,customer.")
    private @Nullable List<Role> roles;

    @Option(
            names = "--language",
            paramLabel = "CODE",
            description = "What is spoken, for instance en. Default: detect.")
    private @Nullable String language;

    @Option(
            names = "--attribute",
            paramLabel = "KEY=VALUE",
            description = "Kept with the call; may be given several times.")
    private Map<String, String> attributes = Map.of();

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            defaultValue = Topics.AUDIO,
            description = "Where to publish. Default: ${DEFAULT-VALUE}.")
    private String topic;

    @Override
    public Integer call() throws IOException, InterruptedException {
        String id = callId == null ? newCallId() : callId;
        CallOptions call = UsageErrors.valid(
                spec, () -> new CallOptions(id, encoding.samples, chunk, roles, language, attributes));
        try (Stopping stopping = kscribe.stopping();
                AudioFile recording = recording();
                RecordingPublisher publisher = RecordingPublisher.open(kafka.connection(), topic, rate)) {
            stopping.by(publisher::stop);
            Published published = publisher.publish(recording, call);
            spec.commandLine()
                    .getOut()
                    .printf(
                            Locale.ROOT,
                            "published %s: %d %s, %d chunks, %.1f s%n",
                            published.callId(),
                            published.channels(),
                            published.channels() == 1 ? "channel" : "channels",
                            published.chunks(),
                            published.audio().toMillis() / 1000.0);
            return stopping.status(CommandLine.ExitCode.OK);
        }
    }

    private AudioFile recording() throws IOException {
        return file.equals(STANDARD_INPUT)
                ? AudioFile.open(System.in, "standard input")
                : AudioFile.open(Path.of(file));
    }

    private static String newCallId() {
        return "call-" + UUID.randomUUID().toString().substring(0, 13);
    }
}
