package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogsTest {

    @Test
    void shouldWriteAnObjectALineForPrograms() throws Exception {
        String line = firstLineOfTheLog("json");

        JsonNode event = new ObjectMapper().readTree(line);
        assertThat(event.path("level").asText()).isEqualTo("WARN");
        assertThat(event.path("formattedMessage").asText()).isEqualTo("c1: lost");
        assertThat(event.at("/kvpList/0/call").asText()).isEqualTo("c1");
        assertThat(event.path("timestamp").isNumber()).isTrue();
    }

    @Test
    void shouldWriteTextForPeople() throws Exception {
        assertThat(firstLineOfTheLog("text")).endsWith("WARN  LogsTest: c1: lost");
    }

    /** Of a process of its own, whose log is nobody else's. */
    private static String firstLineOfTheLog(String format) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        format)
                .redirectErrorStream(true)
                .start();
        String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return log.lines().findFirst().orElseThrow();
    }

    /** Logs one event. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) {
            Logs.format(Logs.Format.valueOf(args[0].toUpperCase(Locale.ROOT)));
            LoggerFactory.getLogger(LogsTest.class)
                    .atWarn()
                    .addKeyValue("call", "c1")
                    .log("{}: lost", "c1");
        }
    }
}
