package io.kscribe.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Genesys' end of an AudioHook session over a real socket: signs its request, numbers its messages, hears what the server says. */
final class AudioHookClient implements AutoCloseable {
    static final String ORGANIZATION = "d7934305-0972-4844-938e-9060eef73d05";

    private final String session = UUID.randomUUID().toString();
    private final TestSocket socket;
    private int seq;
    private int heard;

    /**
     * Connects.
     *
     * @param key of the API
     * @param secret that the request is signed with
     */
    AudioHookClient(URI uri, String key, byte[] secret) throws Exception {
        Map<String, String> signed = new LinkedHashMap<>();
        signed.put("@request-target", uri.getPath());
        signed.put("@authority", uri.getAuthority());
        signed.put("audiohook-organization-id", ORGANIZATION);
        signed.put("audiohook-session-id", session);
        signed.put("audiohook-correlation-id", UUID.randomUUID().toString());
        signed.put("x-api-key", key);
        StringBuilder base = new StringBuilder();
        signed.forEach((name, value) ->
                base.append('"').append(name).append("\": ").append(value).append('\n'));
        String parameters = "(\"" + String.join("\" \"", signed.keySet()) + "\");keyid=\"" + key
                + "\";nonce=\"VGhpc0lzQVVuaXF1ZU5vbmNl\";alg=\"hmac-sha256\";created="
                + Instant.now().getEpochSecond() + ";expires="
                + Instant.now().plusSeconds(10).getEpochSecond();
        base.append("\"@signature-params\": ").append(parameters);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        String signature =
                Base64.getEncoder().encodeToString(mac.doFinal(base.toString().getBytes(StandardCharsets.UTF_8)));
        socket = TestSocket.open(
                uri,
                "Audiohook-Organization-Id",
                ORGANIZATION,
                "Audiohook-Session-Id",
                session,
                "Audiohook-Correlation-Id",
                signed.get("audiohook-correlation-id"),
                "X-API-KEY",
                key,
                "Signature-Input",
                "sig1=" + parameters,
                "Signature",
                "sig1=:" + signature + ":");
    }

    /** Opens the session: both channels as PCMU, transcripts wanted. */
    void open(String call) throws Exception {
        say(
                "open",
                "{\"organizationId\":\"" + ORGANIZATION + "\",\"conversationId\":\"" + call
                        + "\",\"participant\":{\"id\":\"p\",\"ani\":\"+15550100\"},\"customConfig\":{\"transcripts\":true},"
                        + "\"language\":\"en-US\",\"media\":[{\"type\":\"audio\",\"format\":\"PCMU\","
                        + "\"channels\":[\"external\",\"internal\"],\"rate\":8000}]}");
        hear("opened");
    }

    void send(byte[] audio) throws Exception {
        socket.send(audio);
    }

    void say(String type, String parameters) throws Exception {
        socket.send("{\"version\":\"2\",\"id\":\"" + session + "\",\"type\":\"" + type + "\",\"seq\":" + ++seq
                + ",\"serverseq\":" + heard + ",\"position\":\"PT0S\",\"parameters\":" + parameters + "}");
    }

    /** The next message of a type. */
    JsonNode hear(String type) throws Exception {
        JsonNode message =
                Json.object(socket.await("\"type\":\"" + type + "\"")).orElseThrow();
        heard = message.get("seq").asInt();
        return message.get("parameters");
    }

    /** The next final that has been transcribed of a channel. */
    JsonNode hearFinal(String channel) throws Exception {
        while (true) {
            JsonNode data = hear("event").at("/entities/0/data");
            if (data.get("isFinal").asBoolean() && data.get("channel").asText().equals(channel)) {
                return data;
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
