package io.kscribe.cli;

import io.kscribe.console.Console;
import io.kscribe.gateway.Gateway;
import io.kscribe.gateway.GatewaySettings;
import io.kscribe.gateway.TailedTranscripts;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.Topics;
import io.kscribe.web.Routes;
import io.kscribe.web.WebException;
import io.kscribe.web.WebServer;
import io.kscribe.web.WebSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The web server of a command, with all that it serves: the gateway, through which calls come in, and the console, which shows them. */
final class FrontDoor implements MeterBinder, AutoCloseable {

    /** What is open, the last first. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private final @Nullable Gateway gateway;
    private final @Nullable Console console;
    private final WebServer server;

    /**
     * Opens the door.
     *
     * @param wanted which parts, and whether any port will do when the one wanted is taken
     * @throws IOException if it cannot be opened, in a sentence
     */
    FrontDoor(
            KafkaConnection connection,
            Topics topics,
            AllLimits limits,
            WebOptions wanted,
            WebSettings web,
            GatewaySettings calls,
            boolean otherPort)
            throws IOException {
        List<Routes> routes = new ArrayList<>();
        boolean done = false;
        try {
            if (wanted.gatewayIsWanted()) {
                TailedTranscripts transcripts =
                        opened(new TailedTranscripts(connection, topics.transcripts(), topics.partials()));
                gateway = opened(Gateway.start(connection, topics.audio(), calls, limits.stream(), transcripts));
                routes.add(gateway);
            } else {
                gateway = null;
            }
            if (wanted.consoleIsWanted()) {
                console = opened(Console.start(connection, topics, limits.console()));
                routes.add(console);
            } else {
                console = null;
            }
            server = start(web, routes, otherPort);
            done = true;
        } finally {
            if (!done) {
                closeAll();
            }
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    private static WebServer start(WebSettings web, List<Routes> routes, boolean otherPort) throws IOException {
        try {
            return WebServer.start(web, routes);
        } catch (WebException.PortTaken taken) {
            if (!otherPort) {
                throw new IOException(taken.getMessage() + " --http-port does, --no-http does without.", taken);
            }
            return WebServer.start(
                    new WebSettings(web.host(), 0, web.tls(), web.keys(), web.origins(), web.limits()), routes);
        }
    }

    /** Where the web server is. */
    URI address() {
        return server.address();
    }

    /** The port that AudioSocket listens at. */
    OptionalInt audioSocketPort() {
        return gateway == null ? OptionalInt.empty() : gateway.audioSocketPort();
    }

    /** What is where, for a person. */
    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        if (console != null) {
            sentences.add("Calls are shown at " + address());
        }
        if (gateway != null) {
            sentences.add("Calls come in at " + address() + "/v1/audio, /v1/twilio, /v1/audiohook"
                    + (audioSocketPort().isEmpty()
                            ? ""
                            : ", and AudioSocket's at port " + audioSocketPort().getAsInt()));
        }
        return sentences;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        if (gateway != null) {
            gateway.bindTo(registry);
        }
        if (console != null) {
            console.bindTo(registry);
        }
    }

    /** Ends connections with a word of why before the server goes. */
    @Override
    public void close() {
        closeAll();
        server.close();
    }

    private void closeAll() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
