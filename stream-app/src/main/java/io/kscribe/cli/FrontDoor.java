package io.kscribe.cli;

import io.kscribe.gateway.Gateway;
import io.kscribe.gateway.GatewaySettings;
import io.kscribe.gateway.TailedTranscripts;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.Topics;
import io.kscribe.web.WebException;
import io.kscribe.web.WebServer;
import io.kscribe.web.WebSettings;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.OptionalInt;

/** The web server of a command, with all that it serves: the gateway. */
final class FrontDoor implements AutoCloseable {

    private final TailedTranscripts transcripts;
    private final Gateway gateway;
    private final WebServer server;

    private FrontDoor(TailedTranscripts transcripts, Gateway gateway, WebServer server) {
        this.transcripts = transcripts;
        this.gateway = gateway;
        this.server = server;
    }

    /**
     * Opens the door.
     *
     * @param otherPort whether any port will do when the wanted one is taken
     * @throws IOException if it cannot be opened, in a sentence
     */
    static FrontDoor open(
            KafkaConnection connection,
            Topics topics,
            AllLimits limits,
            WebSettings web,
            GatewaySettings calls,
            boolean otherPort)
            throws IOException {
        TailedTranscripts transcripts = new TailedTranscripts(connection, topics.transcripts(), topics.partials());
        Gateway gateway = Gateway.start(connection, topics.audio(), calls, limits.stream(), transcripts);
        try {
            return new FrontDoor(transcripts, gateway, start(web, gateway, otherPort));
        } catch (IOException | RuntimeException failed) {
            gateway.close();
            transcripts.close();
            throw failed;
        }
    }

    private static WebServer start(WebSettings web, Gateway gateway, boolean otherPort) throws IOException {
        try {
            return WebServer.start(web, List.of(gateway));
        } catch (WebException.PortTaken taken) {
            if (!otherPort) {
                throw new IOException(taken.getMessage() + " --http-port does, --no-http does without.", taken);
            }
            return WebServer.start(
                    new WebSettings(web.host(), 0, web.tls(), web.keys(), web.origins(), web.limits()),
                    List.of(gateway));
        }
    }

    /** Where the web server is. */
    URI address() {
        return server.address();
    }

    /** The port that AudioSocket listens at. */
    OptionalInt audioSocketPort() {
        return gateway.audioSocketPort();
    }

    /** Where calls come in, for a person. */
    String sentence() {
        String web = "calls come in at " + address() + "/v1/audio, /v1/twilio, /v1/audiohook";
        return audioSocketPort().isEmpty()
                ? web
                : web + ", and AudioSocket's at port " + audioSocketPort().getAsInt();
    }

    @Override
    public void close() {
        gateway.close();
        server.close();
        transcripts.close();
    }
}
