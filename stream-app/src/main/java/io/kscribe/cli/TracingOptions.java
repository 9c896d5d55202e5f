package io.kscribe.cli;

import io.kscribe.stream.Topics;
import io.kscribe.stream.Tracing;
import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether traces are gone on with, and where spans are sent. */
@Section("tracing")
final class TracingOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--otlp-endpoint",
            paramLabel = "URL",
            defaultValue = "${KSCRIBE_OTLP_ENDPOINT:-}",
            description = "Go on with the traces that chunks' headers have (traceparent), and send spans to "
                    + "OpenTelemetry's collector at this address by HTTP, for instance http://localhost:4318. "
                    + "Default: $KSCRIBE_OTLP_ENDPOINT, else no traces.")
    private String endpoint;

    /**
     * Begins to trace, if that is wanted.
     *
     * @throws ParameterException if the address is none
     */
    Tracing open(Topics topics) {
        return endpoint.isEmpty() ? Tracing.off() : Tracing.to(address(), topics);
    }

    /** Refuses an address that is none. */
    void check() {
        if (!endpoint.isEmpty()) {
            address();
        }
    }

    private URI address() {
        try {
            URI address = new URI(endpoint);
            if (address.getHost() != null
                    && ("http".equals(address.getScheme()) || "https".equals(address.getScheme()))) {
                return address;
            }
        } catch (URISyntaxException none) {
            // Said below.
        }
        throw new ParameterException(
                spec.commandLine(), "--otlp-endpoint must be an http or https URL, but is '" + endpoint + "'.");
    }
}
