package io.kscribe.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A kscribe of its own, in a child process, from the classes on this JVM's class path. It ends with its standard input, so it never outlives
 * this process, however that ends.
 */
public final class ServiceProcess implements AutoCloseable {
    /** How long an orderly end may take before the process is killed. */
    public static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    private final Process process;

    private ServiceProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts a program, whose messages go to this one's standard error, and waits for the first line of its output, which says that it
     * is at work.
     *
     * @param jvmOptions of Java
     * @param mainClass the program
     * @param arguments the program's
     * @throws IOException if it ends without a line
     */
    public static ServiceProcess start(List<String> jvmOptions, String mainClass, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ServiceProcess service = new ServiceProcess(process);
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        if (out.readLine() == null) {
            service.close();
            throw new IOException("The service did not start; its message is above.");
        }
        return service;
    }

    public ProcessHandle process() {
        return process.toHandle();
    }

    /** Stops the process; kills it when it has not stopped within {@link #STOP_LIMIT}. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (IOException gone) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
