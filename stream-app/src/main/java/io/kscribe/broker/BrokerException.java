package io.kscribe.broker;

import java.io.IOException;

/** Says why the embedded broker cannot run, in words for the person who started it. */
public final class BrokerException extends IOException {

    BrokerException(String message) {
        super(message);
    }

    BrokerException(String message, Throwable cause) {
        super(message, cause);
    }
}
