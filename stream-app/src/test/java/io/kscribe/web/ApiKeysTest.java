package io.kscribe.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeysTest {

    @TempDir
    private Path directory;

    @Test
    void shouldKnowKeysByTheirHashes() throws Exception {
        ApiKeys keys = ApiKeys.read(
                file("# who may call\n\ndialer " + hash("first") + "\ndesk\t" + hash("second") + " # two\n"));

        assertThat(keys.areRequired()).isTrue();
        assertThat(keys.nameOf("first")).contains("dialer");
        assertThat(keys.nameOf("second")).contains("desk");
        assertThat(keys.nameOf("third")).isEmpty();
        assertThat(keys.nameOf(hash("first"))).isEmpty();
        assertThat(keys.nameOf("")).isEmpty();
    }

    @Test
    void shouldNameTheLineThatIsNoKeyButNotSayWhatIsInIt() throws Exception {
        Path file = file("dialer " + hash("first") + "\ndesk a-key-in-the-clear\n");

        assertThatThrownBy(() -> ApiKeys.read(file))
                .isInstanceOf(WebException.class)
                .hasMessageStartingWith("Line 2 of " + file + " is no API key")
                .hasMessageNotContaining("a-key-in-the-clear");
    }

    @Test
    void shouldNotTakeAnEmptyFileForNoKeysNeeded() throws Exception {
        Path file = file("# nobody\n");

        assertThatThrownBy(() -> ApiKeys.read(file)).hasMessageContaining("has no API keys");
        assertThat(ApiKeys.none().areRequired()).isFalse();
    }

    private Path file(String lines) throws IOException {
        return Files.writeString(directory.resolve("keys"), lines);
    }

    static String hash(String key) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
    }
}
