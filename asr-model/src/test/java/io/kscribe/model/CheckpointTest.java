package io.kscribe.model;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class CheckpointTest {

    private static final Path DIRECTORY = Path.of("/models/tiny").toAbsolutePath();
    private static final String SHA_256 = "0123456789abcdef".repeat(4);

    @Test
    void shouldRefuseABlankName() {
        assertThatThrownBy(() -> new Checkpoint(" ", DIRECTORY, SHA_256)).hasMessageContaining("name");
    }

    @Test
    void shouldRefuseARelativeDirectory() {
        assertThatThrownBy(() -> new Checkpoint("tiny", Path.of("models"), SHA_256))
                .hasMessageContaining("absolute, got models");
    }

    @Test
    void shouldRefuseWhatIsNoSha256() {
        assertThatThrownBy(() -> new Checkpoint("tiny", DIRECTORY, "cafe")).hasMessageContaining("got cafe");
        assertThatThrownBy(() -> new Checkpoint("tiny", DIRECTORY, SHA_256.toUpperCase(Locale.ROOT)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
