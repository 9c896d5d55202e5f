package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.broker.InProcessBroker;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkDeserializer;
import io.kscribe.schema.Role;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptSerializer;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.Recordings;
import io.kscribe.stream.Topics;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that talk to Kafka, against a real broker. */
class KafkaCommandsIT {

    @TempDir
    private static Path directory;

    private static InProcessBroker broker;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.start();
        assertThat(kscribe("topics", "create", "--partitions", "3").status()).isZero();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldCreateTopicsOnce() {
        Run again = kscribe("topics", "create");

        assertThat(again.status()).isZero();
        assertThat(again.out().lines())
                .containsExactly(
                        "exists   audio.chunks",
                        "exists   transcripts.partial",
                        "exists   transcripts",
                        "exists   audio.dlq");
    }

    @Test
    void shouldCheckTopics() {
        assertThat(kscribe("topics", "check", "--partitions", "3"))
                .isEqualTo(new Run(
                        0,
                        "All topics are fit: audio.chunks, transcripts.partial, transcripts, audio.dlq."
                                + System.lineSeparator(),
                        ""));

        Run unfit = kscribe("topics", "check");
        assertThat(unfit.status()).isEqualTo(1);
        assertThat(unfit.out()).isEmpty();
        assertThat(unfit.err().lines())
                .hasSize(4)
                .first()
                .isEqualTo("kscribe: Topic audio.chunks has 3 partitions; expected 8 or more.");
    }

    @Test
    void shouldPublishARecordingAsACall() throws Exception {
        Path wav = Files.write(directory.resolve("call.wav"), Recordings.counting(16_000, 2, 40_000));

        Run run = kscribe(
                "publish",
                wav.toString(),
                "--call-id",
                "p1",
                "--rate",
                "max",
                "--encoding",
                "pcm16",
                "--chunk",
                "1s",
                "--roles",
                "customer,agent",
                "--language",
                "en",
                "--attribute",
                "queue=sales");

        assertThat(run).isEqualTo(new Run(0, "published p1: 2 channels, 6 chunks, 2.5 s" + System.lineSeparator(), ""));
        List<AudioChunk> chunks = audioOf("p1", 6);
        assertThat(chunks)
                .extracting(chunk -> chunk.getChannel() + " " + chunk.getRole() + " " + chunk.getSequence() + " "
                        + chunk.getPayload().remaining() + " " + chunk.getEndOfStream())
                .containsExactly(
                        "0 CUSTOMER 0 32000 false",
                        "1 AGENT 0 32000 false",
                        "0 CUSTOMER 1 32000 false",
                        "1 AGENT 1 32000 false",
                        "0 CUSTOMER 2 16000 true",
                        "1 AGENT 2 16000 true");
        assertThat(chunks).extracting(AudioChunk::getLanguage).containsOnly("en");
        assertThat(chunks)
                .extracting(chunk -> chunk.getAttributes().get("queue"))
                .containsOnly("sales");
    }

    @Test
    void shouldMakeTelephoneAudioOfAnyRecording() throws Exception {
        Path wav = Files.write(directory.resolve("mono.wav"), Recordings.counting(22_050, 1, 11_025));

        Run run = kscribe("publish", wav.toString(), "--call-id", "p2");

        assertThat(run.out()).isEqualTo("published p2: 1 channel, 5 chunks, 0.5 s" + System.lineSeparator());
        assertThat(audioOf("p2", 5)).allSatisfy(chunk -> {
            assertThat(chunk.getSampleRate()).isEqualTo(8000);
            assertThat(chunk.getPayload().remaining()).isEqualTo(800);
            assertThat(chunk.getRole()).isEqualTo(Role.CUSTOMER);
        });
    }

    @Test
    void shouldSayWhatIsWrongWithARecording() throws Exception {
        Path text = Files.writeString(directory.resolve("notes.txt"), "not a recording");
        Path empty = Files.createFile(directory.resolve("empty.wav"));

        for (Path file : List.of(text, empty, directory.resolve("absent.wav"))) {
            Run run = kscribe("publish", file.toString());

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines()).hasSize(1).first().asString().startsWith("kscribe: " + file + ": ");
        }
    }

    @Test
    void shouldSayThatTheTopicIsMissing() throws Exception {
        Path wav = Files.write(directory.resolve("any.wav"), Recordings.counting(8000, 1, 800));

        Run publish = kscribe("publish", wav.toString(), "--topic", "nowhere");
        Run tail = kscribe("tail", "--topic", "nowhere");

        assertThat(List.of(publish, tail)).allSatisfy(run -> {
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err().lines())
                    .containsExactly("kscribe: Topic nowhere does not exist on Kafka at " + broker.bootstrapServers()
                            + "; 'kscribe topics create' creates kscribe's topics.");
        });
    }

    @Test
    void shouldSayThatNobodyAnswers() throws Exception {
        Path wav = Files.write(directory.resolve("some.wav"), Recordings.counting(8000, 1, 800));

        Run run = Run.kscribe("publish", wav.toString(), "--bootstrap-server", "127.0.0.1:1", "--timeout", "300ms");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().lines())
                .containsExactly(
                        "kscribe: No answer from Kafka at 127.0.0.1:1 within 300 ms; is a broker listening there?");
    }

    @Test
    void shouldRefuseImpossibleOptionsAsWrongUsage() {
        assertThat(kscribe("publish", "a.wav", "--chunk", "5ms").status()).isEqualTo(2);
        assertThat(kscribe("publish", "a.wav", "--rate", "fast").status()).isEqualTo(2);
        assertThat(kscribe("publish").status()).isEqualTo(2);
        assertThat(kscribe("topics", "check", "--partitions", "0").err())
                .startsWith("kscribe: The number of partitions is 0; expected 1 or more.");
        assertThat(kscribe("tail", "--timeout", "soon").err()).contains("'soon' is not a duration such as 100ms");
    }

    /** The program itself, as it is shipped, until a signal. */
    @Test
    void shouldFollowTranscriptsUntilItIsStopped() throws Exception {
        send(Transcripts.finalOf(0, "An old one.").setCallId("other").build());
        send(Transcripts.finalOf(0, "An old one.").setCallId("t1").build());
        Process tail = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        System.getProperty("kscribe.jar"),
                        "tail",
                        "--bootstrap-server",
                        broker.bootstrapServers(),
                        "--call",
                        "t1",
                        "--from-beginning")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(tail.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(out.readLine()).isEqualTo("[00:03.2 - 00:07.9] customer  An old one.");

            send(Transcripts.finalOf(1, "Sch\u00f6n, a new one.")
                    .setCallId("t1")
                    .build());
            assertThat(out.readLine()).isEqualTo("[00:03.2 - 00:07.9] customer  Sch\u00f6n, a new one.");

            tail.toHandle().destroy();
            assertThat(out.readLine()).isNull();
            assertThat(tail.waitFor()).isZero();
        } finally {
            tail.destroyForcibly();
        }
    }

    private static Run kscribe(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--bootstrap-server", broker.bootstrapServers()));
        return Run.kscribe(all.toArray(String[]::new));
    }

    private static void send(Transcript transcript) throws Exception {
        try (Producer<String, Transcript> producer = connection().producer(new TranscriptSerializer(), Duration.ZERO)) {
            producer.send(new ProducerRecord<>(Topics.TRANSCRIPTS, transcript.getCallId(), transcript))
                    .get();
        }
    }

    private static List<AudioChunk> audioOf(String callId, int count) {
        List<AudioChunk> chunks = new ArrayList<>();
        try (Consumer<String, AudioChunk> consumer =
                connection().reader(new AudioChunkDeserializer(), IsolationLevel.READ_COMMITTED)) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.AUDIO).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Awaitility.await().pollInSameThread().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (record.key().equals(callId)) {
                        chunks.add(record.value());
                    }
                });
                return chunks.size() >= count;
            });
        }
        return chunks;
    }

    private static KafkaConnection connection() {
        return KafkaConnection.to(broker.bootstrapServers());
    }
}
