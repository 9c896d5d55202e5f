package io.kscribe.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.model.ModelException;
import io.kscribe.testing.SafetensorsWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsReaderTest {
    private static final String EMBEDDING = "decoder.embed_tokens.weight";

    @TempDir
    private Path directory;

    @Test
    void shouldLeaveOutTheModelsPrefix() throws Exception {
        write("model.safetensors", "model.encoder.conv1.bias", 1, 2);
        assertThat(weight("encoder.conv1.bias")).containsExactly(1, 2);
    }

    @Test
    void shouldReadNamesThatHaveNoPrefix() throws Exception {
        write("model.safetensors", "encoder.conv1.bias", 1, 2);
        assertThat(weight("encoder.conv1.bias")).containsExactly(1, 2);
    }

    @Test
    void shouldReadShards() throws Exception {
        write("one.safetensors", "model.a", 1, 2);
        write("two.safetensors", "model.b", 3, 4);
        index("{\"model.a\": \"one.safetensors\", \"model.b\": \"two.safetensors\"}");
        assertThat(SafetensorsReader.canRead(directory)).isTrue();
        assertThat(weight("a")).containsExactly(1, 2);
        assertThat(weight("b")).containsExactly(3, 4);
    }

    @Test
    void shouldPreferTheOneFileToTheShards() throws Exception {
        write("model.safetensors", "model.a", 1, 2);
        index("{\"model.a\": \"gone.safetensors\"}");
        assertThat(weight("a")).containsExactly(1, 2);
    }

    @Test
    void shouldNameTheShardThatLacksATensor() throws Exception {
        write("one.safetensors", "model.a", 1, 2);
        index("{\"model.b\": \"one.safetensors\"}");
        assertThatThrownBy(() -> SafetensorsReader.read(directory))
                .isInstanceOf(ModelException.class)
                .hasMessage(directory.resolve("one.safetensors") + " has no tensor 'model.b'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gone.safetensors", "../model.safetensors", ""})
    void shouldRefuseAShardThatIsNoFileBesideTheIndex(String shard) throws Exception {
        index("{\"model.a\": \"" + shard + "\"}");
        assertThatThrownBy(() -> SafetensorsReader.read(directory))
                .isInstanceOf(ModelException.class)
                .hasMessage(directory.resolve("model.safetensors.index.json")
                        + " says that tensor 'model.a' is in \"" + shard
                        + "\", expected the name of a file beside it");
    }

    @Test
    void shouldRefuseATornIndex() throws Exception {
        Files.writeString(directory.resolve("model.safetensors.index.json"), "{\"weight_map\": ");
        assertThatThrownBy(() -> SafetensorsReader.read(directory))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(
                        directory.resolve("model.safetensors.index.json") + " cannot be read as JSON: ");
    }

    @Test
    void shouldTakeTheProjectionForTheEmbeddingThatItIs() throws Exception {
        write("model.safetensors", "proj_out.weight", 1, 2);
        assertThat(weight(EMBEDDING)).containsExactly(1, 2);
    }

    @Test
    void shouldTakeAnEmbeddingThatIsThereTwice() throws Exception {
        new SafetensorsWriter("F16")
                .tensor("model." + EMBEDDING, new float[] {1, 2}, 2)
                .tensor("proj_out.weight", new float[] {1, 2}, 2)
                .write(directory.resolve("model.safetensors"));
        assertThat(weight(EMBEDDING)).containsExactly(1, 2);
    }

    @Test
    void shouldRefuseAProjectionOfItsOwn() throws Exception {
        new SafetensorsWriter("F32")
                .tensor("model." + EMBEDDING, new float[] {1, 2}, 2)
                .tensor("proj_out.weight", new float[] {1, 2.5f}, 2)
                .write(directory.resolve("model.safetensors"));
        assertThatThrownBy(() -> SafetensorsReader.read(directory))
                .isInstanceOf(ModelException.class)
                .hasMessage("tensors 'proj_out.weight' and 'decoder.embed_tokens.weight' differ; a Whisper model scores"
                        + " tokens with the table that it looks them up in");
    }

    private void write(String file, String tensor, float... values) throws Exception {
        new SafetensorsWriter("F32").tensor(tensor, values, values.length).write(directory.resolve(file));
    }

    private void index(String map) throws Exception {
        Files.writeString(directory.resolve("model.safetensors.index.json"), "{\"weight_map\": " + map + "}");
    }

    private float[] weight(String name) throws Exception {
        return SafetensorsReader.read(directory).get(name, 2).values();
    }
}
