package io.kscribe.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SettingsLocationTest {
    private static final String ME = System.getProperty("user.name");

    @TempDir
    private Path directory;

    @Test
    void shouldTakeTheFileThatIsNamed() throws Exception {
        Files.writeString(directory.resolve("kscribe.yaml"), "");

        assertThat(SettingsLocation.find("/etc/kscribe/other.yaml", directory, ME))
                .contains(Path.of("/etc/kscribe/other.yaml"));
    }

    @Test
    void shouldTakeTheOneOfTheWorkingDirectoryIfThereIsOne() throws Exception {
        assertThat(SettingsLocation.find("", directory, ME)).isEmpty();

        Path file = Files.writeString(directory.resolve("kscribe.yaml"), "");

        assertThat(SettingsLocation.find("", directory, ME)).contains(file);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void shouldNotTrustWhatEverybodyMayWrite() throws Exception {
        Path file = Files.writeString(directory.resolve("kscribe.yaml"), "");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThatThrownBy(() -> SettingsLocation.find("", directory, ME))
                .isInstanceOf(SettingsException.class)
                .hasMessage("The working directory has a kscribe.yaml that everybody may write; "
                        + "give --config kscribe.yaml if it is meant.");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void shouldTrustRootAndTheUserOnly() throws Exception {
        Path file = Files.writeString(directory.resolve("kscribe.yaml"), "");
        String owner = Files.getOwner(file).getName();

        if (owner.equals("root")) {
            assertThat(SettingsLocation.find("", directory, "somebody")).contains(file);
        } else {
            assertThatThrownBy(() -> SettingsLocation.find("", directory, "somebody"))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("of the user " + owner);
        }
    }
}
