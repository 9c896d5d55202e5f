package io.kscribe.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's doors, knocked at by a real client. */
class WebServerIT {

    private static final String KEY = "0123456789abcdef0123456789abcdef";

    /** A page that wants a key, one for everybody, one that takes what is sent to it, and a WebSocket. */
    private static final Routes ROUTES = server -> {
        server.routes.get("/page", request -> request.result("for " + request.attribute(WebServer.CLIENT)));
        server.routes.get("/open", request -> request.result("open"), Access.ANYBODY);
        server.routes.post("/page", request -> request.result(request.bodyAsBytes().length + " bytes"));
        server.routes.ws("/socket", socket -> socket.onMessage(message -> message.send(message.message())));
    };

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void shouldLetInWhoHasAKeyAndNobodyElse() throws Exception {
        try (WebServer server = WebServer.start(withKeys(), List.of(ROUTES))) {
            assertThat(get(server, "/page").statusCode()).isEqualTo(401);
            assertThat(get(server, "/page").headers().firstValue("WWW-Authenticate"))
                    .isPresent();
            assertThat(get(server, "/page", "X-Api-Key", KEY + "0").statusCode())
                    .isEqualTo(401);
            assertThat(get(server, "/page", "Authorization", "Basic !").statusCode())
                    .isEqualTo(401);
            assertThat(get(server, "/page", "X-Api-Key", KEY).body()).isEqualTo("for desk");
            assertThat(get(server, "/page", "Authorization", "Bearer " + KEY).body())
                    .isEqualTo("for desk");
            assertThat(get(server, "/page", "Authorization", "Basic " + base64("anybody:" + KEY))
                            .body())
                    .isEqualTo("for desk");
            assertThat(get(server, "/open").body()).isEqualTo("open");
            assertThat(get(server, "/nowhere").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void shouldLetWebSocketsInWithAKeyOnly() throws Exception {
        try (WebServer server = WebServer.start(withKeys(), List.of(ROUTES))) {
            assertThatThrownBy(() -> open(server, new Listener())).hasStackTraceContaining("401");

            Listener listener = new Listener();
            WebSocket socket = open(server, listener, "Authorization", "Bearer " + KEY);
            socket.sendText("hello", true).get();
            assertThat(listener.text.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
            socket.abort();
        }
    }

    @Test
    void shouldTurnAwayPagesOfOtherSites() throws Exception {
        WebSettings local = WebSettings.local(0);
        WebSettings settings = new WebSettings(
                local.host(), 0, null, local.keys(), Set.of("https://desk.example.com"), local.limits());
        try (WebServer server = WebServer.start(settings, List.of(ROUTES))) {
            assertThat(status(server, "Origin: https://evil.example.com")).isEqualTo(403);
            assertThat(status(server, "Origin: null")).isEqualTo(403);
            assertThat(status(server, "Origin: https://desk.example.com")).isEqualTo(200);
            assertThat(status(server, "Origin: http://localhost:" + server.port()))
                    .isEqualTo(200);
            assertThat(upgradeStatus(server, "Origin: https://evil.example.com"))
                    .isEqualTo(403);
            assertThat(upgradeStatus(server, "Origin: http://localhost:" + server.port()))
                    .isEqualTo(101);
        }
    }

    @Test
    void shouldNotAnswerToANameThatIsNotThisMachines() throws Exception {
        try (WebServer server = WebServer.start(WebSettings.local(0), List.of(ROUTES))) {
            assertThat(statusAs(server, "evil.example.com:" + server.port())).isEqualTo(403);
            assertThat(statusAs(server, "127.0.0.1:" + server.port())).isEqualTo(200);
            assertThat(statusAs(server, "[::1]:" + server.port())).isEqualTo(200);
        }
    }

    @Test
    void shouldLimitRequestsASecond() throws Exception {
        try (WebServer server =
                WebServer.start(limits(new WebLimits(100, 10, 5, 100, Duration.ofSeconds(10))), List.of(ROUTES))) {
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                statuses.add(get(server, "/open").statusCode());
            }
            assertThat(statuses).startsWith(200, 200, 200, 200, 200).contains(429);
        }
    }

    @Test
    void shouldLimitTheSizeOfARequest() throws Exception {
        try (WebServer server =
                WebServer.start(limits(new WebLimits(100, 10, 50, 100, Duration.ofSeconds(10))), List.of(ROUTES))) {
            assertThat(post(server, 100).body()).isEqualTo("100 bytes");
            assertThat(post(server, 101).statusCode()).isEqualTo(413);
        }
    }

    @Test
    void shouldLimitWebSocketsOfAClient() throws Exception {
        try (WebServer server =
                WebServer.start(limits(new WebLimits(100, 2, 50, 100, Duration.ofSeconds(10))), List.of(ROUTES))) {
            WebSocket first = open(server, new Listener());
            open(server, new Listener());
            Listener third = new Listener();
            open(server, third);
            assertThat(third.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1013);

            first.sendClose(WebSocket.NORMAL_CLOSURE, "").get();
            Listener fourth = new Listener();
            WebSocket instead = open(server, fourth);
            instead.sendText("hello", true).get();
            assertThat(fourth.text.get(10, TimeUnit.SECONDS)).isEqualTo("hello");
        }
    }

    @Test
    void shouldLimitConnections() throws Exception {
        try (WebServer server = WebServer.start(
                        limits(new WebLimits(2, 10, 50, 100, Duration.ofSeconds(10))), List.of(ROUTES));
                Socket first = connect(server);
                Socket second = connect(server);
                Socket third = connect(server)) {
            assertThat(statusOver(first, "GET /open HTTP/1.1", "Host: localhost"))
                    .isEqualTo(200);
            assertThat(statusOver(second, "GET /open HTTP/1.1", "Host: localhost"))
                    .isEqualTo(200);
            third.setSoTimeout(500);
            assertThatThrownBy(() -> statusOver(third, "GET /open HTTP/1.1", "Host: localhost"))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void shouldCloseWhatIsIdle() throws Exception {
        try (WebServer server =
                WebServer.start(limits(new WebLimits(100, 10, 50, 100, Duration.ofMillis(300))), List.of(ROUTES))) {
            Listener listener = new Listener();
            open(server, listener);
            assertThat(listener.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1001);
        }
    }

    @Test
    void shouldSayThatThePortIsTaken() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> WebServer.start(WebSettings.local(other.getLocalPort()), List.of()))
                    .isInstanceOf(WebException.PortTaken.class)
                    .hasMessage(
                            "Port " + other.getLocalPort() + " on 127.0.0.1 is taken: choose another, or 0 for any.");
        }
    }

    @Test
    void shouldSpeakTlsWithAKeyFromEitherKindOfFile() throws Exception {
        Path pkcs12 = keyStore();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(pkcs12)) {
            keys.load(in, "secret".toCharArray());
        }
        Path certificate = pem("CERTIFICATE", keys.getCertificate("server").getEncoded());
        Path key =
                pem("PRIVATE KEY", keys.getKey("server", "secret".toCharArray()).getEncoded());
        HttpClient trusting = trusting(keys);

        for (TlsIdentity identity :
                List.of(TlsIdentity.ofPkcs12(pkcs12, "secret"), TlsIdentity.ofPem(certificate, key))) {
            WebSettings local = WebSettings.local(0);
            WebSettings secure =
                    new WebSettings(local.host(), 0, identity, local.keys(), local.origins(), local.limits());
            try (WebServer server = WebServer.start(secure, List.of(ROUTES))) {
                assertThat(server.address().getScheme()).isEqualTo("https");
                HttpRequest request = HttpRequest.newBuilder(server.address().resolve("/open"))
                        .build();
                assertThat(trusting.send(request, BodyHandlers.ofString()).body())
                        .isEqualTo("open");
            }
        }
        assertThatThrownBy(() -> TlsIdentity.ofPkcs12(pkcs12, "wrong")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> TlsIdentity.ofPem(certificate, certificate))
                .isInstanceOf(WebException.class)
                .hasMessageContaining("has no key");
    }

    private WebSettings withKeys() throws Exception {
        Path file = Files.writeString(directory.resolve("keys"), "desk " + ApiKeysTest.hash(KEY));
        return new WebSettings(WebSettings.LOOPBACK, 0, null, ApiKeys.read(file), Set.of(), WebLimits.standard());
    }

    private static WebSettings limits(WebLimits limits) {
        return new WebSettings(WebSettings.LOOPBACK, 0, null, ApiKeys.none(), Set.of(), limits);
    }

    private HttpResponse<String> get(WebServer server, String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.address().resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> post(WebServer server, int bytes) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.address().resolve("/page"))
                .POST(BodyPublishers.ofByteArray(new byte[bytes]))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private WebSocket open(WebServer server, Listener listener, String... header) throws Exception {
        WebSocket.Builder builder = client.newWebSocketBuilder();
        if (header.length > 0) {
            builder.header(header[0], header[1]);
        }
        return builder.buildAsync(URI.create("ws://localhost:" + server.port() + "/socket"), listener)
                .get();
    }

    /** Java's client sets Host and Origin by itself, so these are said over a plain socket. */
    private static int status(WebServer server, String header) throws IOException {
        try (Socket socket = connect(server)) {
            return statusOver(socket, "GET /page HTTP/1.1", "Host: localhost:" + server.port(), header);
        }
    }

    private static int statusAs(WebServer server, String host) throws IOException {
        try (Socket socket = connect(server)) {
            return statusOver(socket, "GET /page HTTP/1.1", "Host: " + host);
        }
    }

    private static int upgradeStatus(WebServer server, String header) throws IOException {
        try (Socket socket = connect(server)) {
            return statusOver(
                    socket,
                    "GET /socket HTTP/1.1",
                    "Host: localhost:" + server.port(),
                    "Upgrade: websocket",
                    "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: " + base64("0123456789abcdef"),
                    header);
        }
    }

    private static Socket connect(WebServer server) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static int statusOver(Socket socket, String... lines) throws IOException {
        socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        byte[] answer = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
        String line = new String(answer, StandardCharsets.US_ASCII);
        if (!line.startsWith("HTTP/1.1 ")) {
            throw new IOException("no answer");
        }
        return Integer.parseInt(line.substring("HTTP/1.1 ".length()));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private Path keyStore() throws Exception {
        Path file = directory.resolve("server.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "secret")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        return file;
    }

    private Path pem(String what, byte[] encoded) throws IOException {
        return Files.writeString(
                directory.resolve(what.replace(' ', '-') + ".pem"),
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(encoded) + "\n-----END "
                        + what + "-----\n");
    }

    private static HttpClient trusting(KeyStore keys) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }

    /** Remembers the first text, and how the socket was closed. */
    private static final class Listener implements WebSocket.Listener {
        private final CompletableFuture<String> text = new CompletableFuture<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.complete(data.toString());
            socket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedFuture(null);
        }
    }
}
