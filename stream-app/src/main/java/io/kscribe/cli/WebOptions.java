package io.kscribe.cli;

import io.kscribe.web.ApiKeys;
import io.kscribe.web.TlsIdentity;
import io.kscribe.web.WebLimits;
import io.kscribe.web.WebSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of the web server. */
@Section("http")
final class WebOptions {

    private static final String NO_KEYS = "none";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            defaultValue = "${KSCRIBE_HTTP_PORT:-" + WebSettings.DEFAULT_PORT + "}",
            description = "Where the page is and calls come in; 0 for any port that is free. "
                    + "Default: $KSCRIBE_HTTP_PORT, else " + WebSettings.DEFAULT_PORT + ".")
    private int port;

    @Option(
            names = "--http-host",
            paramLabel = "HOST",
            defaultValue = "${KSCRIBE_HTTP_HOST:-" + WebSettings.LOOPBACK + "}",
            description = "The address to listen at; any but this machine's own wants --api-keys. "
                    + "Default: $KSCRIBE_HTTP_HOST, else " + WebSettings.LOOPBACK + ".")
    private String host;

    @Option(
            names = "--no-http",
            negatable = true,
            description = "Open no web server, only transcribe what is on the audio topic.")
    private boolean off;

    @Option(names = "--no-gateway", negatable = true, description = "Let no calls in, only show them.")
    private boolean noGateway;

    @Option(names = "--no-console", negatable = true, description = "Show no calls, only let them in.")
    private boolean noConsole;

    @Option(
            names = "--http-origin",
            paramLabel = "ORIGIN",
            split = ",",
            defaultValue = "${KSCRIBE_HTTP_ORIGINS:-}",
            description =
                    "Another site whose pages may connect, as https://desk.example.com; can be given several times. "
                            + "Default: $KSCRIBE_HTTP_ORIGINS, separated by commas.")
    private List<String> origins = List.of();

    @Option(
            names = "--api-keys",
            paramLabel = "FILE|none",
            defaultValue = "${KSCRIBE_API_KEYS:-}",
            description = "Who may come in: a name and a key's SHA-256 a line; 'none': everybody who can connect. "
                    + "Default: $KSCRIBE_API_KEYS, else everybody on this machine.")
    private String apiKeys;

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            defaultValue = "${KSCRIBE_TLS_CERTIFICATE:-}",
            description = "Speak HTTPS: the server's certificates as PEM. Default: $KSCRIBE_TLS_CERTIFICATE.")
    private String tlsCertificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            defaultValue = "${KSCRIBE_TLS_KEY:-}",
            description = "The certificate's key as PEM (PKCS #8). Default: $KSCRIBE_TLS_KEY.")
    private String tlsKey;

    @Option(
            names = "--tls-pkcs12",
            paramLabel = "FILE",
            defaultValue = "${KSCRIBE_TLS_PKCS12:-}",
            description = "Speak HTTPS: key and certificates as PKCS #12. Default: $KSCRIBE_TLS_PKCS12.")
    private String tlsPkcs12;

    @Option(
            names = "--tls-password-file",
            paramLabel = "FILE",
            defaultValue = "${KSCRIBE_TLS_PASSWORD_FILE:-}",
            description = "A file with the password of the PKCS #12 file. Default: $KSCRIBE_TLS_PASSWORD_FILE.")
    private String tlsPasswordFile;

    /** Whether there is to be a web server. */
    boolean wanted() {
        return !off && (gatewayIsWanted() || consoleIsWanted());
    }

    /** Whether calls may come in. */
    boolean gatewayIsWanted() {
        return !noGateway;
    }

    /** Whether calls are shown. */
    boolean consoleIsWanted() {
        return !noConsole;
    }

    /** Whether somebody said which port it must be. */
    boolean portIsGiven() {
        return Configuration.of(command).isGiven(command, "--http-port");
    }

    /** The address to listen at. */
    String host() {
        return host;
    }

    /**
     * The settings that the options describe.
     *
     * @throws IOException if a file cannot be read
     */
    WebSettings settings(WebLimits limits) throws IOException {
        ApiKeys keys = apiKeys.isEmpty() || apiKeys.equals(NO_KEYS) ? ApiKeys.none() : ApiKeys.read(Path.of(apiKeys));
        TlsIdentity tls = tls();
        Set<String> some =
                Set.copyOf(origins.stream().filter(origin -> !origin.isBlank()).toList());
        WebSettings settings = UsageErrors.valid(command, () -> new WebSettings(host, port, tls, keys, some, limits));
        if (apiKeys.isEmpty() && !settings.isLocal()) {
            throw new ParameterException(
                    command.commandLine(),
                    "Whoever reaches " + host + " could send calls and hear them: give --api-keys FILE, or 'none' if "
                            + "that is meant.");
        }
        return settings;
    }

    private @Nullable TlsIdentity tls() throws IOException {
        if (!tlsPkcs12.isEmpty()) {
            String password = tlsPasswordFile.isEmpty()
                    ? ""
                    : Files.readString(Path.of(tlsPasswordFile)).strip();
            return TlsIdentity.ofPkcs12(Path.of(tlsPkcs12), password);
        }
        if (tlsCertificate.isEmpty() != tlsKey.isEmpty()) {
            throw new ParameterException(
                    command.commandLine(), "--tls-certificate and --tls-key belong together; one was given.");
        }
        return tlsKey.isEmpty() ? null : TlsIdentity.ofPem(Path.of(tlsCertificate), Path.of(tlsKey));
    }
}
