package io.kscribe.schema;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.jspecify.annotations.Nullable;

/**
 * Avro's view of the contract: which class stands for which named type. Since 1.12.2 Avro refuses to load any class that a
 * schema names unless the whole JVM is told to trust it; generated classes cannot even fill in an enum's default. The build
 * makes this the model of the generated classes, so that they need no system property, and nothing but the contract's own
 * classes is ever made from what a schema says.
 */
final class ContractData extends SpecificData {

    private static final Map<String, Class<?>> CLASSES = Stream.of(
                    AudioChunk.class,
                    AudioEncoding.class,
                    Role.class,
                    Transcript.class,
                    TranscriptStatus.class,
                    Word.class)
            .collect(Collectors.toUnmodifiableMap(Class::getName, Function.identity()));

    ContractData() {
        super(ContractData.class.getClassLoader());
    }

    @Override
    public @Nullable Class<?> getClass(Schema schema) {
        return switch (schema.getType()) {
            case RECORD, ENUM, FIXED -> CLASSES.get(schema.getFullName());
            default -> super.getClass(schema);
        };
    }
}
