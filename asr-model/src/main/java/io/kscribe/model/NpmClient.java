package io.kscribe.model;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Downloads packages by running the user's own {@code npm}, so that its registry, mirrors, proxies, certificates and
 * credentials are those that the user has configured. Of a package nothing is installed and no script is run.
 */
final class NpmClient {

    /** How long npm may take for one package before it is stopped. */
    static final Duration TIME_LIMIT = Duration.ofMinutes(30);

    private static final Duration TICK = Duration.ofMillis(200);
    private static final int MAX_REASON_CHARS = 300;

    private final List<String> command;

    /** @param command the words that start npm */
    NpmClient(List<String> command) {
        this.command = List.copyOf(command);
    }

    /** The {@code npm} found on the search path. */
    static NpmClient onPath() {
        boolean windows = System.getProperty("os.name", "").startsWith("Windows");
        return new NpmClient(List.of(windows ? "npm.cmd" : "npm"));
    }

    /** Says that npm could not be started at all. */
    static final class Missing extends IOException {

        private static final long serialVersionUID = 1L;

        Missing(IOException cause) {
            super(String.valueOf((cause.getCause() == null ? cause : cause.getCause()).getMessage()), cause);
        }
    }

    /**
     * Downloads one package.
     *
     * @param specification {@code name@version}
     * @param directory an existing, empty directory, where npm works
     * @param tick called a few times a second while npm works
     * @return the package, a gzipped tar archive in the directory
     * @throws Missing if npm cannot be started
     * @throws ModelException if npm says that it failed, with its own reason
     */
    Path pack(String specification, Path directory, Runnable tick) throws IOException, ModelException {
        Path output = directory.resolve("npm.out");
        Path errors = directory.resolve("npm.err");
        int status = run(specification, directory, output, errors, tick);
        if (status != 0) {
            throw new ModelException(
                    "npm could not fetch " + specification + ": " + reason(output, errors, "exit status " + status));
        }
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(directory, "*.tgz")) {
            for (Path archive : archives) {
                return archive;
            }
        }
        throw new ModelException("npm said that it fetched " + specification + ", but left no archive (.tgz)");
    }

    private int run(String specification, Path directory, Path output, Path errors, Runnable tick)
            throws IOException, ModelException {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of("pack", specification, "--json", "--loglevel=error", "--ignore-scripts"));
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.directory(directory.toFile());
        builder.redirectOutput(output.toFile());
        builder.redirectError(errors.toFile());
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new Missing(e);
        }
        try {
            process.getOutputStream().close();
            long started = System.nanoTime();
            while (!process.waitFor(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
                tick.run();
                if (System.nanoTime() - started > TIME_LIMIT.toNanos()) {
                    throw new ModelException("npm did not fetch " + specification + " within " + TIME_LIMIT.toMinutes()
                            + " minutes, so it was stopped");
                }
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while npm fetched " + specification);
        } finally {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    /** What {@code npm --json} gives as its error's summary, else the last line of its standard error. */
    private static String reason(Path output, Path errors, String otherwise) throws IOException {
        String reason = Stream.concat(
                        Files.readString(errors, StandardCharsets.ISO_8859_1)
                                .lines()
                                .filter(line -> !line.contains("complete log of this run")),
                        summary(output).lines().limit(1))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce(otherwise, (earlier, later) -> later);
        return reason.substring(0, Math.min(reason.length(), MAX_REASON_CHARS));
    }

    private static String summary(Path output) throws IOException {
        try {
            return new ObjectMapper()
                    .readTree(output.toFile())
                    .path("error")
                    .path("summary")
                    .asText();
        } catch (JacksonException e) {
            return "";
        }
    }
}
