package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.broker.InProcessBroker;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkDeserializer;
import io.kscribe.schema.Role;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptSerializer;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.TopicAdmin;
import io.kscribe.stream.TopicPlan;
import io.kscribe.stream.Topics;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.tools.consumer.ConsoleConsumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** The README's examples, taken from it word for word and run, each with nothing on its class path but what it says it needs. */
class ReadmeIT {
    /** What {@code io.kscribe:schemas} and kafka-clients bring along. */
    private static final List<Class<?>> SCHEMAS_AND_CLIENTS = List.of(
            AudioChunk.class,
            KafkaProducer.class,
            Schema.class,
            ObjectMapper.class,
            JsonFactory.class,
            JsonProperty.class,
            Logger.class);

    private static final String IMPORTS = """
            import io.kscribe.schema.*;
            import java.nio.ByteBuffer;
            import java.time.*;
            import java.util.*;
            import org.apache.kafka.clients.consumer.*;
            import org.apache.kafka.clients.producer.*;
            import org.apache.kafka.common.serialization.*;
            """;

    @TempDir
    private static Path directory;

    private static InProcessBroker broker;

    @BeforeAll
    static void start() throws Exception {
        broker = InProcessBroker.start();
        try (TopicAdmin admin = new TopicAdmin(connection())) {
            admin.create(new TopicPlan(Topics.standard(), 1, (short) 1));
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldPublishAudioAsItSays() throws Exception {
        Process example = run("ProducerExample", "byte[] audio = new byte[800];", example("KafkaProducer"));
        try {
            assertThat(example.waitFor()).isZero();
        } finally {
            example.destroyForcibly();
        }

        AudioChunk chunk = firstChunk();
        assertThat(chunk.getCallId()).isEqualTo("call-42");
        assertThat(chunk.getRole()).isEqualTo(Role.CUSTOMER);
        assertThat(chunk.getPayload().remaining()).isEqualTo(800);
    }

    @Test
    void shouldReadTranscriptsAsItSays() throws Exception {
        Process example = run("ConsumerExample", "", example("KafkaConsumer"));
        try (BufferedReader said = output(example)) {
            // It begins with what comes after it has joined its group.
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        send("Good morning.");
                        return said.ready() || !example.isAlive();
                    });
            assertThat(said.readLine()).isEqualTo("call-1 CUSTOMER: Good morning.");
        } finally {
            example.destroyForcibly();
        }
    }

    @Test
    void shouldReadTranscriptsWithKafkasOwnConsumerAsItSays() throws Exception {
        send("Good evening.");
        List<String> line = commandLine("kafka-console-consumer.sh");
        assertThat(line.remove(0)).startsWith("CLASSPATH=");
        assertThat(line.remove(0)).isEqualTo("kafka-console-consumer.sh");
        line.addAll(List.of("--from-beginning", "--max-messages", "1"));
        Process consumer = java(System.getProperty("java.class.path"), ConsoleConsumer.class.getName(), line);
        try (BufferedReader said = output(consumer)) {
            assertThat(said.lines())
                    .anySatisfy(text -> assertThat(text)
                            .startsWith("{\"callId\": \"call-1\"")
                            .contains("\"status\": \"FINAL\"", "\"text\": \"Good "));
        } finally {
            consumer.destroyForcibly();
        }
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("..", "README.md"));
    }

    /** The one Java example that makes use of a class. */
    private static String example(String type) throws IOException {
        return Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(readme())
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains("new " + type + "<"))
                .collect(Collectors.collectingAndThen(Collectors.toList(), blocks -> {
                    assertThat(blocks).hasSize(1);
                    return blocks.get(0).replace("kafka:9092", broker.bootstrapServers());
                }));
    }

    /** The one command line with a word in it, in words. */
    private static List<String> commandLine(String word) throws IOException {
        List<String> lines = readme().replace("\\\n", " ")
                .lines()
                .filter(line -> line.contains(word))
                .toList();
        assertThat(lines).hasSize(1);
        return new ArrayList<>(Arrays.asList(lines.get(0)
                .replace("kafka:9092", broker.bootstrapServers())
                .strip()
                .split(" +")));
    }

    private static Process run(String name, String before, String example) throws Exception {
        String source = IMPORTS + "class " + name + " {\n  public static void main(String[] args) throws Exception {\n"
                + before + "\n" + example + "\n  }\n}\n";
        Path folder = Files.createDirectories(directory.resolve(name));
        Path file = Files.writeString(folder.resolve(name + ".java"), source);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        String classPath = classPath();
        int status = compiler.run(
                null, null, null, "-proc:none", "-cp", classPath, "-d", folder.toString(), file.toString());
        assertThat(status).as(source).isZero();
        return java(folder + File.pathSeparator + classPath, name, List.of());
    }

    private static Process java(String classPath, String name, List<String> args) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), name));
        command.addAll(args);
        ProcessBuilder java = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        java.environment().put("CLASSPATH", classPath);
        return java.start();
    }

    private static String classPath() throws URISyntaxException {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> type : SCHEMAS_AND_CLIENTS) {
            places.add(Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString());
        }
        return String.join(File.pathSeparator, places);
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void send(String text) throws Exception {
        try (Producer<String, Transcript> producer = connection().producer(new TranscriptSerializer(), Duration.ZERO)) {
            Transcript transcript =
                    Transcripts.finalOf(0, text).setCallId("call-1").build();
            producer.send(new ProducerRecord<>(Topics.TRANSCRIPTS, transcript.getCallId(), transcript))
                    .get();
        }
    }

    private static AudioChunk firstChunk() {
        try (Consumer<String, AudioChunk> consumer =
                connection().reader(new AudioChunkDeserializer(), IsolationLevel.READ_COMMITTED)) {
            TopicPartition partition = new TopicPartition(Topics.AUDIO, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            return consumer.poll(Duration.ofSeconds(10)).iterator().next().value();
        }
    }

    private static KafkaConnection connection() {
        return KafkaConnection.to(broker.bootstrapServers());
    }
}
