package io.kscribe.registry;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A real schema registry in a process of its own: Apicurio's, as it is published, with its memory for a database. */
public final class RegistryProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final HttpClient http = HttpClient.newHttpClient();
    private final String url;
    private final Process process;

    private RegistryProcess(String url, Process process) {
        this.url = url;
        this.process = process;
    }

    /** Starts a registry and waits until it answers. */
    public static RegistryProcess start() throws IOException, InterruptedException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-jar",
                        runner().toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        RegistryProcess registry = new RegistryProcess("http://127.0.0.1:" + port, process);
        try {
            Awaitility.await()
                    .atMost(START_LIMIT)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> {
                        if (!process.isAlive()) {
                            throw new IllegalStateException("the registry ended with status " + process.exitValue());
                        }
                        return registry.get("/apis/registry/v3/system/info").contains("version");
                    });
            return registry;
        } catch (RuntimeException failed) {
            registry.close();
            throw failed;
        }
    }

    private static Path runner() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("kscribe.test.registry")))) {
            return files.filter(file -> file.toString().endsWith("-runner.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** Where it is. */
    public String url() {
        return url;
    }

    /** What it answers to a question. */
    public String get(String path) throws IOException, InterruptedException {
        return answer(HttpRequest.newBuilder(URI.create(url + path)).build());
    }

    /** What it answers when it is told something, as Confluent's clients do. */
    public String post(String path, String body) throws IOException, InterruptedException {
        return answer(HttpRequest.newBuilder(URI.create(url + path))
                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private String answer(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException(request.uri() + " answered " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
