package io.kscribe.web;

import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.HttpStatus;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one web server of a kscribe process, over HTTP or HTTPS. It knows who may come in ({@link Doorman}) and how much they may do
 * ({@link WebLimits}); what they find inside is the {@link Routes}' business.
 */
public final class WebServer implements AutoCloseable {

    /** An attribute of each request and WebSocket: the name of the key that it came with, or its address where there are no keys. */
    public static final String CLIENT = Doorman.CLIENT;

    /** Nobody's handler blocks for long, so few threads serve many connections. */
    private static final int THREADS = 64;

    /** Closes a WebSocket that is one too many: "try again later" (IANA's registry of close codes). */
    private static final int TRY_AGAIN_LATER = 1013;

    /** Closes a WebSocket whose handler failed (RFC 6455, section 7.4.1). */
    private static final int INTERNAL_ERROR = 1011;

    private static final Logger log = LoggerFactory.getLogger(WebServer.class);

    private final Javalin javalin;
    private final WebSettings settings;

    private WebServer(Javalin javalin, WebSettings settings) {
        this.javalin = javalin;
        this.settings = settings;
    }

    /**
     * Starts the server.
     *
     * @param contributions what it serves
     * @throws WebException.PortTaken if another process listens at the port
     * @throws WebException if it cannot be started with these settings
     */
    public static WebServer start(WebSettings settings, List<Routes> contributions)
            throws WebException, WebException.PortTaken {
        Doorman doorman = new Doorman(settings, System::nanoTime);
        Javalin javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.http.maxRequestSize = settings.limits().largestRequest();
            listen(config, settings);
            config.routes.beforeMatched(doorman::check);
            config.routes.wsBeforeUpgrade(doorman::check);
            config.routes.before(request ->
                    request.header("X-Content-Type-Options", "nosniff").header("Referrer-Policy", "no-referrer"));
            limitSockets(config, settings.limits());
            failQuietly(config);
            contributions.forEach(routes -> routes.addTo(config));
        });
        try {
            javalin.start();
        } catch (JavalinBindException taken) {
            throw new WebException.PortTaken(settings.host(), settings.port(), taken);
        } catch (JavalinException failed) {
            Throwable cause = failed.getCause() == null ? failed : failed.getCause();
            throw new WebException("The web server cannot start: " + cause.getMessage(), failed);
        }
        return new WebServer(javalin, settings);
    }

    /** Where clients connect. */
    public URI address() {
        String scheme = settings.tls() == null ? "http" : "https";
        String host = settings.host().equals(WebSettings.LOOPBACK) ? "localhost" : settings.host();
        return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port());
    }

    /** The port that it listens at. */
    public int port() {
        return javalin.port();
    }

    /** Closes all connections. */
    @Override
    public void close() {
        javalin.stop();
    }

    private static void listen(JavalinConfig config, WebSettings settings) {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS);
        threads.setName("kscribe-web");
        threads.setDaemon(true);
        config.jetty.threadPool = threads;
        config.jetty.addConnector((server, http) -> {
            ServerConnector connector = connector(server, http, settings.tls());
            connector.setHost(settings.host());
            connector.setPort(settings.port());
            connector.setIdleTimeout(settings.limits().webIdleTime().toMillis());
            return connector;
        });
        config.jetty.modifyServer(server ->
                server.addBean(new NetworkConnectionLimit(settings.limits().webConnections(), server)));
        config.jetty.modifyWebSocketServletFactory(
                sockets -> sockets.setIdleTimeout(settings.limits().webIdleTime()));
    }

    private static ServerConnector connector(Server server, HttpConfiguration http, @Nullable TlsIdentity tls) {
        if (tls == null) {
            return new ServerConnector(server, new HttpConnectionFactory(http));
        }
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setKeyStore(tls.keys());
        context.setKeyStorePassword(tls.password());
        context.setKeyManagerPassword(tls.password());
        // Clients that connect by address, or by a name that the certificate lacks, find out by themselves.
        http.addCustomizer(new SecureRequestCustomizer(false));
        return new ServerConnector(server, context, new HttpConnectionFactory(http));
    }

    /** Closes WebSockets of a client that has too many; the handlers behind do not hear of them. */
    private static void limitSockets(JavalinConfig config, WebLimits limits) {
        Map<String, Integer> open = new ConcurrentHashMap<>();
        config.routes.wsBefore(sockets -> {
            sockets.onConnect(socket -> {
                String client = client(socket.attribute(CLIENT));
                int now = open.merge(client, 1, Integer::sum);
                if (now > limits.webSocketsPerKey()) {
                    String sentence = "More than " + limits.webSocketsPerKey() + " WebSockets are open.";
                    socket.closeSession(TRY_AGAIN_LATER, sentence);
                    throw new TooMany(client + ": " + sentence);
                }
            });
            sockets.onClose(socket -> open.computeIfPresent(
                    client(socket.attribute(CLIENT)), (name, number) -> number == 1 ? null : number - 1));
        });
        config.routes.wsException(TooMany.class, (refused, socket) -> log.info("{}", refused.getMessage()));
    }

    /** A request that fails says nothing of why to its client, and all of it to the log. */
    private static void failQuietly(JavalinConfig config) {
        config.routes.exception(Exception.class, (failure, request) -> {
            log.warn("{} {} failed", request.method(), request.path(), failure);
            request.status(HttpStatus.INTERNAL_SERVER_ERROR)
                    .result("This should not have happened; the log says more.");
        });
        config.routes.wsException(Exception.class, (failure, socket) -> {
            log.debug("A WebSocket failed", failure);
            socket.closeSession(INTERNAL_ERROR, "This should not have happened; the log says more.");
        });
    }

    private static String client(@Nullable Object attribute) {
        return String.valueOf(attribute);
    }

    private static final class TooMany extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooMany(String sentence) {
            super(sentence);
        }
    }
}
