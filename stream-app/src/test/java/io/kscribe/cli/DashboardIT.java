package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.broker.InProcessBroker;
import io.kscribe.model.Sample;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard and the alert rules against a real Prometheus (Debian's package of that name) that watches the program at work. */
class DashboardIT {
    private static final Path DEPLOY = Path.of("..", "deploy").toAbsolutePath().normalize();
    private static final Path ALERTS = DEPLOY.resolve("prometheus/alerts.yaml");
    private static final Path DASHBOARD = DEPLOY.resolve("grafana/dashboards/kscribe.json");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    @Test
    void shouldShowDataInEveryPanelAndLoadEveryRule() throws Exception {
        assumeTrue(isInstalled("prometheus"), "Prometheus is not installed: the dashboard is not tested");
        try (InProcessBroker broker = InProcessBroker.start()) {
            String kafka = broker.bootstrapServers();
            assertThat(Run.kscribe("topics", "create", "--bootstrap-server", kafka)
                            .status())
                    .isZero();
            Process serve = ServeCommandIT.program(
                    "serve",
                    "--bootstrap-server",
                    kafka,
                    "--model",
                    "tiny",
                    "--state-dir",
                    directory.resolve("state").toString(),
                    "--http-port",
                    "0",
                    "--operations-port",
                    "0");
            Process prometheus = null;
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(serve.getInputStream(), StandardCharsets.UTF_8))) {
                String port = operationsPort(out);
                int prometheusPort = freePort();
                prometheus = prometheus(port, prometheusPort);
                String address = Integer.toString(prometheusPort);
                await().atMost(PATIENCE)
                        .ignoreExceptions()
                        .until(() ->
                                !result(address, "up{job=\"kscribe\"} == 1").isEmpty());
                String sample = ModelOptions.store().sample(Sample.KENNEDY).toString();
                assertThat(Run.kscribe("publish", sample, "--bootstrap-server", kafka)
                                .status())
                        .isZero();

                List<String> queries = queries();
                assertThat(queries).hasSizeGreaterThan(20);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(queries)
                                .allSatisfy(query -> assertThat(result(address, query))
                                        .as(query)
                                        .isNotEmpty()));
                JsonNode groups = api(address, "/api/v1/rules").at("/data/groups");
                assertThat(groups.findValuesAsText("name")).contains("kscribe", "KscribeFinalsLate");
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(api(address, "/api/v1/rules")
                                        .at("/data/groups/0/rules")
                                        .findValuesAsText("health"))
                                .containsOnly("ok"));
            } finally {
                serve.destroyForcibly();
                if (prometheus != null) {
                    prometheus.destroyForcibly().waitFor();
                }
            }
        }
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static String operationsPort(BufferedReader out) throws Exception {
        String before = "Metrics and health are at port ";
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(before)) {
                return line.substring(before.length());
            }
        }
        throw new AssertionError("the program ended");
    }

    private Process prometheus(String scraped, int port) throws Exception {
        Path config = directory.resolve("prometheus.yml");
        Files.writeString(config, """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ['%s']
                scrape_configs:
                  - job_name: kscribe
                    static_configs: [{targets: ['localhost:%s']}]
                """.formatted(ALERTS, scraped));
        return new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("tsdb"),
                        "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("prometheus.log").toFile())
                .start();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** What the panels ask, with what a person would choose. */
    private static List<String> queries() throws Exception {
        List<String> queries = new ArrayList<>();
        for (JsonNode target : JSON.readTree(DASHBOARD.toFile()).findValues("targets")) {
            target.findValuesAsText("expr")
                    .forEach(query -> queries.add(query.replace("$job", "kscribe")
                            .replace("$instance", ".*")
                            .replace("$__rate_interval", "1m")));
        }
        return queries;
    }

    private static JsonNode result(String port, String query) throws Exception {
        JsonNode answer = api(port, "/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8));
        assertThat(answer.path("status").asText())
                .as("%s: %s", query, answer.path("error"))
                .isEqualTo("success");
        return answer.at("/data/result");
    }

    private static JsonNode api(String port, String path) throws Exception {
        return JSON.readTree(ServeCommandIT.get(port, path).body());
    }
}
