package io.kscribe.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Fills a directory with a checkpoint of a Hugging Face hub. All files are taken from one commit. They gather in a
 * directory of their own, which outlives a failure or a crash, so that the next attempt continues.
 */
final class HubSource {

    private final HubClient hub;
    private final Path downloads;
    private final DownloadProgress progress;

    /** @param downloads where unfinished downloads are kept, on the file system of the directories that are filled */
    HubSource(HubClient hub, Path downloads, DownloadProgress progress) {
        this.hub = hub;
        this.downloads = downloads;
        this.progress = progress;
    }

    /** @throws ModelException if the hub cannot be reached, refuses, or lacks a file that a checkpoint needs */
    void fill(HubReference reference, Path directory) throws IOException, ModelException {
        Path gathering = reference.below(downloads);
        Optional<RemoteFile> config = hub.find(reference, reference.revision(), CheckpointLayout.CONFIG);
        String revision = config.flatMap(RemoteFile::commit).orElse(reference.revision());
        List<RemoteFile> files = find(reference, revision, gathering);
        long totalBytes = files.stream().anyMatch(file -> file.sizeBytes() < 0)
                ? DownloadProgress.UNKNOWN_BYTES
                : files.stream().mapToLong(RemoteFile::sizeBytes).sum();
        progress.start(reference.toString(), totalBytes);
        try {
            long before = 0;
            for (RemoteFile file : files) {
                long start = before;
                before += fetch(file, gathering.resolve(file.name()), bytes -> progress.advanced(start + bytes));
            }
            for (RemoteFile file : files) {
                Path target = directory.resolve(file.name());
                Files.createDirectories(Objects.requireNonNull(target.getParent()));
                Files.move(gathering.resolve(file.name()), target, StandardCopyOption.ATOMIC_MOVE);
            }
            FileTrees.delete(gathering);
        } catch (IOException | ModelException | RuntimeException e) {
            progress.failed();
            throw e;
        }
        progress.done();
    }

    private long fetch(RemoteFile file, Path target, LongConsumer advanced) throws IOException, ModelException {
        if (!isThere(file, target)) {
            FileTrees.delete(target);
            hub.fetch(file, target, advanced);
        }
        long sizeBytes = Files.size(target);
        advanced.accept(sizeBytes);
        return sizeBytes;
    }

    private static boolean isThere(RemoteFile file, Path target) throws IOException {
        return file.sha256().isPresent()
                && Files.isRegularFile(target)
                && Sha256.ofFile(target).equals(file.sha256().get());
    }

    private List<RemoteFile> find(HubReference reference, String revision, Path gathering)
            throws IOException, ModelException {
        List<RemoteFile> files = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String name : CheckpointLayout.DESCRIPTIONS) {
            hub.find(reference, revision, name).ifPresentOrElse(files::add, () -> missing.add(name));
        }
        List<RemoteFile> weights = findWeights(reference, revision, gathering);
        if (weights.isEmpty()) {
            missing.add(CheckpointLayout.WEIGHTS_IN_WORDS);
        }
        if (!missing.isEmpty()) {
            throw new ModelException(reference + " is not a whole checkpoint, it lacks " + String.join(", ", missing));
        }
        files.addAll(weights);
        files.addAll(findAll(reference, revision, CheckpointLayout.EXTRAS));
        return files;
    }

    private List<RemoteFile> findWeights(HubReference reference, String revision, Path gathering)
            throws IOException, ModelException {
        for (List<String> names : CheckpointLayout.WEIGHTS) {
            List<RemoteFile> found = findAll(reference, revision, names);
            if (found.size() == names.size()) {
                found.addAll(findFurtherWeights(reference, revision, found, gathering));
                return found;
            }
        }
        return List.of();
    }

    private List<RemoteFile> findFurtherWeights(
            HubReference reference, String revision, List<RemoteFile> weights, Path gathering)
            throws IOException, ModelException {
        RemoteFile first = weights.get(0);
        if (!first.name().equals(CheckpointLayout.SAFETENSORS_INDEX)) {
            return findAll(
                    reference,
                    revision,
                    weights.stream()
                            .map(RemoteFile::name)
                            .filter(name -> name.endsWith(".onnx"))
                            .map(CheckpointLayout::externalData)
                            .toList());
        }
        Path index = gathering.resolve(first.name());
        fetch(first, index, bytes -> {});
        List<String> names = CheckpointLayout.shards(index);
        List<RemoteFile> shards = findAll(reference, revision, names);
        if (shards.size() < names.size()) {
            throw new ModelException(reference + " lacks weights: its index names " + names.size()
                    + " files, of which the hub has " + shards.size());
        }
        return shards;
    }

    private List<RemoteFile> findAll(HubReference reference, String revision, List<String> names)
            throws IOException, ModelException {
        List<RemoteFile> found = new ArrayList<>();
        for (String name : names) {
            hub.find(reference, revision, name).ifPresent(found::add);
        }
        return found;
    }
}
