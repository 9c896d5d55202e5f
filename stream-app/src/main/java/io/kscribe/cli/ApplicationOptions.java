package io.kscribe.cli;

import io.kscribe.stream.ServiceSettings;
import picocli.CommandLine.Option;

/** The option of every command that has to do with a running service. */
@Section("service")
final class ApplicationOptions {

    @Option(
            names = "--application-id",
            paramLabel = "ID",
            defaultValue = "${KSCRIBE_APPLICATION_ID:-" + ServiceSettings.DEFAULT_APPLICATION_ID + "}",
            description = "Names the service's consumer group and internal topics. "
                    + "Default: $KSCRIBE_APPLICATION_ID, else " + ServiceSettings.DEFAULT_APPLICATION_ID + ".")
    private String id;

    String id() {
        return id;
    }
}
