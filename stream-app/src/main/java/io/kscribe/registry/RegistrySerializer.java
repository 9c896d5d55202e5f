package io.kscribe.registry;

import io.apicurio.registry.serde.avro.AvroKafkaSerializer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records in a registry's format. Null is written as null.
 *
 * @param <T> the record's class
 */
final class RegistrySerializer<T extends SpecificRecord> implements Serializer<T> {
    private final AvroKafkaSerializer<T> apicurio = new AvroKafkaSerializer<>();
    private final Failures failures;

    RegistrySerializer(SchemaRegistry registry, String record) {
        this.failures = new Failures(registry, record);
        apicurio.configure(registry.config(), false);
    }

    @Override
    public synchronized byte @Nullable [] serialize(String topic, @Nullable T value) {
        if (value == null) {
            return null;
        }
        try {
            return apicurio.serialize(topic, value);
        } catch (RuntimeException failed) {
            throw failures.of(topic, failed);
        }
    }

    @Override
    public synchronized void close() {
        apicurio.close();
    }
}
