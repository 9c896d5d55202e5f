package io.kscribe.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kscribe.gateway.CallEvent.Begin;
import io.kscribe.gateway.CallEvent.End;
import io.kscribe.gateway.CallEvent.HangUp;
import io.kscribe.gateway.CallEvent.KeyPress;
import io.kscribe.gateway.CallEvent.Refuse;
import io.kscribe.gateway.CallEvent.Say;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Role;
import io.kscribe.stream.CallOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Metadata as a JSON object, then audio in binary messages. Everything that the metadata can say the address can, too, as a query
 * parameter.
 *
 * <p>Who says {@code "type": "start"} knows us, and is answered: {@code started}, {@code ack} with how far Kafka has the audio,
 * {@code error}, {@code stopped}. FreeSWITCH's audio fork, which sends whatever the dial plan says, and Vonage
 * ({@code "event": "websocket:connected"}, {@code "content-type": "audio/l16;rate=16000"}) are not, since they would not understand.
 */
final class PlainConversation implements Conversation {

    private static final int DEFAULT_PCM_RATE_HZ = 16_000;
    private static final Pattern RATE = Pattern.compile("rate=(\\d{1,6})");

    private final Map<String, String> query;
    private final List<Role> roles;
    private final int mostChannels;
    private final String newCallId;
    private @Nullable CallStart start;
    private @Nullable Interleaved interleaved;
    private boolean answered;
    private boolean ended;
    private long upToMillis;

    /**
     * A conversation that begins.
     *
     * @param query the address's parameters
     * @param roles who is on channel 0, 1, ...; empty for the usual ones
     * @param mostChannels channels that a call may have
     * @param newCallId for a call that brings none
     */
    PlainConversation(Map<String, String> query, List<Role> roles, int mostChannels, String newCallId) {
        this.query = Map.copyOf(query);
        this.roles = List.copyOf(roles);
        this.mostChannels = mostChannels;
        this.newCallId = newCallId;
    }

    @Override
    public List<CallEvent> text(String message) {
        Optional<JsonNode> object = Json.object(message);
        if (object.isEmpty()) {
            return List.of(new Refuse(CloseCodes.INVALID_PAYLOAD, "A text message is no JSON object."));
        }
        if (start == null) {
            return begin(object.get());
        }
        String type = Json.text(object.get(), "type", "event").orElse("");
        return switch (type.replaceFirst("^websocket:", "")) {
            case "dtmf" ->
                Json.text(object.get(), "digit")
                        .<List<CallEvent>>map(digit -> List.of(new KeyPress(digit)))
                        .orElse(List.of());
            case "stop" -> end();
            case "ping" -> List.of(new Say("{\"type\":\"pong\"}"));
            default -> List.of();
        };
    }

    @Override
    public List<CallEvent> bytes(ByteBuffer message) {
        List<CallEvent> events = new ArrayList<>();
        if (start == null) {
            // Audio at once: the address must have said all there is to say.
            events.addAll(begin(Json.object()));
        }
        if (interleaved != null && !ended) {
            events.addAll(interleaved.split(message));
        }
        return events;
    }

    private List<CallEvent> begin(JsonNode metadata) {
        answered = Json.text(metadata, "type").filter("start"::equals).isPresent();
        try {
            CallStart made = start(metadata);
            start = made;
            interleaved = new Interleaved(made.lines().size(), made.format().sampleBytes());
            upToMillis = made.position() == null ? 0 : made.position().toMillis();
            List<CallEvent> events = new ArrayList<>(List.of(new Begin(made)));
            if (answered) {
                ObjectNode started = say("started").put("call", made.callId());
                events.add(new Say(started.put("channels", made.lines().size())
                        .put("position", upToMillis)
                        .toString()));
            }
            return events;
        } catch (IllegalArgumentException wrong) {
            return List.of(new Refuse(CloseCodes.POLICY, String.valueOf(wrong.getMessage())));
        }
    }

    private CallStart start(JsonNode metadata) {
        int channels = whole(metadata, 1, 1, mostChannels, "channels");
        int first = whole(metadata, 0, 0, mostChannels - channels, "channel");
        List<CallStart.Line> lines = new ArrayList<>();
        List<Role> known = roles(metadata, first + channels);
        for (int channel = first; channel < first + channels; channel++) {
            lines.add(new CallStart.Line(channel, channel < known.size() ? known.get(channel) : Role.UNKNOWN));
        }
        int position = whole(metadata, -1, 0, Integer.MAX_VALUE, "position");
        if (position > 0 && position % CallIngest.CHUNK.toMillis() != 0) {
            throw new IllegalArgumentException("position is " + position + " ms; expected a multiple of "
                    + CallIngest.CHUNK.toMillis() + ", as in an ack.");
        }
        return new CallStart(
                value(metadata, "call", "callId", "call_id", "conversation_uuid", "uuid")
                        .orElse(newCallId),
                lines,
                format(metadata),
                value(metadata, "language").orElse(null),
                Json.texts(Json.member(metadata, "attributes")),
                position < 0 ? null : Duration.ofMillis(position));
    }

    private AudioFormat format(JsonNode metadata) {
        Optional<String> name = value(metadata, "encoding", "content-type", "contentType");
        AudioEncoding encoding = name.isEmpty()
                ? AudioEncoding.PCM_S16LE
                : AudioFormat.encoding(name.get())
                        .orElseThrow(() -> new IllegalArgumentException(
                                "encoding is " + Json.quoted(name.get()) + "; expected mulaw, alaw, pcm16 or f32."));
        boolean telephone = encoding == AudioEncoding.MULAW || encoding == AudioEncoding.ALAW;
        int usual = telephone ? CallOptions.TELEPHONE_RATE_HZ : DEFAULT_PCM_RATE_HZ;
        Matcher inType = RATE.matcher(name.orElse(""));
        int said = inType.find() ? Integer.parseInt(inType.group(1)) : usual;
        return new AudioFormat(
                encoding, whole(metadata, said, 0, Integer.MAX_VALUE, "rate", "sampleRate", "sample_rate"));
    }

    private List<Role> roles(JsonNode metadata, int channels) {
        JsonNode said = metadata.get("roles");
        if (said != null && said.isArray()) {
            List<Role> list = new ArrayList<>();
            for (JsonNode one : said) {
                list.add(role(one.asText()));
            }
            return list;
        }
        Optional<String> text = value(metadata, "roles", "role");
        if (text.isPresent()) {
            return List.of(text.get().split(",", -1)).stream()
                    .map(PlainConversation::role)
                    .toList();
        }
        return roles.isEmpty() ? CallOptions.usualRoles(channels) : roles;
    }

    private static Role role(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "agent" -> Role.AGENT;
            case "customer" -> Role.CUSTOMER;
            case "unknown" -> Role.UNKNOWN;
            default ->
                throw new IllegalArgumentException(
                        "A role is " + Json.quoted(name) + "; expected agent, customer or unknown.");
        };
    }

    /** What the metadata says, or the address. */
    private Optional<String> value(JsonNode metadata, String... names) {
        Optional<String> said = Json.text(metadata, names).filter(text -> !text.isEmpty());
        for (int i = 0; said.isEmpty() && i < names.length; i++) {
            said = Optional.ofNullable(query.get(names[i])).filter(text -> !text.isEmpty());
        }
        return said;
    }

    private int whole(JsonNode metadata, int usual, int least, int most, String... names) {
        Optional<String> text = value(metadata, names);
        if (text.isEmpty()) {
            return usual;
        }
        OptionalLong number = Json.number(Json.object().put("n", text.get()), "n");
        if (number.isEmpty() || number.getAsLong() < least || number.getAsLong() > most) {
            throw new IllegalArgumentException(names[0] + " is " + Json.quoted(text.get())
                    + "; expected a whole number from " + least + " to " + most + ".");
        }
        return (int) number.getAsLong();
    }

    private List<CallEvent> end() {
        ended = true;
        return List.of(new End());
    }

    @Override
    public List<CallEvent> delivered(long newUpToMillis) {
        upToMillis = newUpToMillis;
        return answered ? List.of(new Say(say("ack").put("upTo", upToMillis).toString())) : List.of();
    }

    @Override
    public List<CallEvent> broken(Trouble trouble, long undeliveredMillis) {
        List<CallEvent> events = new ArrayList<>();
        if (answered) {
            ObjectNode error = say("error").put("reason", trouble.kind().name().toLowerCase(Locale.ROOT));
            events.add(new Say(error.put("message", trouble.sentence())
                    .put("upTo", upToMillis)
                    .put("undelivered", undeliveredMillis)
                    .toString()));
        }
        events.add(new HangUp(trouble.code(), trouble.sentence()));
        return events;
    }

    @Override
    public List<CallEvent> finished() {
        List<CallEvent> events = new ArrayList<>();
        if (answered) {
            events.add(new Say(say("stopped").put("upTo", upToMillis).toString()));
        }
        events.add(new HangUp(CloseCodes.NORMAL, "The call has ended."));
        return events;
    }

    private static ObjectNode say(String type) {
        return Json.object().put("type", type);
    }
}
