package io.kscribe.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Messages in JSON, read with the tolerance that platforms need: names in either case, numbers as text. */
final class Json {
    /** Characters of a client's text that are repeated. */
    private static final int LONGEST_QUOTE = 40;

    private static final int DEEPEST = 16;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build())
            .build());

    private Json() {}

    /** The object that a message is; empty if it is none. */
    static Optional<JsonNode> object(String message) {
        try {
            return Optional.ofNullable(MAPPER.readTree(message)).filter(JsonNode::isObject);
        } catch (JsonProcessingException noJson) {
            return Optional.empty();
        }
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The first of these members that is there, as text; a number counts as text, too. */
    static Optional<String> text(JsonNode object, String... names) {
        for (String name : names) {
            JsonNode value = object.get(name);
            if (value != null && value.isValueNode() && !value.isNull()) {
                return Optional.of(value.asText());
            }
        }
        return Optional.empty();
    }

    /** The first of these members that is there, if it is a whole number, or text that is one. */
    static OptionalLong number(JsonNode object, String... names) {
        Optional<String> text = text(object, names);
        try {
            return text.isPresent() ? OptionalLong.of(Long.parseLong(text.get().strip())) : OptionalLong.empty();
        } catch (NumberFormatException noNumber) {
            return OptionalLong.empty();
        }
    }

    /** The first of these members that is an object; empty object if none is. */
    static JsonNode member(JsonNode object, String... names) {
        for (String name : names) {
            JsonNode value = object.get(name);
            if (value != null && value.isObject()) {
                return value;
            }
        }
        return MAPPER.createObjectNode();
    }

    /** All members that are values, as texts. */
    static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new LinkedHashMap<>();
        object.properties().forEach(member -> {
            if (member.getValue().isValueNode() && !member.getValue().isNull()) {
                texts.put(member.getKey(), member.getValue().asText());
            }
        });
        return texts;
    }

    /** What a client said, to be repeated to it and to the log: in quotes, its beginning if it is long, without control characters. */
    static String quoted(String text) {
        String beginning = text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "...";
        return "'" + beginning.replaceAll("\\p{C}", "?") + "'";
    }
}
