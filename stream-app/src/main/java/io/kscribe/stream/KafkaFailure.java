package io.kscribe.stream;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;

/** What went wrong between us and Kafka; its message is one sentence that names the servers and what to look at. */
public final class KafkaFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    public KafkaFailure(String sentence) {
        super(sentence);
    }

    private KafkaFailure(String sentence, Throwable cause) {
        super(sentence, cause);
    }

    /** The sentence for what a Kafka client, or a future of one, threw. */
    public static KafkaFailure of(Throwable thrown, KafkaConnection connection) {
        Throwable cause = thrown;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof KafkaFailure failure) {
            return failure;
        }
        return new KafkaFailure(sentence(cause, connection), cause);
    }

    private static String sentence(Throwable cause, KafkaConnection connection) {
        String kafka = "Kafka at " + connection.bootstrapServers();
        if (cause instanceof TimeoutException) {
            return "No answer from " + kafka + " within " + connection.timeout().toMillis()
                    + " ms; is a broker listening there?";
        }
        if (cause instanceof AuthenticationException) {
            return kafka + " does not know us: " + reason(cause);
        }
        if (cause instanceof AuthorizationException) {
            return kafka + " does not allow this: " + reason(cause);
        }
        if (setting(cause) instanceof ConfigException setting) {
            if (String.valueOf(setting.getMessage()).startsWith("No resolvable bootstrap urls")) {
                return "No server of " + connection.bootstrapServers() + " has a name that can be resolved.";
            }
            return "A Kafka setting is not usable: " + reason(setting);
        }
        return kafka + " failed: " + reason(cause);
    }

    /** The innermost cause that is about a setting, or the outermost of all. */
    private static Throwable setting(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigException) {
                return cause;
            }
        }
        return thrown;
    }

    private static String reason(Throwable thrown) {
        Throwable cause = thrown;
        while (cause.getClass() == KafkaException.class && cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() + "." : message;
    }
}
