package io.kscribe.cli;

import io.kscribe.operations.Operations;
import io.kscribe.web.WebSettings;
import java.io.IOException;
import picocli.CommandLine.Option;

/** The options of the operators' door. */
final class OperationsOptions {

    private static final int NOWHERE = -1;

    @Option(
            names = "--operations-port",
            paramLabel = "PORT",
            defaultValue = "${KSCRIBE_OPERATIONS_PORT:-" + NOWHERE + "}",
            description =
                    "Where /metrics, /health/live and /health/ready are, for everybody who can connect; 0 for any "
                            + "port that is free. Default: $KSCRIBE_OPERATIONS_PORT, else nowhere.")
    private int port;

    @Option(
            names = "--operations-host",
            paramLabel = "HOST",
            defaultValue = "${KSCRIBE_OPERATIONS_HOST:-" + WebSettings.LOOPBACK + "}",
            description = "The address that this port is at. Default: $KSCRIBE_OPERATIONS_HOST, else "
                    + WebSettings.LOOPBACK + ".")
    private String host;

    /**
     * Opens the door, if there is to be one.
     *
     * @throws IOException if it cannot be opened, in a sentence
     */
    Operations open() throws IOException {
        return port == NOWHERE ? Operations.unseen() : Operations.at(host, port);
    }
}
