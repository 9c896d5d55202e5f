package io.kscribe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.model.Checkpoint;
import io.kscribe.model.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpellingsTest {
    @TempDir
    Path checkpoint;

    @Test
    void shouldReadTheTableThatComesWithACheckpoint() throws Exception {
        write("{\"plough\": \"plow\"}");

        Spellings spellings = Spellings.of(checkpoint);

        assertThat(spellings.american("plough")).isEqualTo("plow");
        assertThat(spellings.american("horse")).isEqualTo("horse");
    }

    @Test
    void shouldDoWithoutATable() throws Exception {
        assertThat(Spellings.of(checkpoint)).isEqualTo(Spellings.none());
    }

    @Test
    void shouldRefuseATableThatIsNone() throws Exception {
        write("[\"plough\"]");

        assertThatThrownBy(() -> Spellings.of(checkpoint))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(
                        checkpoint.resolve(Checkpoint.SPELLINGS) + " is not an object of words and spellings: ");
    }

    private void write(String table) throws Exception {
        Files.writeString(checkpoint.resolve(Checkpoint.SPELLINGS), table);
    }
}
