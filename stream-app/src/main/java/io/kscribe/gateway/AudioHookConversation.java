package io.kscribe.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kscribe.gateway.CallEvent.Begin;
import io.kscribe.gateway.CallEvent.End;
import io.kscribe.gateway.CallEvent.Refuse;
import io.kscribe.gateway.CallEvent.Say;
import io.kscribe.gateway.CallEvent.Silence;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Role;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import io.kscribe.schema.Word;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * <a href="https://developer.genesys.cloud/devapps/audiohook/protocol-reference">Genesys AudioHook</a>, version 2, the server's side.
 * The client offers media, of which both channels and PCMU are preferred; then audio comes in binary messages, samples in turns.
 *
 * <p>The call's id is the conversation's. A session that goes on from others ({@code continuedSessions}) goes on with the call. A
 * conversation whose id is zero is a probe: it is answered, and its audio is nobody's. Transcripts are sent back if the client asks for
 * them, by {@code "transcripts": true} in its {@code customConfig}, or by saying the language.
 */
final class AudioHookConversation implements Conversation {

    private static final String VERSION = "2";
    private static final String PROBE = "00000000-0000-0000-0000-000000000000";

    /** Most silence that is put in for audio that the client says it has discarded. */
    private static final Duration MOST_SILENCE = Duration.ofMinutes(5);

    /** Durations are written as ISO 8601 has them, in seconds: {@code PT1.25S}. */
    private static final Pattern SECONDS = Pattern.compile("PT(\\d{1,9})(?:\\.(\\d{1,9}))?S");

    private final List<Role> roles;
    private final String organization;
    private @Nullable String session;
    private long serverSeq;
    private long clientSeq;
    private boolean opened;
    private boolean probe;
    private boolean wantsTranscripts;
    private boolean closing;
    private boolean over;
    private List<String> channels = List.of();
    private @Nullable CallStart start;
    private @Nullable Interleaved interleaved;

    /**
     * A conversation that begins.
     *
     * @param roles who is on the external channel, 0, and the internal one, 1
     * @param organization the one that has signed the request; empty if nobody has checked
     */
    AudioHookConversation(List<Role> roles, String organization) {
        this.roles = List.copyOf(roles);
        this.organization = organization;
    }

    @Override
    public List<CallEvent> text(String text) {
        Optional<JsonNode> parsed = Json.object(text);
        if (parsed.isEmpty()) {
            return refuse("A message is no JSON object.");
        }
        JsonNode message = parsed.get();
        String type = Json.text(message, "type").orElse("");
        String id = Json.text(message, "id").orElse("");
        OptionalLong seq = Json.number(message, "seq");
        if (!Json.text(message, "version").filter(VERSION::equals).isPresent() || id.isEmpty() || seq.isEmpty()) {
            return refuse("A message is not of AudioHook 2: version, id and seq are needed.");
        }
        if (session == null) {
            session = id;
        }
        if (!id.equals(session)) {
            return refuse("A message is of another session.");
        }
        if (seq.getAsLong() != clientSeq + 1) {
            return refuse("seq is " + seq.getAsLong() + "; expected " + (clientSeq + 1) + ".");
        }
        clientSeq = seq.getAsLong();
        if (Json.number(message, "serverseq").orElse(0) > serverSeq) {
            return refuse("serverseq is of a message that was not sent.");
        }
        JsonNode parameters = Json.member(message, "parameters");
        return switch (type) {
            case "open" -> open(parameters);
            case "ping" -> List.of(say("pong", Json.object()));
            case "close" -> close();
            case "update" -> List.of(say("updated", Json.object()));
            case "discarded", "resumed" -> discarded(parameters);
            case "paused", "error" -> List.of();
            default -> refuse("There is no message " + Json.quoted(type) + " for a server.");
        };
    }

    @Override
    public List<CallEvent> bytes(ByteBuffer message) {
        if (over || closing || probe) {
            return List.of();
        }
        return interleaved == null ? refuse("Audio came before the session was open.") : interleaved.split(message);
    }

    private List<CallEvent> open(JsonNode parameters) {
        if (opened) {
            return refuse("The session is open already.");
        }
        String said = Json.text(parameters, "organizationId").orElse("");
        if (!organization.isEmpty() && !said.equals(organization)) {
            return disconnect("unauthorized", "The organization is not the one that signed.");
        }
        String call = Json.text(parameters, "conversationId").orElse("");
        if (call.isEmpty()) {
            return refuse("The open has no conversationId.");
        }
        probe = call.equals(PROBE);
        JsonNode media = choose(parameters.get("media"));
        if (media == null) {
            return refuse("No media is offered that can be heard; expected PCMU or L16.");
        }
        try {
            CallStart made = start(call, parameters, media);
            opened = true;
            List<CallEvent> events = new ArrayList<>();
            if (!probe) {
                start = made;
                interleaved = new Interleaved(made.lines().size(), made.format().sampleBytes());
                events.add(new Begin(made));
            }
            ObjectNode answer = Json.object().put("startPaused", false);
            answer.putArray("media").add(media);
            events.add(say("opened", answer));
            return events;
        } catch (IllegalArgumentException wrong) {
            return refuse(String.valueOf(wrong.getMessage()));
        }
    }

    /** The medium of those offered that says most: more channels, then PCMU before L16. */
    private static @Nullable JsonNode choose(@Nullable JsonNode offered) {
        JsonNode best = null;
        int bestWorth = 0;
        if (offered != null && offered.isArray()) {
            for (JsonNode media : offered) {
                int worth = worth(media);
                if (worth > bestWorth) {
                    best = media;
                    bestWorth = worth;
                }
            }
        }
        return best;
    }

    private static int worth(JsonNode media) {
        JsonNode channels = media.get("channels");
        String format = Json.text(media, "format").orElse("");
        if (channels == null
                || !channels.isArray()
                || channels.isEmpty()
                || channels.size() > 2
                || Json.number(media, "rate").isEmpty()) {
            return 0;
        }
        return switch (format) {
            case "PCMU" -> 2 * channels.size() + 1;
            case "L16" -> 2 * channels.size();
            default -> 0;
        };
    }

    private CallStart start(String call, JsonNode parameters, JsonNode media) {
        List<CallStart.Line> lines = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (JsonNode name : media.path("channels")) {
            int channel = name.asText().equals("internal") ? 1 : 0;
            names.add(name.asText());
            lines.add(new CallStart.Line(channel, channel < roles.size() ? roles.get(channel) : Role.UNKNOWN));
        }
        channels = names;
        AudioEncoding encoding = AudioFormat.encoding(Json.text(media, "format").orElse(""))
                .orElseThrow(() -> new IllegalArgumentException("The media's format is not known."));
        long rate = Json.number(media, "rate").orElse(0);
        AudioFormat format = new AudioFormat(encoding, (int) Math.max(0, Math.min(Integer.MAX_VALUE, rate)));
        String language = Json.text(parameters, "language")
                .map(code -> code.toLowerCase(Locale.ROOT).replaceFirst("-.*", ""))
                .orElse(null);
        JsonNode custom = Json.member(parameters, "customConfig");
        wantsTranscripts = language != null
                || Json.text(custom, "transcripts").filter("true"::equals).isPresent();
        Map<String, String> attributes = new HashMap<>(Json.texts(custom));
        Json.texts(Json.member(parameters, "participant"))
                .forEach((name, value) -> attributes.put("participant." + name, value));
        attributes.put("session", String.valueOf(session));
        return new CallStart(call, lines, format, language, attributes, null);
    }

    private List<CallEvent> close() {
        closing = true;
        return List.of(new End());
    }

    private List<CallEvent> discarded(JsonNode parameters) {
        Duration discarded = duration(Json.text(parameters, "discarded").orElse(""));
        if (start == null || closing || discarded.toMillis() < 1) {
            return List.of();
        }
        Duration silence = discarded.compareTo(MOST_SILENCE) > 0 ? MOST_SILENCE : discarded;
        List<CallEvent> events = new ArrayList<>();
        for (int line = 0; line < start.lines().size(); line++) {
            events.add(new Silence(line, silence));
        }
        return events;
    }

    private static Duration duration(String text) {
        Matcher seconds = SECONDS.matcher(text);
        if (!seconds.matches()) {
            return Duration.ZERO;
        }
        String fraction = seconds.group(2) == null ? "0" : (seconds.group(2) + "000000000").substring(0, 9);
        return Duration.ofSeconds(Long.parseLong(seconds.group(1)), Long.parseLong(fraction));
    }

    /** The call whose transcripts the client asked for; empty if it did not. */
    @Override
    public Optional<String> wantsTranscripts() {
        return wantsTranscripts && !probe && start != null ? Optional.of(start.callId()) : Optional.empty();
    }

    @Override
    public List<CallEvent> transcript(Transcript transcript) {
        if (start == null || over || transcript.getText().isBlank()) {
            return List.of();
        }
        String channel = transcript.getChannel() == 1 ? "internal" : "external";
        if (!channels.contains(channel)) {
            return List.of();
        }
        String id = transcript.getCallId() + "/" + transcript.getChannel() + "/" + transcript.getSegmentId();
        ObjectNode data = Json.object()
                .put(
                        "id",
                        UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8))
                                .toString())
                .put("channel", channel)
                .put("isFinal", transcript.getStatus() == TranscriptStatus.FINAL)
                .put("offset", seconds(transcript.getStartMillis()))
                .put("duration", seconds(transcript.getEndMillis() - transcript.getStartMillis()));
        ObjectNode alternative = data.putArray("alternatives").addObject();
        alternative.put("confidence", confidence(transcript.getConfidence()));
        if (transcript.getLanguage() != null) {
            alternative.putArray("languages").add(transcript.getLanguage());
        }
        ObjectNode display = alternative.putArray("interpretations").addObject();
        display.put("type", "display").put("transcript", transcript.getText().strip());
        ArrayNode tokens = display.putArray("tokens");
        for (Word word : transcript.getWords()) {
            tokens.addObject()
                    .put("type", "word")
                    .put("value", word.getText().strip())
                    .put("confidence", confidence(word.getConfidence()))
                    .put("offset", seconds(word.getStartMillis()))
                    .put("duration", seconds(word.getEndMillis() - word.getStartMillis()));
        }
        ObjectNode parameters = Json.object();
        parameters.putArray("entities").addObject().put("type", "transcript").set("data", data);
        return List.of(say("event", parameters));
    }

    private static double confidence(float value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "PT%d.%03dS", Math.max(0, millis) / 1000, Math.max(0, millis) % 1000);
    }

    @Override
    public List<CallEvent> pressed(boolean high) {
        return opened && !closing ? List.of(say(high ? "pause" : "resume", Json.object())) : List.of();
    }

    @Override
    public List<CallEvent> broken(Trouble trouble, long undeliveredMillis) {
        if (over) {
            return List.of();
        }
        over = true;
        String lost = undeliveredMillis > 0 ? " " + undeliveredMillis + " ms of audio were not delivered." : "";
        // The client closes the session when it has read this, and then the socket.
        return disconnect(trouble.kind() == Trouble.Kind.REPLACED ? "completed" : "error", trouble.sentence() + lost);
    }

    @Override
    public List<CallEvent> finished() {
        return closing ? List.of(say("closed", Json.object())) : List.of();
    }

    private List<CallEvent> refuse(String sentence) {
        return List.of(new Refuse(CloseCodes.POLICY, sentence));
    }

    private List<CallEvent> disconnect(String reason, String info) {
        over = true;
        return List.of(say("disconnect", Json.object().put("reason", reason).put("info", info)));
    }

    private Say say(String type, ObjectNode parameters) {
        ObjectNode message = Json.object()
                .put("version", VERSION)
                .put("type", type)
                .put("id", session == null ? PROBE : session)
                .put("seq", ++serverSeq)
                .put("clientseq", clientSeq);
        message.set("parameters", parameters);
        return new Say(message.toString());
    }
}
