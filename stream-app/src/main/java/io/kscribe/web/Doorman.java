package io.kscribe.web;

import io.javalin.http.Context;
import io.javalin.http.ForbiddenResponse;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.UnauthorizedResponse;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every request before anybody else does: is it meant for this server, does it come from a page that may, does it bring
 * a key, do not too many come.
 *
 * <p>A browser sends whatever a page tells it to, WebSockets included, and says which page it was ({@code Origin}): our own and
 * those that were named may. Where only this machine is served, without keys, a page could still reach us under a name of its own
 * that it makes point here; so the {@code Host} must then be a name for this machine.
 */
final class Doorman {

    /** The request's attribute with the name of its key, or the client's address. */
    static final String CLIENT = "kscribe.client";

    /** How many clients' rates are remembered. */
    private static final int CLIENTS = 10_000;

    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    private final ApiKeys keys;
    private final Set<String> origins;
    private final boolean namesChecked;
    private final int requestsPerSecond;
    private final LongSupplier nanoClock;
    private final Map<String, Rate> rates = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Rate> eldest) {
            return size() > CLIENTS;
        }
    };

    Doorman(WebSettings settings, LongSupplier nanoClock) throws WebException {
        this.keys = settings.keys();
        this.origins = settings.origins();
        this.namesChecked = settings.isLocal() && !keys.areRequired();
        this.requestsPerSecond = settings.limits().webRequestsPerSecond();
        this.nanoClock = nanoClock;
    }

    /**
     * Lets a request pass.
     *
     * @throws HttpResponseException if it may not
     */
    void check(Context request) {
        checkHost(request);
        checkOrigin(request);
        Optional<String> name = presented(request).flatMap(keys::nameOf);
        String client = name.orElseGet(request::ip);
        checkRate(client);
        boolean keyWanted = !request.routeRoles().contains(Access.OWN_CHECK)
                && !request.routeRoles().contains(Access.ANYBODY);
        if (keyWanted && keys.areRequired() && name.isEmpty()) {
            request.header("WWW-Authenticate", "Basic realm=\"kscribe\", charset=\"UTF-8\"");
            throw new UnauthorizedResponse("An API key is needed: Authorization: Bearer KEY, or X-Api-Key: KEY.");
        }
        request.attribute(CLIENT, client);
    }

    private void checkHost(Context request) {
        String host = request.header("Host");
        if (namesChecked && (host == null || !THIS_MACHINE.contains(withoutPort(host)))) {
            throw new ForbiddenResponse("This server is for its own machine: use http://localhost.");
        }
    }

    private void checkOrigin(Context request) {
        String origin = request.header("Origin");
        if (origin == null || origins.contains(origin)) {
            return;
        }
        if (!authority(origin).equals(request.header("Host"))) {
            throw new ForbiddenResponse("Pages of this origin may not connect; --http-origin allows one.");
        }
    }

    private void checkRate(String client) {
        boolean allowed;
        long now = nanoClock.getAsLong();
        synchronized (rates) {
            allowed = rates.computeIfAbsent(client, name -> new Rate(requestsPerSecond, now))
                    .allows(now);
        }
        if (!allowed) {
            throw new HttpResponseException(
                    HttpStatus.TOO_MANY_REQUESTS.getCode(), "More than " + requestsPerSecond + " requests a second.");
        }
    }

    /** The key that a request brings: as a bearer's token, in a header, or as the password that a browser asked for. */
    private static Optional<String> presented(Context request) {
        String header = request.header("X-Api-Key");
        if (header != null) {
            return Optional.of(header);
        }
        String authorization = request.header("Authorization");
        if (authorization == null) {
            return Optional.empty();
        }
        String[] parts = authorization.strip().split("\\s+", 2);
        if (parts.length < 2) {
            return Optional.empty();
        }
        return switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "bearer" -> Optional.of(parts[1]);
            case "basic" -> Optional.ofNullable(password(parts[1]));
            default -> Optional.empty();
        };
    }

    private static @Nullable String password(String credentials) {
        try {
            String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            return pair.substring(pair.indexOf(':') + 1);
        } catch (IllegalArgumentException noBase64) {
            return null;
        }
    }

    private static String withoutPort(String host) {
        return host.replaceFirst(":\\d*$", "").toLowerCase(Locale.ROOT);
    }

    private static String authority(String origin) {
        try {
            return String.valueOf(new URI(origin).getRawAuthority());
        } catch (URISyntaxException noOrigin) {
            return "";
        }
    }
}
