package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigCommandTest {

    private static final String SECRET = "org.example.Login required password=geheim;";

    @TempDir
    private Path directory;

    @Test
    void shouldTakeEachSettingFromTheFirstThatGivesIt() throws Exception {
        Path file = file("""
                http:
                  port: 1
                  host: host-of-the-file
                  api-keys: none
                kafka.timeout: 1s
                """);
        Map<String, String> environment =
                Map.of("KSCRIBE_CONFIG", file.toString(), "KSCRIBE_HTTP_PORT", "2", "KSCRIBE_HTTP_HOST", "other");

        List<String> rows = rows(Run.with(environment, "config", "--http-port", "3"));

        assertThat(rows)
                .contains(
                        "http.port 3 command line",
                        "http.host other KSCRIBE_HTTP_HOST",
                        "kafka.timeout 1s " + file + ":5",
                        "http.api-keys none " + file + ":4",
                        "kafka.bootstrap-server localhost:9092 default");
    }

    @Test
    void shouldTakeEachLimitFromTheFirstThatGivesIt() throws Exception {
        Path file = file("limits: {viewers: 1, open-calls: 1, channels: 1, kept-calls: 1, kept-time: 1h}");
        Map<String, String> environment = Map.of(
                "KSCRIBE_LIMITS",
                "viewers=2,open-calls=2,channels=2",
                "KSCRIBE_LIMIT_VIEWERS",
                "3",
                "KSCRIBE_LIMIT_OPEN_CALLS",
                "3");

        List<String> rows = rows(Run.with(
                environment, "config", "--config", file.toString(), "--limit", "viewers=4", "--limit=kept-calls=4"));

        assertThat(rows)
                .contains(
                        "limits.viewers 4 viewers command line",
                        "limits.kept-calls 4 calls command line",
                        "limits.open-calls 3 calls KSCRIBE_LIMIT_OPEN_CALLS",
                        "limits.channels 2 channels KSCRIBE_LIMITS",
                        "limits.kept-time 1h " + file + ":1",
                        "limits.kept-bytes 128000000 bytes default");
    }

    @Test
    void shouldTakeTheFileOfTheCommandLineBeforeTheVariables() throws Exception {
        Map<String, String> environment = Map.of("KSCRIBE_CONFIG", "/nowhere/kscribe.yaml");
        String file = file("model: tiny").toString();

        assertThat(rows(Run.with(environment, "config", "--config", file))).contains("model tiny " + file + ":1");
        assertThat(rows(Run.with(environment, "--config=" + file, "config"))).contains("model tiny " + file + ":1");
        Run missing = Run.with(environment, "config");
        assertThat(missing.status()).isEqualTo(2);
        assertThat(missing.err()).isEqualToIgnoringNewLines("kscribe: There is no file /nowhere/kscribe.yaml.");
    }

    @ParameterizedTest
    @CsvSource({
        "true, --strict, true",
        "true, --no-strict, false",
        "false, --strict, true",
        "false, --no-strict, false",
    })
    void shouldHaveTheLastWordOnTheCommandLine(String set, String option, String then) throws Exception {
        assertThat(rows(config("recognition.strict: " + set, option)))
                .contains("recognition.strict " + then + " command line");
    }

    @ParameterizedTest
    @CsvSource({
        "true, --no-console, false",
        "true, --console, true",
        "false, --no-console, false",
        "false, --console, true",
    })
    void shouldSwitchOffWhatIsOn(String set, String option, String then) throws Exception {
        assertThat(rows(config("http.console: " + set, option))).contains("http.console " + then + " command line");
        assertThat(rows(Run.with(Map.of("KSCRIBE_CONSOLE", set), "config")))
                .contains("http.console " + set + " KSCRIBE_CONSOLE");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http.prot: 1              | Unknown key 'http.prot' in FILE, line 1: did you mean 'http.port'?
            http.port: many           | Invalid value for option '--http-port': 'many' is not an int; it comes from http.port in FILE, line 1.
            http.console: no          | Invalid value for option '--no-console': 'no' is not a boolean; it comes from http.console in FILE, line 1.
            kafka.timeout: 10         | Invalid value for option '--timeout': '10' is not a duration such as 100ms, 2s, 2m, 24h or 7d; it comes from kafka.timeout in FILE, line 1.
            limits.viewers: 0         | The limit of viewers is 0; expected 1 or more. It comes from limits.viewers in FILE, line 1.
            limits.kept-time: 5       | The limit kept-time: '5' is not a duration such as 100ms, 2s, 2m, 24h or 7d. It comes from limits.kept-time in FILE, line 1.
            service.stream-threads: 0 | The service needs stream threads and workers; it was given 0 and PROCESSORS.
            kafka.properties.bootstrap.servers: x | The key 'kafka.properties.bootstrap.servers' in FILE, line 1, is no more: kafka.bootstrap-server says where Kafka is.
            """)
    void shouldSayWhatServeWouldNotTake(String text, String sentence) throws Exception {
        String processors = String.valueOf(Runtime.getRuntime().availableProcessors());
        Path file = file(text);

        for (String command : List.of("config", "serve")) {
            Run run = Run.with(Map.of(), command, "--config", file.toString());

            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err())
                    .startsWith("kscribe: "
                            + sentence.replace("FILE", file.toString()).replace("PROCESSORS", processors)
                            + System.lineSeparator());
        }
    }

    @Test
    void shouldSayThatTheCommandLineIsWrongAsEver() throws Exception {
        Run run = config("http.port: 1", "--http-port", "many");

        assertThat(run.err().lines())
                .containsExactly(
                        "kscribe: Invalid value for option '--http-port': 'many' is not an int",
                        "Try 'kscribe config --help'.");
    }

    @Test
    void shouldBeReadByCommandsThatHaveSomethingOfIt() throws Exception {
        String broken = file("modle: tiny").toString();

        for (List<String> command :
                List.of(List.of("tail"), List.of("topics", "check"), List.of("transcribe", "x.wav"), List.of("demo"))) {
            List<String> args = new ArrayList<>(command);
            args.addAll(List.of("--config", broken));
            assertThat(Run.with(Map.of(), args.toArray(String[]::new)).err()).contains("did you mean 'model'?");
        }
        assertThat(Run.with(Map.of(), "version", "--config", broken).status()).isZero();
        assertThat(Run.with(Map.of(), "serve", "--help", "--config", broken).status())
                .isZero();
    }

    @Test
    void shouldNotMistakeOptionsThatOnlyHaveTheSameName() throws Exception {
        String file = file("service: {workers: 0}\nlimits: {viewers: 7}\nrecognition: {strict: true}")
                .toString();

        // Its own --workers must be 1 or more, its --limit is another; and what is strict matters to live audio only.
        Run run = Run.with(Map.of(), "eval", directory.resolve("none.jsonl").toString(), "--config", file);

        assertThat(run.err()).contains("none.jsonl").doesNotContain("--workers", "--limit", "--strict");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "yaml", "json"})
    void shouldKeepSecrets(String format) throws Exception {
        Path file = file("""
                kafka:
                  schema-registry: https://user:geheim@registry.example
                  properties:
                    security.protocol: SASL_SSL
                    sasl.jaas.config: "%s"
                    my.plugin.word: geheim
                """.formatted(SECRET));

        Run run = Run.with(
                Map.of("KSCRIBE_KAFKA_SSL_KEY_PASSWORD", "geheim"),
                "config",
                "--config",
                file.toString(),
                "--format",
                format);

        assertThat(run.status()).isZero();
        assertThat(run.out())
                .doesNotContain("geheim")
                .contains("SASL_SSL", "sasl.jaas.config", "my.plugin.word", "ssl.key.password");
    }

    @Test
    void shouldWriteAFileThatGivesTheSame() throws Exception {
        String given = """
                model: hf:owner/name
                decoding:
                  prompt: "it's ${HOME} # \\"x\\"\\tand: null"
                  term: [Kowalski, Müller Lüdenscheidt]
                recognition: {strict: true, loudness-floor: -55.5}
                http: {console: false, origin: "https://a.example,https://b.example", api-keys: none}
                gateway: {audiosocket-port: 0, channel-roles: twilio=agent:customer}
                service: {partials: true, commit-interval: 250ms, state-dir: "null"}
                kafka: {bootstrap-server: "[::1]:9092,b:9092", properties: {client.id: x}}
                limits: {kept-time: 90s, viewers: 1}
                """;
        Run written = config(given, "--format", "yaml", "--workers", "3");
        Path again = Files.writeString(directory.resolve("again.yaml"), written.out());

        List<JsonNode> before = values(config(given, "--format", "json", "--workers", "3"));
        List<JsonNode> after = values(Run.with(Map.of(), "config", "--format", "json", "--config", again.toString()));

        assertThat(written.status()).isZero();
        assertThat(after)
                .extracting(value -> value.get("key") + "=" + value.get("value"))
                .containsExactlyElementsOf(before.stream()
                        .map(value -> value.get("key") + "=" + value.get("value"))
                        .toList());
        assertThat(written.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void shouldWriteTheDefaultsAsAFileThatGivesThem() throws Exception {
        String written = Run.with(Map.of(), "config", "--format", "yaml").out();
        String uncommented =
                Pattern.compile("(?m)^( *)# ([a-z.-]+:)$").matcher(written).replaceAll("$1$2");

        List<JsonNode> before = values(Run.with(Map.of(), "config", "--format", "json"));
        List<JsonNode> after = values(config(written, "--format", "json"));

        assertThat(after)
                .extracting(value -> value.get("value"))
                .isEqualTo(before.stream().map(value -> value.get("value")).toList());
        assertThat(config(uncommented).err()).contains("has no value.");
    }

    @Test
    void shouldNotMistakeWhatKubernetesTellsOfAServiceCalledKscribe() {
        Map<String, String> environment = Map.of(
                "KSCRIBE_PORT", "tcp://10.0.0.1:8080",
                "KSCRIBE_SERVICE_HOST", "10.0.0.1",
                "KSCRIBE_SERVICE_PORT", "8080",
                "KSCRIBE_SERVICE_PORT_HTTP", "8080",
                "KSCRIBE_PORT_8080_TCP", "tcp://10.0.0.1:8080",
                "KSCRIBE_PORT_8080_TCP_ADDR", "10.0.0.1",
                "KSCRIBE_PORT_8080_TCP_PORT", "8080",
                "KSCRIBE_PORT_8080_TCP_PROTO", "tcp");

        assertThat(rows(Run.with(environment, "config"))).allMatch(row -> row.endsWith(" default"));
    }

    @Test
    void shouldFitATerminal() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        Kscribe.run(
                out,
                new ByteArrayOutputStream(),
                () -> new Terminal(true, true, () -> 80),
                Map.of("KSCRIBE_PROMPT", "So it was said. ".repeat(20)),
                "config",
                "--bootstrap-server",
                "one.kafka.example:9092,two.kafka.example:9092");

        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .contains(
                        "\u001B[2mmodel                           base                              default\u001B[0m",
                        "kafka.bootstrap-server          \u2026ple:9092,two.kafka.example:9092  command line")
                .allSatisfy(line ->
                        assertThat(line.replaceAll("\u001B\\[\\d*m", "")).hasSizeLessThanOrEqualTo(80));
    }

    private Path file(String text) throws Exception {
        return Files.writeString(directory.resolve("settings.yaml"), text);
    }

    private Run config(String text, String... options) throws Exception {
        List<String> args =
                new ArrayList<>(List.of("config", "--config", file(text).toString()));
        args.addAll(List.of(options));
        return Run.with(Map.of(), args.toArray(String[]::new));
    }

    /** The table, a blank between columns. */
    private static List<String> rows(Run run) {
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        return run.out().lines().map(line -> line.replaceAll(" +", " ")).toList();
    }

    private static List<JsonNode> values(Run run) throws Exception {
        assertThat(run.err()).isEmpty();
        List<JsonNode> values = new ArrayList<>();
        for (String line : run.out().lines().toList()) {
            values.add(new ObjectMapper().readTree(line));
        }
        return values;
    }
}
