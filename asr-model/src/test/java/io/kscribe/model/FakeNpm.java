package io.kscribe.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A process that keeps to npm's interface: it packs one archive, or fails as npm fails. */
final class FakeNpm {

    private final Path directory;
    private final Path script;
    private final Path runs;

    FakeNpm(Path directory) {
        this.directory = directory;
        this.script = directory.resolve("npm.sh");
        this.runs = directory.resolve("runs.txt");
    }

    /** Leaves an archive with these entries where it is run. */
    NpmClient packing(Map<String, String> contentByEntry) throws IOException {
        Path archive = TestArchives.write(directory.resolve("packed.tgz"), contentByEntry);
        return running("cp '" + archive + "' ./package-1.0.0.tgz; echo '[]'");
    }

    /** Runs lines of shell. */
    NpmClient running(String shell) throws IOException {
        Files.writeString(script, "echo \"$@\" >> '" + runs + "'\n" + shell + "\n");
        return new NpmClient(List.of("sh", script.toString()));
    }

    static NpmClient missing() {
        return new NpmClient(List.of("no-such-npm-anywhere"));
    }

    /** The arguments of each run so far. */
    List<String> runs() throws IOException {
        return Files.exists(runs) ? Files.readAllLines(runs) : List.of();
    }
}
