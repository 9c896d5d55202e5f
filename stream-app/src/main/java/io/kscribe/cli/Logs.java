package io.kscribe.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import org.slf4j.LoggerFactory;

/** Opens up the logs that {@code logback.xml} keeps quiet, and writes them for programs. */
final class Logs {

    /** How a line of the log is written. */
    enum Format {
        /** For people. */
        TEXT,
        /** For programs: a JSON object. */
        JSON
    }

    private Logs() {}

    /** Writes the log in a format from now on. */
    static void format(Format format) {
        if (format == Format.JSON && LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.iteratorForAppenders().forEachRemaining(appender -> {
                if (appender instanceof OutputStreamAppender<ILoggingEvent> stream) {
                    stream.setEncoder(json(root));
                }
            });
        }
    }

    private static JsonEncoder json(Logger root) {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(root.getLoggerContext());
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithNanoseconds(false);
        encoder.start();
        return encoder;
    }

    /** Lets everybody log from INFO, Kafka included. */
    static void verbose() {
        // Another logging backend on the class path has its own way to be verbose.
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
            root.setLevel(Level.INFO);
            for (Logger logger : root.getLoggerContext().getLoggerList()) {
                if (logger != root) {
                    logger.setLevel(null);
                }
            }
        }
    }
}
