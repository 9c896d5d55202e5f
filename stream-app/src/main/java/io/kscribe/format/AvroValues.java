package io.kscribe.format;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Turns Avro records into maps, lists, strings and numbers, field for field, so that JSON has exactly the schema's names. */
public final class AvroValues {

    private AvroValues() {}

    /** The record's fields in the order of its schema; timestamps as milliseconds since 1970-01-01T00:00Z. */
    public static Map<String, @Nullable Object> of(IndexedRecord record) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (Schema.Field field : record.getSchema().getFields()) {
            fields.put(field.name(), value(record.get(field.pos())));
        }
        return fields;
    }

    private static @Nullable Object value(@Nullable Object value) {
        if (value instanceof IndexedRecord record) {
            return of(record);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(AvroValues::value).toList();
        }
        if (value instanceof Instant instant) {
            return instant.toEpochMilli();
        }
        if (value instanceof GenericEnumSymbol<?> || value instanceof CharSequence) {
            return value.toString();
        }
        return value;
    }
}
