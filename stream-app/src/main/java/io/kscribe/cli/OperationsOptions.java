package io.kscribe.cli;

import io.kscribe.operations.Operations;
import io.kscribe.web.WebSettings;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of the operators' door. */
@Section("operations")
final class OperationsOptions {

    @Option(
            names = "--operations-port",
            paramLabel = "PORT",
            description =
                    "Where /metrics, /health/live and /health/ready are, for everybody who can connect; 0 for any "
                            + "port that is free. Default: $KSCRIBE_OPERATIONS_PORT, else nowhere.")
    private @Nullable Integer port;

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
        return port == null ? Operations.unseen() : Operations.at(host, port);
    }
}
