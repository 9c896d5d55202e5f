package io.kscribe.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Fetches one file and goes on where an earlier attempt was torn, be it of this process or of one before. Bytes gather in
 * {@code NAME.part}; {@code NAME.etag} says of which version of the file they are. The rest is asked for on the condition
 * that the server still has that version (RFC 9110, 13.1.5 If-Range and 14.2 Range); if not, it sends the new one whole.
 */
final class ResumableDownload {

    /** How long a file may be whose length the server does not tell. */
    static final long MAX_UNTOLD_BYTES = 16L << 30;

    private static final int COPY_BYTES = 1 << 16;

    private final HubClient hub;
    private final RemoteFile file;
    private final Path target;
    private final Path part;
    private final Path tag;

    ResumableDownload(HubClient hub, RemoteFile file, Path target) {
        this.hub = hub;
        this.file = file;
        this.target = target;
        this.part = target.resolveSibling(target.getFileName() + ".part");
        this.tag = target.resolveSibling(target.getFileName() + ".etag");
    }

    /**
     * Fetches the file and verifies what the hub told of it.
     *
     * @param stallLimit how long the server may send nothing
     * @param advanced told how many of the file's bytes are there
     * @throws ModelException if patience ends, if the server refuses, or if the file is not what the hub said it is
     */
    void run(Patience patience, Duration stallLimit, LongConsumer advanced) throws IOException, ModelException {
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        long furthest = partBytes();
        while (true) {
            try {
                receive(stallLimit, advanced);
                break;
            } catch (IOException e) {
                long reached = partBytes();
                patience.after(e, reached > furthest);
                furthest = Math.max(furthest, reached);
            }
        }
        verify();
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(tag);
    }

    private void receive(Duration stallLimit, LongConsumer advanced) throws IOException, ModelException {
        Optional<String> version = Files.exists(tag) ? Optional.of(Files.readString(tag)) : Optional.empty();
        long have = version.isPresent() ? partBytes() : 0;
        Map<String, String> conditions =
                have == 0 ? Map.of() : Map.of("Range", "bytes=" + have + "-", "If-Range", version.orElseThrow());
        try (HubClient.Answer answer = hub.ask("GET", file.address(), conditions)) {
            switch (answer.status()) {
                case 200 -> {
                    forget();
                    remember(answer);
                    append(answer, 0, stallLimit, advanced);
                }
                case 206 -> {
                    requireRangeFrom(have, answer);
                    append(answer, have, stallLimit, advanced);
                }
                case 416 -> {
                    forget();
                    throw new IOException("the server has no bytes from " + have + " on");
                }
                default -> throw hub.refusal(file.request(), answer);
            }
        }
    }

    /** A strong entity tag makes it possible to go on later; without one a torn file begins again. */
    private void remember(HubClient.Answer answer) throws IOException {
        Optional<String> strong = answer.header("ETag").filter(text -> text.startsWith("\""));
        if (strong.isPresent()) {
            Files.writeString(tag, strong.get());
        }
    }

    private void forget() throws IOException {
        Files.deleteIfExists(part);
        Files.deleteIfExists(tag);
    }

    private void requireRangeFrom(long firstByte, HubClient.Answer answer) throws IOException {
        String range = answer.header("Content-Range").orElse("nothing");
        if (!range.startsWith("bytes " + firstByte + "-")) {
            forget();
            throw new IOException("the server was asked for bytes from " + firstByte + " on and sent " + range);
        }
    }

    private void append(HubClient.Answer answer, long offset, Duration stallLimit, LongConsumer advanced)
            throws IOException, ModelException {
        long limit = file.sizeBytes() >= 0 ? file.sizeBytes() : MAX_UNTOLD_BYTES;
        long bytes = offset;
        try (InputStream body = new StallGuard(answer.body(), stallLimit);
                OutputStream out = Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            byte[] buffer = new byte[COPY_BYTES];
            advanced.accept(bytes);
            for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                bytes += count;
                if (bytes > limit) {
                    forget();
                    throw new ModelException(file.request() + " is longer than the " + limit + " bytes expected");
                }
                out.write(buffer, 0, count);
                advanced.accept(bytes);
            }
        }
    }

    private void verify() throws IOException, ModelException {
        if (file.sizeBytes() >= 0 && partBytes() != file.sizeBytes()) {
            throw wrong(file.sizeBytes() + " bytes", partBytes() + " bytes");
        }
        if (file.sha256().isPresent()) {
            String found = Sha256.ofFile(part);
            if (!found.equals(file.sha256().get())) {
                throw wrong("SHA-256 " + file.sha256().get(), found);
            }
        }
    }

    private ModelException wrong(String expected, String got) throws IOException {
        forget();
        return new ModelException(
                file.request() + " is not what the hub said it is: expected " + expected + ", got " + got);
    }

    private long partBytes() throws IOException {
        return Files.exists(part) ? Files.size(part) : 0;
    }
}
