package io.kscribe.gateway;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.UnauthorizedResponse;
import io.javalin.websocket.WsConfig;
import io.javalin.websocket.WsContext;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.StreamLimits;
import io.kscribe.web.Access;
import io.kscribe.web.Routes;
import io.kscribe.web.WebServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls come in: WebSockets of the web server's, and AudioSocket's connections, onto the audio topic.
 *
 * <p>What Kafka does not take is held up to {@linkplain GatewayLimits limits}; then clients are told in their protocol's words, and
 * what was lost is logged and counted. A connection that breaks does not end its call: it may come again, see {@link Calls}; the service
 * ends calls that do not.
 */
public final class Gateway implements Routes, MeterBinder, AutoCloseable {

    /** How long the last audio may take to get to Kafka when the gateway stops. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private static final String CONNECTION = "kscribe.connection";

    private final GatewaySettings settings;
    private final StreamLimits stream;
    private final GatewayContext context;
    private final @Nullable AudioSocketServer audioSocket;

    private Gateway(
            GatewaySettings settings,
            StreamLimits stream,
            GatewayContext context,
            @Nullable AudioSocketServer audioSocket) {
        this.settings = settings;
        this.stream = stream;
        this.context = context;
        this.audioSocket = audioSocket;
    }

    /**
     * Starts a gateway; it serves WebSockets when a {@link WebServer} has its routes.
     *
     * @param topic the audio topic
     * @param stream what the service behind the topic puts up with
     * @param feed where clients that want to know what was said hear of it
     * @throws IOException if AudioSocket cannot listen
     * @throws io.kscribe.stream.KafkaFailure if Kafka does not answer, refuses, or lacks the topic
     */
    public static Gateway start(
            KafkaConnection connection,
            String topic,
            GatewaySettings settings,
            StreamLimits stream,
            TranscriptFeed feed)
            throws IOException {
        ChunkSender sender = ChunkSender.open(connection, topic, settings.limits());
        GatewayContext context = new GatewayContext(
                settings.limits(), stream, settings.keepKeys(), sender, feed, InstantSource.system());
        try {
            AudioSocketServer audioSocket = settings.audioSocket().isEmpty()
                    ? null
                    : AudioSocketServer.start(settings.audioSocket().get(), context, settings);
            return new Gateway(settings, stream, context, audioSocket);
        } catch (IOException failed) {
            context.metrics().close();
            sender.close();
            throw failed;
        }
    }

    /** The port that AudioSocket listens at. */
    public OptionalInt audioSocketPort() {
        return audioSocket == null ? OptionalInt.empty() : OptionalInt.of(audioSocket.port());
    }

    @Override
    public void addTo(JavalinConfig server) {
        serve(server, "/v1/audio", Access.KEY, this::plain);
        serve(
                server,
                "/v1/twilio",
                settings.secrets().twilioToken().isEmpty() ? Access.KEY : Access.OWN_CHECK,
                socket -> new TwilioConversation(settings.roles(Protocol.TWILIO)));
        settings.secrets().twilioToken().ifPresent(token -> {
            TwilioSignature signature = new TwilioSignature(token, settings.publicUrl());
            server.routes.wsBeforeUpgrade("/v1/twilio", request -> checkTwilio(request, signature));
        });
        boolean signed = !settings.secrets().audioHookKeys().isEmpty();
        serve(server, "/v1/audiohook", signed ? Access.OWN_CHECK : Access.KEY, socket -> audioHook(socket, signed));
        if (signed) {
            AudioHookRequests requests =
                    new AudioHookRequests(settings.secrets().audioHookKeys(), context.clock());
            server.routes.wsBeforeUpgrade("/v1/audiohook", request -> checkAudioHook(request, requests));
        }
    }

    private void serve(
            JavalinConfig server, String path, Access access, Function<WsContext, Conversation> conversation) {
        server.routes.ws(path, socket -> serve(socket, conversation), access);
    }

    private void serve(WsConfig socket, Function<WsContext, Conversation> conversation) {
        socket.onConnect(opened -> {
            opened.session.setMaxTextMessageSize(context.limits().largestMessage());
            opened.session.setMaxBinaryMessageSize(context.limits().largestMessage());
            opened.session.setIdleTimeout(context.limits().callIdleTime());
            opened.attribute(
                    CONNECTION,
                    new CallConnection(
                            conversation.apply(opened),
                            new WebSocketLink(opened.session),
                            context,
                            "a WebSocket of " + opened.attribute(WebServer.CLIENT)));
        });
        socket.onMessage(message -> connection(message).text(message.message()));
        socket.onBinaryMessage(message -> connection(message).bytes(message.data()));
        socket.onClose(closed -> {
            CallConnection connection = closed.attribute(CONNECTION);
            if (connection != null) {
                connection.closed();
            }
        });
    }

    private static CallConnection connection(WsContext socket) {
        CallConnection connection = socket.attribute(CONNECTION);
        if (connection == null) {
            throw new IllegalStateException("a message of a WebSocket that was turned away");
        }
        return connection;
    }

    private Conversation plain(WsContext socket) {
        Map<String, String> query = new HashMap<>();
        socket.queryParamMap().forEach((name, values) -> query.put(name, values.isEmpty() ? "" : values.get(0)));
        return new PlainConversation(
                query,
                settings.roles(Protocol.PLAIN),
                stream.channels(),
                "call-" + UUID.randomUUID().toString().substring(0, 13));
    }

    private Conversation audioHook(WsContext socket, boolean signed) {
        String organization = signed ? String.valueOf(socket.header("Audiohook-Organization-Id")) : "";
        return new AudioHookConversation(settings.roles(Protocol.AUDIOHOOK), organization);
    }

    private static void checkAudioHook(Context request, AudioHookRequests requests) {
        if (!requests.isSigned(request)) {
            throw new UnauthorizedResponse("The signature is not AudioHook's, or too old.");
        }
    }

    private static void checkTwilio(Context request, TwilioSignature signature) {
        String said = String.valueOf(request.header("X-Twilio-Signature"));
        String query = request.queryString() == null ? "" : "?" + request.queryString();
        if (!signature.matches(String.valueOf(request.header("Host")), request.path() + query, said)) {
            throw new UnauthorizedResponse("The signature is not Twilio's.");
        }
    }

    /** What has been counted. */
    @Override
    public void bindTo(MeterRegistry registry) {
        context.metrics().bindTo(registry);
    }

    GatewayMetrics metrics() {
        return context.metrics();
    }

    /** Tells all clients, and waits a little until Kafka has what came. */
    @Override
    public void close() {
        List.copyOf(context.connections()).forEach(CallConnection::stop);
        if (audioSocket != null) {
            audioSocket.close();
        }
        context.sender().close(STOP_PATIENCE);
        context.metrics().close();
    }
}
