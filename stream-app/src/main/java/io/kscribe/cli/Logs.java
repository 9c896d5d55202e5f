package io.kscribe.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Opens up the logs that {@code logback.xml} keeps quiet. */
final class Logs {

    private Logs() {}

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
