package io.kscribe.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the web server listens, and whom it lets in.
 *
 * @param host the address to listen at
 * @param port 0 for any that is free
 * @param tls the server's key and certificates; null for plain HTTP
 * @param keys the API keys
 * @param origins of other sites' pages that may connect, as {@code https://desk.example.com}
 * @param limits for its clients
 */
public record WebSettings(
        String host, int port, @Nullable TlsIdentity tls, ApiKeys keys, Set<String> origins, WebLimits limits) {

    /** Where the server listens unless told otherwise: this machine only. */
    public static final String LOOPBACK = "127.0.0.1";

    public static final int DEFAULT_PORT = 8080;

    private static final int HIGHEST_PORT = 65_535;

    public WebSettings {
        if (port < 0 || port > HIGHEST_PORT) {
            throw new IllegalArgumentException("The web server's port is " + port + "; expected 0 to 65535.");
        }
        for (String origin : origins) {
            if (!origin.matches("https?://[^/\\s]+")) {
                throw new IllegalArgumentException(
                        "'" + origin + "' is no origin; expected one such as https://desk.example.com.");
            }
        }
        origins = Set.copyOf(origins);
    }

    /** A server on this machine, for this machine, for everybody on it. */
    public static WebSettings local(int port) {
        return new WebSettings(LOOPBACK, port, null, ApiKeys.none(), Set.of(), WebLimits.standard());
    }

    /**
     * Whether only this machine can connect.
     *
     * @throws WebException if the host is not known
     */
    public boolean isLocal() throws WebException {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            throw new WebException("There is no host " + host + " to listen at.", unknown);
        }
    }
}
