package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.model.KscribeHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo with everything that belongs to it: broker, service, model, call. */
class DemoCommandIT {

    private static final List<String> SHARED = List.of("models", "compiled", "samples");

    @TempDir
    private Path directory;

    @Test
    void shouldShowTheWordsOfTheCallAndEndWhenTheyHaveComeBack() throws Exception {
        Run.kscribe("models", "pull", "tiny", "kennedy");
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                System.getProperty("kscribe.jar"),
                "demo",
                "--once",
                "--model",
                "tiny");
        Path home = homeOfItsOwn();
        builder.environment().put(KscribeHome.VARIABLE, home.toString());
        Process demo = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();

        String out = new String(demo.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(demo.waitFor()).isZero();
        for (String shared : SHARED) {
            Files.delete(home.resolve(shared));
        }
        String said = out.lines()
                .filter(line -> line.startsWith("["))
                .collect(Collectors.joining(" "))
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z ]", "");
        assertThat(said).contains("my fellow americans").contains("your country can do for you");
    }

    @Test
    void shouldNotStartABrokerForARecordingThatCannotBeRead() {
        Path missing = directory.resolve("missing.wav");

        Run run = Run.kscribe("demo", "--once", "--model", "tiny", "--call", missing.toString());

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines()).containsExactly("kscribe: " + missing + ": there is no such file.");
    }

    /** Another demo may be running in the usual home, whose broker's log only one can have; models are shared. */
    private Path homeOfItsOwn() throws IOException {
        Path home = Files.createDirectory(directory.resolve("home"));
        for (String folder : SHARED) {
            Files.createSymbolicLink(home.resolve(folder), KscribeHome.locate().resolve(folder));
        }
        return home;
    }
}
