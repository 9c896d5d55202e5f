package io.kscribe.cli;

import static io.kscribe.cli.Run.kscribe;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ModelsCommandIT {

    @Test
    void shouldVerifyAModelAndSayWhatItWasCompiledTo() {
        assertThat(kscribe("models", "pull", "tiny").status()).isZero();

        Run run = kscribe("models", "verify", "tiny");

        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines())
                .startsWith("whole    tiny")
                .contains(
                        "    model       tiny",
                        "    parameters  37760640",
                        "    encoder     4 layers of 6 heads, int8-rowwise",
                        "    decoder     4 layers of 6 heads, int8-blockwise, words timed by 6 heads")
                .anyMatch(line -> line.startsWith("whole    compiled "))
                .anyMatch(line -> line.matches(" {4}[0-9a-f]{64} {2}decoder\\.onnx"));
        assertThat(run.status()).isZero();
    }
}
