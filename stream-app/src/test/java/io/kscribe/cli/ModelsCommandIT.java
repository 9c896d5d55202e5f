package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.model.KscribeHome;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The model cache by the command line. */
class ModelsCommandIT {

    @Test
    void shouldPullAModelAndItsCompiledGraphs() {
        Run run = Run.kscribe("models", "pull", "tiny");

        assertThat(run.status()).isZero();
        List<String> places = run.out().lines().toList();
        assertThat(places)
                .hasSize(2)
                .allSatisfy(place -> assertThat(Path.of(place)).isAbsolute().isDirectory());
        assertThat(Path.of(places.get(1), "encoder.onnx")).exists();
        assertThat(Path.of(places.get(1), "decoder.onnx")).exists();
    }

    @Test
    void shouldListWhatThereIsAndWhatThereCouldBe() {
        Run.kscribe("models", "pull", "tiny", "kennedy");

        Run run = Run.kscribe("models", "list");

        assertThat(run.status()).isZero();
        assertThat(run.out().lines().findFirst()).hasValue("home: " + KscribeHome.locate());
        assertThat(run.out().lines())
                .anyMatch(line -> line.matches("tiny +\\d+\\.\\d MB  checkpoint +" + KscribeHome.locate() + ".*"))
                .anyMatch(line -> line.matches("kennedy +0\\.4 MB .*"))
                .anyMatch(line -> line.startsWith("base "))
                .anyMatch(line -> line.startsWith("small "));
    }

    @Test
    void shouldVerifyAModelAndSayWhatItWasCompiledTo() {
        assertThat(Run.kscribe("models", "pull", "tiny").status()).isZero();

        Run run = Run.kscribe("models", "verify", "tiny");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .startsWith("whole    tiny")
                .contains(
                        "    model       tiny",
                        "    parameters  37760640",
                        "    encoder     4 layers of 6 heads, int8-rowwise",
                        "    decoder     4 layers of 6 heads, int8-rowwise, words timed by 6 heads")
                .anyMatch(line -> line.startsWith("whole    compiled "))
                .anyMatch(line -> line.matches(" {4}[0-9a-f]{64} {2}decoder\\.onnx"));
        assertThat(run.status()).isZero();
    }

    @Test
    void shouldSayThatThereIsNoSuchThing() {
        for (String command : List.of("pull", "verify")) {
            Run run = Run.kscribe("models", command, "tinny");

            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines())
                    .hasSize(1)
                    .first()
                    .asString()
                    .startsWith("kscribe: ")
                    .contains("tinny");
        }
    }

    @Test
    void shouldAskForACommand() {
        Run run = Run.kscribe("models");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).startsWith("kscribe: A command is missing: list, pull or verify.");
    }
}
