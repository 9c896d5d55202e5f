package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {
    @TempDir
    private Path parent;

    @Test
    @EnabledOnOs(value = OS.LINUX, architectures = "amd64")
    void shouldUnpackTheLibrariesOfThePlatformOnce() throws Exception {
        Path directory = NativeLibraries.unpack(parent).orElseThrow();
        Path library = directory.resolve("libonnxruntime4j_jni.so");
        try (InputStream packed =
                NativeLibraries.class.getResourceAsStream("/ai/onnxruntime/native/linux-x64/libonnxruntime4j_jni.so")) {
            assertThat(packed).isNotNull();
            assertThat(library).hasBinaryContent(packed.readAllBytes());
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("libonnxruntime.so", "libonnxruntime4j_jni.so");
        }
        FileTime unpacked = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(library, unpacked);
        assertThat(NativeLibraries.unpack(parent)).contains(directory);
        assertThat(Files.getLastModifiedTime(library)).isEqualTo(unpacked);
    }
}
