package io.kscribe.web;

import java.io.IOException;

/** Says why the web server cannot run as it was told to, in words for the person who told it. */
public final class WebException extends IOException {

    /** The port is somebody else's. */
    public static final class PortTaken extends IOException {
        PortTaken(String host, int port, Throwable cause) {
            super("Port " + port + " on " + host + " is taken: choose another, or 0 for any.", cause);
        }
    }

    WebException(String message) {
        super(message);
    }

    WebException(String message, Throwable cause) {
        super(message, cause);
    }
}
