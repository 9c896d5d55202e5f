package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.broker.InProcessBroker;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelException;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every command on a Kafka that wants TLS and a name: the settings of {@code --command-config} reach all clients. */
class SecuredKafkaIT {
    private static final String PASSWORD = "only-for-this-test";

    @TempDir
    private static Path directory;

    private static InProcessBroker broker;
    private static Path settings;

    @BeforeAll
    static void start() throws Exception {
        Path keys = keyStore();
        broker = InProcessBroker.secured(keys, PASSWORD, "kscribe");
        settings = settings("kscribe", PASSWORD, keys);
        assertThat(kscribe(settings, "topics", "create", "--partitions", "1"))
                .extracting(Run::status, Run::err)
                .containsExactly(0, "");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldTranscribeACall() throws Exception {
        assertThat(kscribe(settings, "topics", "check", "--partitions", "1").status())
                .isZero();
        Process serve = program(
                "serve",
                "--no-http",
                "--model",
                "tiny",
                "--state-dir",
                directory.resolve("state").toString());
        Process tail = program("tail", "--from-beginning", "--no-partials");
        try (BufferedReader serving = output(serve);
                BufferedReader said = output(tail)) {
            String ready = "serving audio.chunks at " + broker.secureServers();
            assertThat(serving.lines().anyMatch(line -> line.startsWith(ready))).isTrue();

            Run publish = kscribe(settings, "publish", recording(), "--call-id", "c1", "--rate", "max");
            assertThat(publish.err()).isEmpty();
            assertThat(publish.status()).isZero();
            assertThat(said.lines().anyMatch(line -> line.contains("customer  And so")))
                    .isTrue();
        } finally {
            serve.destroyForcibly();
            tail.destroyForcibly();
        }
    }

    @Test
    void shouldBeToldOfKafkaByAFileAndTheEnvironment() throws Exception {
        Path file = Files.writeString(directory.resolve("kscribe.yaml"), """
                kafka:
                  bootstrap-server: %s
                  properties:
                    security.protocol: SASL_SSL
                    sasl.mechanism: PLAIN
                    sasl.jaas.config: '%s'
                    ssl.truststore.type: PKCS12
                    ssl.truststore.location: %s
                """.formatted(
                        broker.secureServers(), login("kscribe", PASSWORD), directory.resolve("keys.p12")));

        Run run = Run.with(
                Map.of("KSCRIBE_CONFIG", file.toString(), "KSCRIBE_KAFKA_SSL_TRUSTSTORE_PASSWORD", PASSWORD),
                "topics",
                "check",
                "--partitions",
                "1");

        assertThat(run).extracting(Run::status, Run::err).containsExactly(0, "");
    }

    @Test
    void shouldSayThatKafkaDoesNotKnowUs() throws Exception {
        Path wrong = settings("stranger", PASSWORD, directory.resolve("keys.p12"));
        for (String[] command :
                new String[][] {{"topics", "check"}, {"tail"}, {"publish", recording()}, {"serve", "--model", "tiny"}
                }) {
            Run run = kscribe(wrong, command);

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("kscribe: Kafka at " + broker.secureServers() + " does not know us: ");
        }
    }

    private static Run kscribe(Path config, String... args) {
        return Run.kscribe(all(config, args).toArray(String[]::new));
    }

    private static Process program(String... args) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), Kscribe.class.getName()));
        command.addAll(all(settings, args));
        ProcessBuilder java = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        java.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return java.start();
    }

    private static List<String> all(Path config, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(List.of("--bootstrap-server", broker.secureServers(), "--command-config", config.toString()));
        return all;
    }

    private static String recording() throws ModelException {
        return new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError())
                .sample(Sample.KENNEDY)
                .toString();
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static Path settings(String user, String password, Path keys) throws Exception {
        return Files.write(
                Files.createTempFile(directory, "client", ".properties"),
                List.of(
                        "security.protocol=SASL_SSL",
                        "sasl.mechanism=PLAIN",
                        "sasl.jaas.config=" + login(user, password),
                        "ssl.truststore.type=PKCS12",
                        "ssl.truststore.location=" + keys,
                        "ssl.truststore.password=" + PASSWORD));
    }

    private static String login(String user, String password) {
        return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    /** A key store that serves as trust store, too: the certificate signs itself. */
    private static Path keyStore() throws Exception {
        Path keys = directory.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "broker",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        return keys;
    }
}
