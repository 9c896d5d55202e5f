package io.kscribe.gateway;

import io.kscribe.schema.Role;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How calls come in.
 *
 * @param limits how much is taken and held
 * @param roles who is on channel 0, 1, ... of a protocol's calls, where it is not as {@link Protocol#roles} says
 * @param keepKeys whether chunks bear the keys that were pressed, as the attribute {@code dtmf}; callers type numbers of cards, too
 * @param secrets what platforms sign with
 * @param publicUrl how platforms reach the gateway, as {@code wss://voice.example.com}, where that is not what the {@code Host} says
 * @param audioSocket where AudioSocket listens, which knows no authentication; empty for nowhere
 */
public record GatewaySettings(
        GatewayLimits limits,
        Map<Protocol, List<Role>> roles,
        boolean keepKeys,
        GatewaySecrets secrets,
        Optional<String> publicUrl,
        Optional<InetSocketAddress> audioSocket) {

    public GatewaySettings {
        roles = Map.copyOf(roles);
        publicUrl.ifPresent(url -> {
            if (!url.matches("(wss?|https?)://[^/\\s]+/?")) {
                throw new IllegalArgumentException(
                        "'" + url + "' is no address of a gateway; expected one such as wss://voice.example.com.");
            }
        });
    }

    /** The defaults: no secrets, no AudioSocket. */
    public static GatewaySettings standard() {
        return new GatewaySettings(
                GatewayLimits.standard(), Map.of(), false, GatewaySecrets.none(), Optional.empty(), Optional.empty());
    }

    /** Who is on channel 0, 1, ... of a protocol's calls; empty where it depends on their number. */
    List<Role> roles(Protocol protocol) {
        return roles.getOrDefault(protocol, protocol.roles());
    }
}
