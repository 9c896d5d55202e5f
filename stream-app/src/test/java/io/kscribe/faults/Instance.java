package io.kscribe.faults;

import io.kscribe.cli.Kscribe;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An instance of the service in a process of its own: {@code kscribe serve}, started again and again. */
final class Instance {
    /** How long an orderly end may take: the service's own limit, and some. */
    private static final int STOP_LIMIT_SECONDS = 20;

    private final int number;
    private final String bootstrapServers;
    private final Path directory;
    private final boolean verbose;
    private @Nullable Process process;

    /**
     * An instance that is not started yet.
     *
     * @param verbose whether it tells more than warnings
     */
    Instance(int number, String bootstrapServers, Path directory, boolean verbose) {
        this.number = number;
        this.bootstrapServers = bootstrapServers;
        this.directory = directory;
        this.verbose = verbose;
    }

    void start() throws IOException {
        File log = directory.resolve("instance-" + number + ".log").toFile();
        // As on a small machine: threads and heaps of several instances share two processors with a broker and the
        // harness.
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        Kscribe.class.getName(),
                        "serve",
                        "--no-http",
                        "--bootstrap-server",
                        bootstrapServers,
                        "--model",
                        "tiny",
                        "--workers",
                        "1",
                        "--state-dir",
                        directory.resolve("state-" + number).toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log));
        if (verbose) {
            java.command().add("--verbose");
        }
        java.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        process = java.start();
    }

    void kill() {
        running().destroyForcibly().onExit().join();
    }

    /** Asks it to end; false if it had to be killed, or did not end as it should. */
    boolean stop() throws InterruptedException {
        Process stopped = running();
        stopped.destroy();
        boolean ended = stopped.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
        int status = stopped.destroyForcibly().waitFor();
        return ended && status == 0;
    }

    void pause() throws IOException, InterruptedException {
        signal("STOP");
    }

    void resume() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(running().pid()))
                .start()
                .waitFor();
    }

    boolean alive() {
        return process != null && process.isAlive();
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("instance " + number + " was never started");
        }
        return process;
    }

    @Override
    public String toString() {
        return "instance " + number;
    }
}
