package io.kscribe.gateway;

import io.javalin.http.Context;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells AudioHook's requests by their <a href="https://developer.genesys.cloud/devapps/audiohook/security">signatures</a>. */
final class AudioHookRequests {

    /** What a signature must be of. */
    private static final Set<String> SIGNED = Set.of(
            "@request-target",
            "@authority",
            "audiohook-organization-id",
            "audiohook-session-id",
            "audiohook-correlation-id",
            "x-api-key");

    /** How old a signature may be, and how far clocks may be apart. */
    private static final long OLDEST_SECONDS = 10;

    private static final int SHORTEST_NONCE = 22;

    private final Map<String, byte[]> secrets;
    private final InstantSource clock;

    /**
     * A check.
     *
     * @param secrets client secrets by API key
     */
    AudioHookRequests(Map<String, byte[]> secrets, InstantSource clock) {
        this.secrets = Map.copyOf(secrets);
        this.clock = clock;
    }

    /** Whether a request has been signed by somebody who knows a secret. */
    boolean isSigned(Context request) {
        String key = String.valueOf(request.header("X-API-KEY"));
        Optional<HttpMessageSignature> signature = HttpMessageSignature.parse(
                String.valueOf(request.header("Signature-Input")), String.valueOf(request.header("Signature")));
        if (signature.isEmpty()) {
            return false;
        }
        Map<String, String> parameters = signature.get().parameters();
        byte[] secret = secrets.getOrDefault(key, new byte[32]);
        boolean made = signature.get().isMadeWith(secret, component -> value(request, component));
        return made
                && secrets.containsKey(key)
                && key.equals(parameters.get("keyid"))
                && parameters.getOrDefault("nonce", "").length() >= SHORTEST_NONCE
                && parameters.getOrDefault("alg", "hmac-sha256").equals("hmac-sha256")
                && signature.get().covers(SIGNED)
                && signature.get().isFresh(clock.instant(), OLDEST_SECONDS);
    }

    private static Optional<String> value(Context request, String component) {
        return switch (component) {
            case "@request-target" ->
                Optional.of(request.path() + (request.queryString() == null ? "" : "?" + request.queryString()));
            case "@authority" -> Optional.ofNullable(request.header("Host")).map(host -> host.toLowerCase(Locale.ROOT));
            case "@method" -> Optional.of("GET");
            default -> component.startsWith("@") ? Optional.empty() : Optional.ofNullable(request.header(component));
        };
    }
}
