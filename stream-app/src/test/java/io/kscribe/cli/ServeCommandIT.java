package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.broker.InProcessBroker;
import io.kscribe.model.Sample;
import io.kscribe.operations.MetricsTable;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.Topics;
import io.kscribe.stream.TranscriptTail;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as a program, as it is shipped. */
class ServeCommandIT {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private static final Path METRICS = Path.of("..", "deploy", "METRICS.md");

    @TempDir
    private Path directory;

    @Test
    void shouldEndInOrderWhenItIsTerminatedUnderLoad() throws Exception {
        try (InProcessBroker broker = InProcessBroker.start()) {
            assertThat(Run.kscribe("topics", "create", "--bootstrap-server", broker.bootstrapServers())
                            .status())
                    .isZero();
            Path sample = ModelOptions.store().sample(Sample.KENNEDY);
            // Twenty calls at full speed are more than it can decode by then.
            for (int i = 0; i < 20; i++) {
                assertThat(Run.kscribe(
                                        "publish",
                                        sample.toString(),
                                        "--rate",
                                        "max",
                                        "--bootstrap-server",
                                        broker.bootstrapServers())
                                .status())
                        .isZero();
            }
            Process serve = serve(broker);
            try (BufferedReader out =
                            new BufferedReader(new InputStreamReader(serve.getInputStream(), StandardCharsets.UTF_8));
                    TranscriptTail finals = new TranscriptTail(
                            KafkaConnection.to(broker.bootstrapServers()),
                            Topics.TRANSCRIPTS,
                            null,
                            TranscriptTail.Start.BEGINNING)) {
                assertThat(out.readLine())
                        .isEqualTo("serving audio.chunks at " + broker.bootstrapServers() + " with tiny");
                assertThat(out.readLine()).matches("Calls are shown at http://localhost:\\d+");
                assertThat(out.readLine()).matches("Calls come in at http://localhost:\\d+/v1/audio, .*");
                String port = afterText(out.readLine(), "Metrics and health are at port ");
                finals.follow(first -> false);
                assertThat(get(port, "/health/live").statusCode()).isEqualTo(200);
                assertThat(get(port, "/health/ready").body()).contains("\"status\":\"up\"");
                String metrics = get(port, "/metrics").body();
                assertThat(metrics)
                        .contains("kscribe_transcript_latency_seconds_bucket{status=\"final\"")
                        .contains("kafka_stream_alive_stream_threads", "jvm_memory_used_bytes");
                assertThat(valueOf("kscribe_audio_seconds_total", metrics)).isPositive();
                assertThat(valueOf("kscribe_inference_busy_seconds_total", metrics))
                        .isPositive();
                assertThat(valueOf("kscribe_model_load_seconds{model=\"tiny\"}", metrics))
                        .isPositive();
                String table = MetricsTable.of(metrics);
                assertThat(Files.readString(METRICS))
                        .as("the table in %s; it is to be:%n%s", METRICS, table)
                        .contains(table);

                serve.toHandle().destroy();
                assertThat(getUntilStopping(port)).contains("stopping");

                assertThat(serve.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                assertThat(serve.exitValue()).isZero();
                assertThat(out.readLine()).isNull();
            } finally {
                serve.destroyForcibly();
            }
        }
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        Run run = Run.kscribe("serve", "--model", "tiny", "--bootstrap-server", "127.0.0.1:1", "--timeout", "300ms");

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .containsExactly(
                        "kscribe: No answer from Kafka at 127.0.0.1:1 within 300 ms; is a broker listening there?");
    }

    @Test
    void shouldSayThatATopicIsMissing() {
        try (InProcessBroker broker = InProcessBroker.start()) {
            Run run = Run.kscribe("serve", "--model", "tiny", "--bootstrap-server", broker.bootstrapServers());

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err().lines())
                    .containsExactly("kscribe: Topics audio.chunks, transcripts.partial, transcripts, audio.dlq do "
                            + "not exist on Kafka at "
                            + broker.bootstrapServers() + "; 'kscribe topics create' creates kscribe's topics.");
        }
    }

    @Test
    void shouldRefuseImpossibleSettingsAsWrongUsage() {
        assertThat(Run.kscribe("serve", "--stream-threads", "0").status()).isEqualTo(2);
        assertThat(Run.kscribe("serve", "--workers", "-1").status()).isEqualTo(2);
        assertThat(Run.kscribe("serve", "--limit", "open-calls=0").err())
                .startsWith("kscribe: The limit of open calls is 0; expected 1 or more.");
        assertThat(Run.kscribe("serve", "--commit-interval", "1m").err())
                .startsWith("kscribe: The commit interval (60000 ms) must be shorter than the transaction timeout");
    }

    static HttpResponse<String> get(String port, String path) throws Exception {
        URI address = URI.create("http://localhost:" + port + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** What readiness says as soon as it says no. */
    private static String getUntilStopping(String port) throws Exception {
        HttpResponse<String> ready = get(port, "/health/ready");
        while (ready.statusCode() == 200) {
            ready = get(port, "/health/ready");
        }
        return ready.body();
    }

    private static double valueOf(String metric, String metrics) {
        return metrics.lines()
                .filter(line -> line.startsWith(metric + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static String afterText(String line, String text) {
        assertThat(line).startsWith(text);
        return line.substring(text.length());
    }

    private Process serve(InProcessBroker broker) throws Exception {
        return program(
                "serve",
                "--bootstrap-server",
                broker.bootstrapServers(),
                "--model",
                "tiny",
                "--state-dir",
                directory.toString(),
                "--http-port",
                "0",
                "--operations-port",
                "0");
    }

    static Process program(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("kscribe.jar")));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
