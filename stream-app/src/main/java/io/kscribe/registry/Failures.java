package io.kscribe.registry;

import com.microsoft.kiota.ApiException;
import java.io.EOFException;
import java.io.IOException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Makes sentences of what Apicurio throws, and tells a record's fault from the registry's. */
final class Failures {
    private static final int NOT_FOUND = 404;

    private final SchemaRegistry registry;
    private final String record;

    Failures(SchemaRegistry registry, String record) {
        this.registry = registry;
        this.record = record;
    }

    static boolean notFound(Throwable failed) {
        return cause(failed, ApiException.class) instanceof ApiException answer
                && answer.getResponseStatusCode() == NOT_FOUND;
    }

    SerializationException unknown(String topic, int schema) {
        return new SerializationException(topic + ": expected " + record + " in a schema that the registry at "
                + registry.url() + " knows, but it does not know number " + schema + ".");
    }

    /** A {@link SerializationException} if it lies with the record; a {@link TimeoutException}, which is worth another try, if not. */
    KafkaException of(String topic, RuntimeException failed) {
        if (cause(failed, ApiException.class) instanceof ApiException answer) {
            return new TimeoutException(
                    "The schema registry at " + registry.url() + " answered with status "
                            + answer.getResponseStatusCode() + " when it was asked about " + topic + ".",
                    failed);
        }
        if (cause(failed, IOException.class) != null) {
            return new TimeoutException(
                    "No answer from the schema registry at " + registry.url() + " about " + topic + ".", failed);
        }
        String reason = failed.getMessage() == null ? failed.getClass().getSimpleName() + "." : failed.getMessage();
        return new SerializationException(
                topic + ": expected a whole " + record + ", but it cannot be read or written: " + reason, failed);
    }

    private static @Nullable Throwable cause(Throwable failed, Class<? extends Throwable> type) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause) && !(cause instanceof EOFException)) {
                return cause;
            }
        }
        return null;
    }
}
