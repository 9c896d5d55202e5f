package io.kscribe.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.model.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlignmentHeadTest {
    private static final WhisperConfig CONFIG = new WhisperConfig(64, 80, 2, 4, 256, 3, 2, 256, 300, 1500, 448);

    @TempDir
    private Path directory;

    @Test
    void shouldReadTheNamedHeadsInTheOrderOfLayers() throws Exception {
        assertThat(read("{\"alignment_heads\": [[2, 0], [1, 1], [1, 0]]}"))
                .containsExactly(new AlignmentHead(1, 0), new AlignmentHead(1, 1), new AlignmentHead(2, 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"alignment_heads\": null}",
                "{\"alignment_heads\": []}",
                "{\"alignment_heads\": [[1, 0], [25, 6]]}",
                "{\"alignment_heads\": [[2, 1], [1, 2]]}"
            })
    void shouldTakeTheUpperHalfWhereNoneOrATeachersAreNamed(String generation) throws Exception {
        assertThat(read(generation))
                .containsExactly(
                        new AlignmentHead(1, 0),
                        new AlignmentHead(1, 1),
                        new AlignmentHead(2, 0),
                        new AlignmentHead(2, 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1]", "[-1,0]", "[\"a\",0]", "7"})
    void shouldRefuseWhatIsNoHead(String pair) {
        assertThatThrownBy(() -> read("{\"alignment_heads\": [" + pair + "]}"))
                .isInstanceOf(ModelException.class)
                .hasMessage(directory.resolve("generation_config.json") + " names the alignment head " + pair
                        + ", expected the numbers of a layer and a head");
    }

    private List<AlignmentHead> read(String generation) throws Exception {
        Files.writeString(directory.resolve("generation_config.json"), generation);
        return AlignmentHead.read(directory, CONFIG);
    }
}
