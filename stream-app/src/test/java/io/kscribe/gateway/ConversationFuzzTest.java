package io.kscribe.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kscribe.gateway.CallEvent.Audio;
import io.kscribe.gateway.CallEvent.Refuse;
import io.kscribe.gateway.CallEvent.Silence;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * Conversations as nobody would hold them: messages mangled, doubled, lost and out of order, in every protocol. Nothing is thrown, no more
 * audio comes out than went in, and silence is put in only as far as each protocol's limit. 4 times 10,000 conversations of 5 to 30 messages
 * are 400,000 inputs or more.
 */
class ConversationFuzzTest {

    private static final int TRIES = 10_000;

    /** The longest silence that any protocol puts in at once. */
    private static final Duration MOST_SILENCE = Duration.ofMinutes(5);

    /** What takes the place of a value. */
    private static final List<Supplier<JsonNode>> VALUES = Stream.<Object>of(
                    "",
                    "x",
                    "-1",
                    "0",
                    "1e99",
                    "9223372036854775808",
                    "NaN",
                    "\u0000",
                    "\ud800",
                    "AAAA=",
                    "=",
                    "%s%n",
                    "PT99999999999S")
            .<Supplier<JsonNode>>map(
                    text -> () -> Json.object().put("v", String.valueOf(text)).get("v"))
            .toList();

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void shouldBearAnyPlainConversation(@ForAll long seed) {
        Random random = new Random(seed);
        List<Object> messages = new ArrayList<>();
        messages.add(
                "{\"type\":\"start\",\"call\":\"c\",\"channels\":2,\"encoding\":\"mulaw\",\"rate\":8000,"
                        + "\"roles\":[\"agent\",\"customer\"],\"language\":\"en\",\"attributes\":{\"a\":\"b\"},\"position\":0}");
        audio(messages, random);
        messages.add("{\"event\":\"websocket:dtmf\",\"digit\":\"5\"}");
        messages.add("{\"type\":\"ping\"}");
        audio(messages, random);
        messages.add("{\"type\":\"stop\"}");
        hold(
                new PlainConversation(Map.of("rate", random.nextBoolean() ? "8000" : "x"), List.of(), 32, "new"),
                mangled(messages, random));
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void shouldBearAnyTwilioStream(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] audio = new byte[160 * (1 + random.nextInt(6))];
        random.nextBytes(audio);
        hold(new TwilioConversation(List.of()), mangled(new ArrayList<>(TwilioStream.of("CA1", audio, audio)), random));
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void shouldBearAnyAudioHookSession(@ForAll long seed) {
        Random random = new Random(seed);
        List<Object> messages = new ArrayList<>();
        messages.add(hook(
                1,
                "open",
                "{\"organizationId\":\"o\",\"conversationId\":\"c\",\"participant\":{\"id\":\"p\"},"
                        + "\"media\":[{\"type\":\"audio\",\"format\":\"PCMU\",\"channels\":[\"external\",\"internal\"],"
                        + "\"rate\":8000}],\"customConfig\":{\"transcripts\":true}}"));
        audio(messages, random);
        messages.add(hook(2, "ping", "{\"rtt\":\"PT0.1S\"}"));
        messages.add(hook(3, "paused", "{}"));
        messages.add(hook(4, "discarded", "{\"start\":\"PT1S\",\"discarded\":\"PT2.5S\"}"));
        audio(messages, random);
        messages.add(hook(5, "resumed", "{\"start\":\"PT3.5S\",\"discarded\":\"PT1.25S\"}"));
        messages.add(hook(6, "close", "{\"reason\":\"end\"}"));
        hold(new AudioHookConversation(List.of(), ""), mangled(messages, random));
    }

    @Property(tries = TRIES, shrinking = ShrinkingMode.OFF)
    void shouldBearAnyAudioSocketStream(@ForAll long seed) {
        Random random = new Random(seed);
        List<byte[]> frames = new ArrayList<>();
        frames.add(AudioSocketFrames.id(new UUID(1, seed)));
        for (int i = 0; i < 8; i++) {
            byte[] payload = new byte[random.nextInt(5) == 0 ? random.nextInt(66_000) % 65_536 : random.nextInt(330)];
            random.nextBytes(payload);
            frames.add(AudioSocketFrames.frame(
                    random.nextInt(4) == 0 ? random.nextInt(256) : 0x10 + random.nextInt(2), payload));
        }
        frames.add(AudioSocketFrames.frame(0, new byte[0]));
        ByteBuffer stream = ByteBuffer.allocate(
                frames.stream().mapToInt(frame -> frame.length).sum());
        frames.forEach(stream::put);
        for (int i = random.nextInt(3); i > 0; i--) {
            stream.put(random.nextInt(stream.capacity()), (byte) random.nextInt());
        }
        List<Object> pieces = new ArrayList<>();
        for (int at = 0; at < stream.capacity(); ) {
            byte[] piece = new byte[Math.min(stream.capacity() - at, 1 + random.nextInt(700))];
            stream.get(at, piece);
            pieces.add(piece);
            at += piece.length;
        }
        hold(new AudioSocketConversation(List.of()), pieces);
    }

    private static void audio(List<Object> messages, Random random) {
        for (int i = random.nextInt(6); i >= 0; i--) {
            byte[] audio = new byte[random.nextInt(700)];
            random.nextBytes(audio);
            messages.add(audio);
        }
    }

    private static String hook(int seq, String type, String parameters) {
        return "{\"version\":\"2\",\"id\":\"s\",\"type\":\"" + type + "\",\"seq\":" + seq
                + ",\"serverseq\":0,\"position\":\"PT0S\",\"parameters\":" + parameters + "}";
    }

    /** Some of it in another order, twice, not at all, or with something else in it. */
    private static List<Object> mangled(List<Object> messages, Random random) {
        for (int i = random.nextInt(4); i > 0; i--) {
            int at = random.nextInt(messages.size());
            switch (random.nextInt(6)) {
                case 0 -> Collections.swap(messages, at, random.nextInt(messages.size()));
                case 1 -> messages.add(at, messages.get(random.nextInt(messages.size())));
                case 2 -> messages.set(at, "not JSON");
                case 3 -> {
                    if (messages.size() > 1) {
                        messages.remove(at);
                    }
                }
                default ->
                    messages.set(
                            at,
                            messages.get(at) instanceof String text
                                    ? random.nextInt(3) == 0 ? torn(text, random) : changed(text, random)
                                    : new byte[random.nextInt(5)]);
            }
        }
        return messages;
    }

    private static String torn(String text, Random random) {
        StringBuilder torn = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0 && !torn.isEmpty(); i--) {
            int at = random.nextInt(torn.length());
            switch (random.nextInt(3)) {
                case 0 -> torn.setLength(at);
                case 1 -> torn.setCharAt(at, (char) random.nextInt(0x3000));
                default -> torn.insert(at, "[".repeat(1 + random.nextInt(2000)));
            }
        }
        return torn.toString();
    }

    /** The same JSON with one of its members gone, or with another value. */
    private static String changed(String text, Random random) {
        JsonNode message = Json.object(text).map(JsonNode.class::cast).orElse(null);
        if (message == null) {
            return text;
        }
        List<ObjectNode> objects = new ArrayList<>();
        collect(message, objects);
        ObjectNode object = objects.get(random.nextInt(objects.size()));
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        if (!names.isEmpty()) {
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(7)) {
                case 0 -> object.remove(name);
                case 1 -> object.putNull(name);
                case 2 -> object.put(name, random.nextLong());
                case 3 -> object.put(name, random.nextBoolean());
                case 4 -> object.putObject(name).put(name, random.nextInt());
                case 5 -> object.putArray(name).add(name).addNull().add(random.nextDouble());
                default ->
                    object.set(name, VALUES.get(random.nextInt(VALUES.size())).get());
            }
        }
        return message.toString();
    }

    private static void collect(JsonNode node, List<ObjectNode> objects) {
        if (node instanceof ObjectNode object) {
            objects.add(object);
        }
        if (node instanceof ObjectNode || node instanceof ArrayNode) {
            node.forEach(child -> collect(child, objects));
        }
    }

    private static void hold(Conversation conversation, List<Object> messages) {
        long heard = 0;
        long said = 0;
        for (Object message : messages) {
            List<CallEvent> events;
            if (message instanceof String text) {
                // Base64 has four characters for three bytes.
                heard += text.getBytes(StandardCharsets.UTF_8).length;
                events = conversation.text(text);
            } else {
                byte[] bytes = (byte[]) message;
                heard += bytes.length;
                events = conversation.bytes(ByteBuffer.wrap(bytes));
            }
            for (CallEvent event : events) {
                if (event instanceof Audio audio) {
                    said += audio.samples().remaining();
                } else if (event instanceof Silence silence) {
                    assertThat(silence.time()).isBetween(Duration.ZERO, MOST_SILENCE);
                } else if (event instanceof Refuse refuse) {
                    assertThat(refuse.sentence()).isNotBlank().hasSizeLessThan(300);
                }
            }
            assertThat(said).isLessThanOrEqualTo(heard);
        }
        assertThat(IntStream.of(conversation.finished().size()).allMatch(size -> size < 5))
                .isTrue();
    }
}
