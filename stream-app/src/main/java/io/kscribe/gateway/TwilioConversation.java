package io.kscribe.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import io.kscribe.gateway.CallEvent.Audio;
import io.kscribe.gateway.CallEvent.Begin;
import io.kscribe.gateway.CallEvent.End;
import io.kscribe.gateway.CallEvent.HangUp;
import io.kscribe.gateway.CallEvent.KeyPress;
import io.kscribe.gateway.CallEvent.Refuse;
import io.kscribe.gateway.CallEvent.Silence;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Role;
import io.kscribe.stream.CallOptions;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * <a href="https://www.twilio.com/docs/voice/media-streams/websocket-messages">Twilio Media Streams</a>, and what others have made
 * after it: names in either case, numbers as text or not, samples also as A-law or 16-bit.
 *
 * <p>Messages are numbered. One that comes early waits for those before it, as long as no more than {@link #MOST_WAITING} do; for audio
 * that never came there is silence. The stream is the connection's: a new one of the same call goes on with it.
 */
final class TwilioConversation implements Conversation {

    /** Messages that may wait for one that is late: a second of one track. */
    private static final int MOST_WAITING = 50;

    /** Most silence that is put in for what never came; a clock that jumps is not believed. */
    private static final long MOST_SILENCE_MILLIS = 10_000;

    /** How far a track's times may be off before audio is taken to be missing: half of a message's. */
    private static final long TOLERANCE_MILLIS = 10;

    private static final String INBOUND = "inbound";
    private static final String OUTBOUND = "outbound";

    private final List<Role> roles;
    private final TreeMap<Long, JsonNode> waiting = new TreeMap<>();
    private final List<Track> tracks = new ArrayList<>();
    private long expected = 1;
    private @Nullable AudioFormat format;
    private boolean ended;

    /** A track of the stream; {@code endMillis} is the time of the stream up to which its audio has come. */
    private static final class Track {
        private final String name;
        private long endMillis = -1;
        private boolean skipped;

        private Track(String name) {
            this.name = name;
        }
    }

    /**
     * A conversation that begins.
     *
     * @param roles who is on the inbound track, channel 0, and on the outbound one, channel 1
     */
    TwilioConversation(List<Role> roles) {
        this.roles = List.copyOf(roles);
    }

    @Override
    public List<CallEvent> text(String text) {
        Optional<JsonNode> message = Json.object(text);
        if (message.isEmpty()) {
            return List.of(new Refuse(CloseCodes.INVALID_PAYLOAD, "A message is no JSON object."));
        }
        OptionalLong number = Json.number(message.get(), "sequenceNumber", "sequence_number");
        if (number.isEmpty()) {
            return follow(message.get());
        }
        if (isStart(message.get()) && format == null) {
            // Others begin to count elsewhere.
            expected = number.getAsLong();
        }
        if (number.getAsLong() < expected) {
            return List.of();
        }
        waiting.put(number.getAsLong(), message.get());
        if (waiting.size() > MOST_WAITING && waiting.firstKey() > expected) {
            tracks.forEach(track -> track.skipped = true);
            expected = waiting.firstKey();
        }
        List<CallEvent> events = new ArrayList<>();
        for (JsonNode next = waiting.remove(expected); next != null; next = waiting.remove(expected)) {
            expected++;
            events.addAll(follow(next));
        }
        return events;
    }

    @Override
    public List<CallEvent> bytes(ByteBuffer message) {
        return List.of(new Refuse(CloseCodes.UNSUPPORTED_DATA, "A binary message came; expected JSON."));
    }

    private static boolean isStart(JsonNode message) {
        return Json.text(message, "event").filter("start"::equals).isPresent();
    }

    private List<CallEvent> follow(JsonNode message) {
        if (ended) {
            return List.of();
        }
        return switch (Json.text(message, "event").orElse("")) {
            case "start" -> start(message);
            case "media" -> media(Json.member(message, "media"));
            case "dtmf" ->
                Json.text(Json.member(message, "dtmf"), "digit")
                        .<List<CallEvent>>map(digit -> List.of(new KeyPress(digit)))
                        .orElse(List.of());
            case "stop" -> {
                ended = true;
                yield List.of(new End());
            }
            default -> List.of();
        };
    }

    private List<CallEvent> start(JsonNode message) {
        if (format != null) {
            return List.of();
        }
        JsonNode start = Json.member(message, "start");
        Optional<String> stream = Json.text(start, "streamSid", "stream_sid", "streamId", "stream_id")
                .or(() -> Json.text(message, "streamSid", "stream_sid", "streamId", "stream_id"));
        Optional<String> call = Json.text(start, "callSid", "call_sid", "callId", "call_id", "call_control_id")
                .or(() -> stream);
        if (call.isEmpty()) {
            return List.of(new Refuse(CloseCodes.POLICY, "The start has no callSid."));
        }
        try {
            AudioFormat said = format(Json.member(start, "mediaFormat", "media_format"));
            List<CallStart.Line> lines = lines(start);
            Map<String, String> attributes = Json.texts(Json.member(start, "customParameters", "custom_parameters"));
            stream.ifPresent(id -> attributes.put("streamSid", id));
            String language = attributes.get("language");
            Begin begin = new Begin(new CallStart(call.get(), lines, said, language, attributes, null));
            format = said;
            return List.of(begin);
        } catch (IllegalArgumentException wrong) {
            return List.of(new Refuse(CloseCodes.POLICY, String.valueOf(wrong.getMessage())));
        }
    }

    /** The channels of the tracks that are announced; inbound is channel 0 and outbound 1, whichever of them are. */
    private List<CallStart.Line> lines(JsonNode start) {
        List<String> names = new ArrayList<>();
        JsonNode said = start.get("tracks");
        if (said != null && said.isArray()) {
            said.forEach(name -> names.add(plain(name.asText())));
        }
        boolean inbound = names.contains(INBOUND) || !names.contains(OUTBOUND);
        List<CallStart.Line> lines = new ArrayList<>();
        if (inbound) {
            tracks.add(new Track(INBOUND));
            lines.add(new CallStart.Line(0, role(0)));
        }
        if (names.contains(OUTBOUND)) {
            tracks.add(new Track(OUTBOUND));
            lines.add(new CallStart.Line(1, role(1)));
        }
        return lines;
    }

    private Role role(int channel) {
        return channel < roles.size() ? roles.get(channel) : Role.UNKNOWN;
    }

    private static String plain(String track) {
        return track.toLowerCase(Locale.ROOT).replaceFirst("_track$", "");
    }

    private static AudioFormat format(JsonNode said) {
        String name = Json.text(said, "encoding").orElse("audio/x-mulaw");
        AudioEncoding encoding = AudioFormat.encoding(name)
                .orElseThrow(() -> new IllegalArgumentException(
                        "The encoding is " + Json.quoted(name) + "; expected audio/x-mulaw."));
        long rate = Json.number(said, "sampleRate", "sample_rate").orElse(CallOptions.TELEPHONE_RATE_HZ);
        return new AudioFormat(encoding, (int) Math.min(Integer.MAX_VALUE, Math.max(0, rate)));
    }

    private List<CallEvent> media(JsonNode media) {
        if (format == null) {
            return List.of(new Refuse(CloseCodes.POLICY, "Audio came before the start."));
        }
        int line = line(plain(Json.text(media, "track").orElse(INBOUND)));
        if (line < 0) {
            return List.of();
        }
        byte[] samples;
        try {
            samples = Base64.getDecoder().decode(Json.text(media, "payload").orElse(""));
        } catch (IllegalArgumentException noBase64) {
            return List.of(new Refuse(CloseCodes.INVALID_PAYLOAD, "A payload is not in base64."));
        }
        if (samples.length % format.sampleBytes() != 0) {
            return List.of(new Refuse(CloseCodes.INVALID_PAYLOAD, "A payload is no whole number of samples."));
        }
        List<CallEvent> events = new ArrayList<>();
        Track track = tracks.get(line);
        long missing = missing(track, Json.number(media, "timestamp"), format.millis(samples.length));
        if (missing > 0) {
            events.add(new Silence(line, Duration.ofMillis(missing)));
        }
        events.add(new Audio(line, ByteBuffer.wrap(samples)));
        return events;
    }

    private int line(String name) {
        for (int line = 0; line < tracks.size(); line++) {
            if (tracks.get(line).name.equals(name)) {
                return line;
            }
        }
        return -1;
    }

    /** How much of the track is missing before this message, if messages were given up before it. */
    private static long missing(Track track, OptionalLong timestamp, long millis) {
        long missing = 0;
        if (timestamp.isPresent()) {
            long ahead = timestamp.getAsLong() - track.endMillis;
            if (track.skipped && track.endMillis >= 0 && ahead > TOLERANCE_MILLIS && ahead <= MOST_SILENCE_MILLIS) {
                missing = ahead;
            }
            track.endMillis = timestamp.getAsLong() + millis;
        } else if (track.endMillis >= 0) {
            track.endMillis += millis;
        }
        track.skipped = false;
        return missing;
    }

    @Override
    public List<CallEvent> broken(Trouble trouble, long undeliveredMillis) {
        return List.of(new HangUp(trouble.code(), trouble.sentence()));
    }

    @Override
    public List<CallEvent> finished() {
        return List.of(new HangUp(CloseCodes.NORMAL, "The stream has ended."));
    }
}
