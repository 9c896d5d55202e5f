package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process may end while its threads decode. */
class NativeEnvironmentTest {
    @TempDir
    Path directory;

    @Test
    void shouldOutliveOnnxRuntimesShutdownHook() throws Exception {
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + directory.resolve("crash.log"),
                        EndWhileDecoding.class.getName(),
                        directory.toString())
                .redirectErrorStream(true);
        java.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = java.start();

        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(out).isZero();
        assertThat(out.strip()).isEqualTo(EndWhileDecoding.SAID);
    }
}
