package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KscribeTest {

    @Test
    void shouldNameEveryVersionThatMatters() {
        Run run = Run.kscribe("version");

        assertThat(run.status()).isZero();
        assertThat(run.out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).matches("kscribe \\d+\\.\\d+\\.\\d+\\S*"),
                        line -> assertThat(line).startsWith("Java " + Runtime.version()),
                        line -> assertThat(line).matches("ONNX Runtime \\d+\\.\\d+\\.\\d+"),
                        line -> assertThat(line).matches("Kafka \\d+\\.\\d+\\.\\d+"));
        assertThat(run.err()).isEmpty();
    }

    @Test
    void shouldAnswerTheVersionOptionLikeTheVersionCommand() {
        assertThat(Run.kscribe("--version").out())
                .isEqualTo(Run.kscribe("version").out());
    }

    @Test
    void shouldShowHelpOnStandardErrorWhenNothingIsAsked() {
        Run run = Run.kscribe();

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("Usage: kscribe ").contains("Commands:");
    }

    @Test
    void shouldShowHelpOnStandardOutputWhenItIsAskedFor() {
        Run run = Run.kscribe("--help");

        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("Usage: kscribe ").contains("version");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void shouldSuggestTheCommandThatWasMeant() {
        Run run = Run.kscribe("versoin");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().lines())
                .containsExactly(
                        "kscribe: Unknown command 'versoin'; did you mean 'version'?", "Try 'kscribe --help'.");
    }

    @Test
    void shouldRefuseAnUnknownOption() {
        Run run = Run.kscribe("version", "--zoom");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err().lines())
                .containsExactly("kscribe: Unknown option '--zoom'.", "Try 'kscribe version --help'.");
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldExplainEveryCommand(String command) {
        Run run = Run.kscribe(command, "--help");

        assertThat(run.status()).isZero();
        assertThat(run.out()).startsWith("Usage: kscribe " + command).contains("--help", "--verbose");
    }

    static List<String> commands() {
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
        return List.copyOf(Kscribe.commandLine(nowhere, nowhere, () -> Terminal.NONE)
                .getSubcommands()
                .keySet());
    }
}
