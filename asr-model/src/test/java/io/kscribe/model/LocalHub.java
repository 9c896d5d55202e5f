package io.kscribe.model;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A web server on this machine that answers as the Hugging Face hub does: it serves small files itself and redirects weights
 * to a second server, where ranges can be asked for. Faults can be planned for the next answers.
 */
final class LocalHub implements AutoCloseable {

    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    /** What goes wrong with one answer that carries a file. */
    interface Fault {}

    /** The connection is closed after some bytes of the body. */
    record TornAfter(int bytes) implements Fault {}

    /** Nothing more comes after some bytes of the body. */
    record StalledAfter(int bytes) implements Fault {}

    /** The server answers with a status and nothing else. */
    record Status(int code) implements Fault {}

    /** What a server was asked. */
    record Request(
            String server,
            String method,
            String path,
            @Nullable String range,
            @Nullable String authorization) {}

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final Map<String, Queue<Fault>> faults = new ConcurrentHashMap<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private final HttpServer hub;
    private final HttpServer storage;
    private volatile @Nullable String requiredToken;
    private volatile @Nullable String falseSha256;

    LocalHub() throws IOException {
        hub = start(this::answerAsHub);
        storage = start(this::answerAsStorage);
    }

    private HttpServer start(HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", handler);
        server.setExecutor(executor);
        server.start();
        return server;
    }

    String endpoint() {
        return address(hub);
    }

    private static String address(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void put(String name, String content) {
        files.put(name, content.getBytes(StandardCharsets.UTF_8));
    }

    void remove(String name) {
        files.remove(name);
    }

    void requireToken(String token) {
        requiredToken = token;
    }

    /** Makes the hub tell a wrong hash of weights. */
    void claimSha256(String sha256) {
        falseSha256 = sha256;
    }

    /** The next answers that would carry this file go wrong, one fault an answer. */
    void plan(String name, Fault... next) {
        faults.computeIfAbsent(name, file -> new ConcurrentLinkedQueue<>()).addAll(Arrays.asList(next));
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    List<Request> requestsFor(String method, String name) {
        return requests.stream()
                .filter(request ->
                        request.method().equals(method) && request.path().endsWith("/" + name))
                .toList();
    }

    private void answerAsHub(HttpExchange exchange) throws IOException {
        note("hub", exchange);
        String[] path = exchange.getRequestURI().getPath().split("/", 6);
        Headers headers = exchange.getResponseHeaders();
        if (requiredToken != null
                && !("Bearer " + requiredToken)
                        .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            refuse(exchange, 401, "GatedRepo");
        } else if (!path[1].equals("openai") || !path[2].equals("whisper-test")) {
            refuse(exchange, 404, "RepoNotFound");
        } else if (!path[4].equals("main") && !path[4].equals(COMMIT)) {
            refuse(exchange, 404, "RevisionNotFound");
        } else if (!files.containsKey(path[5])) {
            refuse(exchange, 404, "EntryNotFound");
        } else {
            String name = path[5];
            byte[] content = files.getOrDefault(name, new byte[0]);
            headers.set("X-Repo-Commit", COMMIT);
            if (name.endsWith(".json")) {
                serve(exchange, name, content, "\"" + Sha256.ofText(name).substring(0, 40) + "\"");
            } else {
                String sha256 = falseSha256 != null ? falseSha256 : Sha256.hex(digest(content));
                headers.set("X-Linked-Etag", "\"" + sha256 + "\"");
                headers.set("X-Linked-Size", String.valueOf(content.length));
                headers.set("Location", address(storage) + "/blobs/" + name);
                exchange.sendResponseHeaders(302, -1);
                exchange.close();
            }
        }
    }

    private void answerAsStorage(HttpExchange exchange) throws IOException {
        note("storage", exchange);
        String name = exchange.getRequestURI().getPath().substring("/blobs/".length());
        byte[] content = files.getOrDefault(name, new byte[0]);
        serve(exchange, name, content, "\"" + Sha256.hex(digest(content)) + "\"");
    }

    private static MessageDigest digest(byte[] content) {
        MessageDigest digest = Sha256.digest();
        digest.update(content);
        return digest;
    }

    private void note(String server, HttpExchange exchange) {
        requests.add(new Request(
                server,
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                exchange.getRequestHeaders().getFirst("Range"),
                exchange.getRequestHeaders().getFirst("Authorization")));
    }

    private static void refuse(HttpExchange exchange, int status, String code) throws IOException {
        exchange.getResponseHeaders().set("X-Error-Code", code);
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private void serve(HttpExchange exchange, String name, byte[] content, String tag) throws IOException {
        Headers headers = exchange.getResponseHeaders();
        headers.set("ETag", tag);
        if (exchange.getRequestMethod().equals("HEAD")) {
            headers.set("Content-Length", String.valueOf(content.length));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
            return;
        }
        Fault fault = Optional.ofNullable(faults.get(name)).map(Queue::poll).orElse(null);
        if (fault instanceof Status status) {
            exchange.sendResponseHeaders(status.code(), -1);
            exchange.close();
            return;
        }
        int first = firstByte(exchange, tag);
        if (first > 0) {
            headers.set("Content-Range", "bytes " + first + "-" + (content.length - 1) + "/" + content.length);
        }
        exchange.sendResponseHeaders(first > 0 ? 206 : 200, content.length - first);
        send(exchange, Arrays.copyOfRange(content, first, content.length), fault);
    }

    private static int firstByte(HttpExchange exchange, String tag) {
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null || !tag.equals(exchange.getRequestHeaders().getFirst("If-Range"))) {
            return 0;
        }
        return Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    }

    private void send(HttpExchange exchange, byte[] bytes, @Nullable Fault fault) throws IOException {
        OutputStream body = exchange.getResponseBody();
        if (fault instanceof TornAfter torn) {
            body.write(bytes, 0, torn.bytes());
            body.flush();
        } else if (fault instanceof StalledAfter stalled) {
            body.write(bytes, 0, stalled.bytes());
            body.flush();
            awaitClosing();
        } else {
            body.write(bytes);
        }
        exchange.close();
    }

    private void awaitClosing() {
        try {
            closing.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        hub.stop(0);
        storage.stop(0);
        executor.shutdownNow();
    }
}
