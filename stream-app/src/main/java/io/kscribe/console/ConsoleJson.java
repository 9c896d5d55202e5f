package io.kscribe.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.format.AvroValues;
import io.kscribe.schema.Transcript;

/** Writes what viewers are told, as JSON on one line. */
final class ConsoleJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ConsoleJson() {}

    /** A tree of maps, lists, strings and numbers. */
    static String of(Object tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of numbers and strings is always JSON", e);
        }
    }

    /** A transcript with the fields of its schema. */
    static String of(Transcript transcript) {
        return of(AvroValues.of(transcript));
    }
}
