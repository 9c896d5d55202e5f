package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.broker.InProcessBroker;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench with a real broker, a real service in a process of its own, and real speech. */
class BenchCommandIT {
    @TempDir
    private Path directory;

    @Test
    void shouldMeasureABrokerAndAServiceOfItsOwn() throws Exception {
        Path output = directory.resolve("bench.json");
        Run run = Run.kscribe(
                "bench",
                "--channels",
                "3",
                "--duration",
                "8s",
                "--warm-up",
                "2s",
                "--model",
                "tiny",
                "--language",
                "en",
                "--compare",
                "--output",
                output.toString(),
                "--partitions",
                "2",
                "--",
                "--workers",
                "1");

        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        assertThat(run.out().lines())
                .anyMatch(line -> line.matches("load +3 channels, 8 s after 2 s of warm-up, .*"))
                .anyMatch(line -> line.matches("partial +p50 \\d+ ms, p95 \\d+ ms, p99 \\d+ ms"))
                .anyMatch(line -> line.matches("final +p50 \\d+ ms, p95 \\d+ ms, p99 \\d+ ms"))
                .anyMatch(line -> line.matches("service +\\d.* s of processor time, .*"));
        JsonNode json = new ObjectMapper().readTree(output.toFile());
        JsonNode finals = json.path("finals");
        assertThat(finals.path("received").asLong()).isPositive();
        assertThat(finals.path("expected")).isEqualTo(finals.path("received"));
        assertThat(finals.path("compared")).isEqualTo(finals.path("received"));
        assertThat(finals.path("lost").asLong()).isZero();
        assertThat(finals.path("doubled").asLong()).isZero();
        assertThat(finals.path("changed").asLong()).isZero();
        assertThat(json.path("chunks").asLong()).isEqualTo(3 * 100);
        assertThat(json.path("partials").asLong()).isPositive();
        assertThat(json.path("processes")
                        .path("broker")
                        .path("processorSeconds")
                        .asDouble())
                .isPositive();
        assertThat(json.path("moments")).hasSizeGreaterThan(9);
        assertThat(Files.readString(directory.resolve("bench.svg"))).startsWith("<svg ");
    }

    @Test
    void shouldSayThatATopicIsMissing() {
        try (InProcessBroker broker = InProcessBroker.start()) {
            Run run = Run.kscribe(
                    "bench", "--channels", "1", "--model", "tiny", "--bootstrap-server", broker.bootstrapServers());

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).startsWith("kscribe: Topic audio.chunks does not exist");
        }
    }

    @Test
    void shouldRefuseImpossibleLoadsAsWrongUsage() {
        assertThat(Run.kscribe("bench").status()).isEqualTo(2);
        assertThat(Run.kscribe("bench", "--channels", "0").err())
                .startsWith("kscribe: There can be 1 to 100000 channels, not 0.");
        assertThat(Run.kscribe("bench", "--channels", "1", "--output", "bench.txt")
                        .status())
                .isEqualTo(2);
    }
}
