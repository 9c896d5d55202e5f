package io.kscribe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.model.LocalHub.StalledAfter;
import io.kscribe.model.LocalHub.Status;
import io.kscribe.model.LocalHub.TornAfter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Fetches checkpoints over HTTP from a server on this machine that speaks as the hub does. */
@Timeout(60)
class HubTest {

    private static final String MODEL = "hf:openai/whisper-test";
    private static final String ENCODER = "onnx/encoder_model.onnx";
    private static final String DECODER = "onnx/decoder_model_merged.onnx";
    private static final String WEIGHTS = "0123456789".repeat(100_000);

    @TempDir
    Path home;

    private LocalHub hub;

    @BeforeEach
    void startHub() throws Exception {
        hub = new LocalHub();
        CheckpointLayout.DESCRIPTIONS.forEach(name -> hub.put(name, "{\"of\": \"" + name + "\"}"));
        hub.put(ENCODER, WEIGHTS);
        hub.put(DECODER, "decoder");
    }

    @AfterEach
    void stopHub() {
        hub.close();
    }

    @Test
    void shouldFetchACheckpointOnce() throws Exception {
        Checkpoint checkpoint = store().checkpoint(MODEL);
        assertThat(checkpoint.name()).isEqualTo(MODEL);
        assertThat(checkpoint.directory().resolve(ENCODER)).hasContent(WEIGHTS);
        assertThat(checkpoint.directory().resolve(DECODER)).hasContent("decoder");
        assertThat(checkpoint.directory().resolve("tokenizer.json")).hasContent("{\"of\": \"tokenizer.json\"}");

        int requests = hub.requests().size();
        assertThat(store().checkpoint(MODEL)).isEqualTo(checkpoint);
        assertThat(hub.requests()).hasSize(requests);
    }

    @Test
    void shouldTakeAllFilesFromTheCommitThatTheBranchWasAt() throws Exception {
        store().checkpoint(MODEL);
        assertThat(hub.requests())
                .filteredOn(request ->
                        request.method().equals("GET") && request.server().equals("hub"))
                .hasSize(6)
                .allMatch(request -> request.path().contains("/resolve/" + LocalHub.COMMIT + "/"));
    }

    @Test
    void shouldTakeATableOfSpellingsIfThereIsOne() throws Exception {
        hub.put(Checkpoint.SPELLINGS, "{}");
        Checkpoint checkpoint = store().checkpoint(MODEL);
        assertThat(checkpoint.directory().resolve(Checkpoint.SPELLINGS)).hasContent("{}");
        assertThat(store().verify(MODEL)).isEmpty();
    }

    @Test
    void shouldListVerifyAndRepairWhatItFetched() throws Exception {
        ModelStore store = store();
        Path directory = store.checkpoint(MODEL).directory();
        assertThat(store.list()).extracting(ModelEntry::name).containsExactly(MODEL);
        assertThat(store.verify(MODEL)).isEmpty();

        Files.writeString(directory.resolve(DECODER), "DECODER");
        assertThat(store.verify(MODEL))
                .containsExactly(
                        new Damage(directory.resolve(DECODER), Sha256.ofText("decoder"), Sha256.ofText("DECODER")));
        store.pull(MODEL);
        assertThat(store.verify(MODEL)).isEmpty();
    }

    @Test
    void shouldGiveAFetchedCheckpointTheHashOfTheSameDirectory() throws Exception {
        Checkpoint checkpoint = store().checkpoint(MODEL);
        assertThat(store().checkpoint(checkpoint.directory().toString()).sha256())
                .isEqualTo(checkpoint.sha256());
    }

    @Test
    void shouldContinueATornDownloadWhereItEnded() throws Exception {
        hub.plan(ENCODER, new TornAfter(300_000), new TornAfter(200_000));
        Checkpoint checkpoint = store().checkpoint(MODEL);
        assertThat(checkpoint.directory().resolve(ENCODER)).hasContent(WEIGHTS);

        List<LocalHub.Request> requests = hub.requestsFor("GET", "blobs/" + ENCODER);
        assertThat(requests).hasSize(3);
        assertThat(requests.get(0).range()).isNull();
        assertThat(firstByte(requests.get(1))).isPositive().isLessThanOrEqualTo(300_000);
        assertThat(firstByte(requests.get(2)))
                .isGreaterThan(firstByte(requests.get(1)))
                .isLessThanOrEqualTo(500_000);
    }

    @Test
    void shouldContinueWhatAnEarlierProcessLeft() throws Exception {
        LocalHub.Fault[] tornTooOften = new LocalHub.Fault[1 + Patience.MAX_FAILURES];
        tornTooOften[0] = new TornAfter(400_000);
        for (int i = 1; i < tornTooOften.length; i++) {
            tornTooOften[i] = new TornAfter(0);
        }
        hub.plan(ENCODER, tornTooOften);
        ModelStore store = store();
        assertThatThrownBy(() -> store.checkpoint(MODEL)).isInstanceOf(ModelException.class);
        assertThat(store.list()).isEmpty();
        int before = hub.requestsFor("GET", "blobs/" + ENCODER).size();

        assertThat(store().checkpoint(MODEL).directory().resolve(ENCODER)).hasContent(WEIGHTS);
        assertThat(firstByte(hub.requestsFor("GET", "blobs/" + ENCODER).get(before)))
                .isPositive();
    }

    @Test
    void shouldBeginAgainWhenTheFileChangedInBetween() throws Exception {
        hub.plan(
                ENCODER,
                new TornAfter(400_000),
                new TornAfter(0),
                new TornAfter(0),
                new TornAfter(0),
                new TornAfter(0));
        assertThatThrownBy(() -> store().checkpoint(MODEL)).isInstanceOf(ModelException.class);

        int before = hub.requestsFor("GET", "blobs/" + ENCODER).size();
        String newWeights = "abcdefghij".repeat(90_000);
        hub.put(ENCODER, newWeights);
        assertThat(store().checkpoint(MODEL).directory().resolve(ENCODER)).hasContent(newWeights);
        assertThat(firstByte(hub.requestsFor("GET", "blobs/" + ENCODER).get(before)))
                .isPositive();
    }

    @Test
    void shouldLeaveNothingBehindOnceADownloadIsWhole() throws Exception {
        hub.plan(ENCODER, new TornAfter(300_000));
        store().checkpoint(MODEL);
        try (Stream<Path> files = Files.walk(home)) {
            assertThat(files.filter(Files::isRegularFile).map(Path::toString))
                    .noneMatch(name -> name.endsWith(".part") || name.endsWith(".etag"))
                    .noneMatch(name -> name.contains("downloads"));
        }
    }

    @Test
    void shouldGiveUpADownloadThatStallsAndContinueIt() throws Exception {
        hub.plan(ENCODER, new StalledAfter(300_000));
        HubSettings impatient =
                new HubSettings(hub.endpoint(), Optional.empty(), Duration.ofMillis(200), Duration.ZERO);
        assertThat(store(impatient).checkpoint(MODEL).directory().resolve(ENCODER))
                .hasContent(WEIGHTS);
        assertThat(hub.requestsFor("GET", "blobs/" + ENCODER)).hasSize(2);
    }

    @Test
    void shouldTryAgainWhenTheServerIsBusy() throws Exception {
        hub.plan("config.json", new Status(503), new Status(429), new Status(500));
        assertThat(store().checkpoint(MODEL).directory().resolve("config.json")).exists();
        assertThat(hub.requestsFor("GET", "config.json")).hasSize(4);
    }

    @Test
    void shouldGiveUpAServerThatStaysBusy() {
        hub.plan("config.json", new Status(503), new Status(503), new Status(503), new Status(503), new Status(503));
        assertThatThrownBy(() -> store().checkpoint(MODEL))
                .isInstanceOf(ModelException.class)
                .hasMessage(MODEL + " config.json could not be fetched, 5 attempts failed, the last with: 127.0.0.1"
                        + " answered HTTP 503");
        assertThat(hub.requestsFor("GET", "config.json")).hasSize(5);
    }

    @Test
    void shouldSayThatTheHubCannotBeReached() {
        HubSettings nobody =
                new HubSettings("http://127.0.0.1:1", Optional.empty(), Duration.ofSeconds(1), Duration.ZERO);
        assertThatThrownBy(() -> store(nobody).checkpoint(MODEL))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(
                        MODEL + " config.json could not be fetched, 5 attempts failed, the last with: ");
    }

    @Test
    void shouldSayThatTheHubHasNoSuchModelOrRevision() {
        assertThatThrownBy(() -> store().checkpoint("hf:openai/wisper"))
                .isInstanceOf(ModelException.class)
                .hasMessage("hf:openai/wisper config.json cannot be had: the hub has no such model");
        assertThatThrownBy(() -> store().checkpoint(MODEL + "@v9"))
                .isInstanceOf(ModelException.class)
                .hasMessage(MODEL + "@v9 config.json cannot be had: the hub has no such revision");
    }

    @Test
    void shouldNameTheFilesThatAModelLacks() {
        hub.remove("tokenizer.json");
        hub.remove(DECODER);
        assertThatThrownBy(() -> store().checkpoint(MODEL))
                .isInstanceOf(ModelException.class)
                .hasMessage(MODEL + " is not a whole checkpoint, it lacks tokenizer.json, "
                        + CheckpointLayout.WEIGHTS_IN_WORDS);
        assertThat(hub.requests()).noneMatch(request -> request.method().equals("GET"));
    }

    @Test
    void shouldAskForATokenWhereOneIsNeeded() {
        hub.requireToken("secret");
        assertThatThrownBy(() -> store().checkpoint(MODEL))
                .isInstanceOf(ModelException.class)
                .hasMessage(MODEL + " config.json cannot be had: it does not exist or is not public; set HF_TOKEN to a"
                        + " token that may read it");
        assertThatThrownBy(() -> store(withToken("wrong")).checkpoint(MODEL))
                .isInstanceOf(ModelException.class)
                .hasMessage(MODEL + " config.json cannot be had: the hub does not let the token in HF_TOKEN read it");
    }

    @Test
    void shouldShowTheTokenToTheHubAlone() throws Exception {
        hub.requireToken("secret");
        store(withToken("secret")).checkpoint(MODEL);
        assertThat(hub.requests())
                .filteredOn(request -> request.server().equals("storage"))
                .isNotEmpty()
                .allMatch(request -> request.authorization() == null);
    }

    @Test
    void shouldRefuseAFileThatIsNotWhatTheHubSaysItIs() throws Exception {
        hub.claimSha256("f".repeat(64));
        ModelStore store = store();
        assertThatThrownBy(() -> store.checkpoint(MODEL))
                .isInstanceOf(ModelException.class)
                .hasMessage(MODEL + " " + ENCODER + " is not what the hub said it is: expected SHA-256 "
                        + "f".repeat(64) + ", got " + Sha256.ofText(WEIGHTS));
        assertThat(store.list()).isEmpty();
    }

    @Test
    void shouldFallBackToQuantizedWeightsThenToSafetensors() throws Exception {
        hub.remove(DECODER);
        hub.put("model.safetensors", "tensors");
        assertThat(store().checkpoint(MODEL).directory().resolve("model.safetensors"))
                .hasContent("tensors");

        hub.put("onnx/encoder_model_quantized.onnx", "encoder8");
        hub.put("onnx/decoder_model_merged_quantized.onnx", "decoder8");
        Path other = store().checkpoint(MODEL + "@" + LocalHub.COMMIT).directory();
        assertThat(other.resolve("onnx/encoder_model_quantized.onnx")).hasContent("encoder8");
        assertThat(other.resolve("model.safetensors")).doesNotExist();
    }

    @Test
    void shouldFetchTheWeightsThatALargeGraphKeepsBesideIt() throws Exception {
        hub.put(ENCODER + "_data", "large");
        assertThat(store().checkpoint(MODEL).directory().resolve(ENCODER + "_data"))
                .hasContent("large");
    }

    @Test
    void shouldFetchTheFilesThatAnIndexNames() throws Exception {
        hub.remove(ENCODER);
        hub.put(
                CheckpointLayout.SAFETENSORS_INDEX,
                "{\"weight_map\": {\"a\": \"model-1-of-2.safetensors\", \"b\": \"model-2-of-2.safetensors\"}}");
        hub.put("model-1-of-2.safetensors", "one");
        assertThatThrownBy(() -> store().checkpoint(MODEL))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("its index names 2 files, of which the hub has 1");

        hub.put("model-2-of-2.safetensors", "two");
        assertThat(store().checkpoint(MODEL).directory().resolve("model-2-of-2.safetensors"))
                .hasContent("two");
    }

    @Test
    void shouldRefuseAnIndexThatNamesAFileElsewhere() {
        hub.remove(ENCODER);
        hub.put(CheckpointLayout.SAFETENSORS_INDEX, "{\"weight_map\": {\"a\": \"../../evil.safetensors\"}}");
        assertThatThrownBy(() -> store().checkpoint(MODEL))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("names the file \"../../evil.safetensors\"");
    }

    @Test
    void shouldTellHowADownloadGoes() throws Exception {
        hub.remove(ENCODER);
        hub.put(CheckpointLayout.SAFETENSORS_INDEX, "{\"weight_map\": {\"a\": \"model-1-of-1.safetensors\"}}");
        hub.put("model-1-of-1.safetensors", WEIGHTS);
        Listener listener = new Listener();
        Path directory =
                new ModelStore(home, listener, new Catalogue(List.of()), FakeNpm.missing(), settings()).pull(MODEL);
        long total = FileTrees.sizeBytes(directory) - Files.size(directory.resolve("SHA256SUMS"));
        assertThat(listener.told).containsExactly("start " + MODEL + " " + total, "done " + total);
    }

    @Test
    void shouldRefuseAnEndpointThatIsNoAddress() {
        HubSettings bad = new HubSettings("hub.example", Optional.empty(), Duration.ofSeconds(1), Duration.ZERO);
        assertThatThrownBy(() -> store(bad).checkpoint(MODEL))
                .isInstanceOf(ModelException.class)
                .hasMessage("HF_ENDPOINT is \"hub.example\", expected an address that begins with https://");
    }

    private static final class Listener implements DownloadProgress {

        private final List<String> told = new ArrayList<>();
        private long lastBytes;

        @Override
        public void start(String name, long totalBytes) {
            told.add("start " + name + " " + totalBytes);
        }

        @Override
        public void advanced(long bytes) {
            assertThat(told).as("told of an advance after the start").hasSize(1);
            lastBytes = bytes;
        }

        @Override
        public void done() {
            told.add("done " + lastBytes);
        }
    }

    private ModelStore store() {
        return store(settings());
    }

    private ModelStore store(HubSettings settings) {
        return new ModelStore(home, DownloadProgress.SILENT, new Catalogue(List.of()), FakeNpm.missing(), settings);
    }

    private HubSettings settings() {
        return new HubSettings(hub.endpoint(), Optional.empty(), Duration.ofSeconds(30), Duration.ZERO);
    }

    private HubSettings withToken(String token) {
        return new HubSettings(hub.endpoint(), Optional.of(token), Duration.ofSeconds(30), Duration.ZERO);
    }

    private static int firstByte(LocalHub.Request request) {
        String range = String.valueOf(request.range());
        return Integer.parseInt(range.replaceAll("bytes=([0-9]+)-", "$1"));
    }
}
