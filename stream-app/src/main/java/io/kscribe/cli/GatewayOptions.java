package io.kscribe.cli;

import io.kscribe.gateway.GatewayLimits;
import io.kscribe.gateway.GatewaySecrets;
import io.kscribe.gateway.GatewaySettings;
import io.kscribe.gateway.Protocol;
import io.kscribe.schema.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of the gateway. */
@Section("gateway")
final class GatewayOptions {

    private static final int HIGHEST_PORT = 65_535;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--audiosocket-port",
            paramLabel = "PORT",
            description =
                    "Where Asterisk's AudioSocket comes in, at the host of --http-host; 0 for any port that is free. "
                            + "AudioSocket knows no authentication. Default: $KSCRIBE_AUDIOSOCKET_PORT, else nowhere.")
    private @Nullable Integer audioSocketPort;

    @Option(
            names = "--channel-roles",
            paramLabel = "PROTOCOL=ROLE:ROLE",
            split = ",",
            defaultValue = "${KSCRIBE_CHANNEL_ROLES:-}",
            description = "Who is on channel 0, 1, ... of the calls of a protocol, for instance twilio=agent:customer. "
                    + "Default: $KSCRIBE_CHANNEL_ROLES, else as the protocol has it.")
    private List<String> roles = List.of();

    @Option(
            names = "--gateway-secrets",
            paramLabel = "FILE",
            defaultValue = "${KSCRIBE_GATEWAY_SECRETS:-}",
            description = "What Twilio and AudioHook sign with: twilio.auth-token=TOKEN, audiohook.KEY=SECRET. "
                    + "Default: $KSCRIBE_GATEWAY_SECRETS, else they need an API key.")
    private String secrets;

    @Option(
            names = "--public-url",
            paramLabel = "URL",
            defaultValue = "${KSCRIBE_PUBLIC_URL:-}",
            description = "How Twilio reaches the gateway, which it signs: wss://voice.example.com. "
                    + "Default: $KSCRIBE_PUBLIC_URL, else as its request says.")
    private String publicUrl;

    @Option(
            names = "--keep-dtmf",
            negatable = true,
            description = "Keep the keys that callers press with the audio. They may be numbers of cards.")
    private boolean keepKeys;

    /**
     * The settings that the options describe.
     *
     * @param host where the web server listens
     * @throws IOException if a file cannot be read
     */
    GatewaySettings settings(String host, GatewayLimits limits) throws IOException {
        GatewaySecrets read = secrets.isEmpty() ? GatewaySecrets.none() : GatewaySecrets.read(Path.of(secrets));
        return UsageErrors.valid(
                command,
                () -> new GatewaySettings(
                        limits,
                        rolesByProtocol(roles),
                        keepKeys,
                        read,
                        Optional.of(publicUrl).filter(url -> !url.isEmpty()),
                        audioSocket(host)));
    }

    private Optional<InetSocketAddress> audioSocket(String host) {
        if (audioSocketPort == null) {
            return Optional.empty();
        }
        if (audioSocketPort < 0 || audioSocketPort > HIGHEST_PORT) {
            throw new IllegalArgumentException(
                    "AudioSocket's port is " + audioSocketPort + "; expected 0 to " + HIGHEST_PORT + ".");
        }
        return Optional.of(new InetSocketAddress(host, audioSocketPort));
    }

    /**
     * Reads roles.
     *
     * @param texts each as {@code twilio=agent:customer}
     * @throws IllegalArgumentException if one is not of that form
     */
    static Map<Protocol, List<Role>> rolesByProtocol(List<String> texts) {
        Map<Protocol, List<Role>> roles = new EnumMap<>(Protocol.class);
        for (String text : texts) {
            if (text.isBlank()) {
                continue;
            }
            int equals = text.indexOf('=');
            try {
                Protocol protocol = Protocol.valueOf(
                        text.substring(0, Math.max(0, equals)).strip().toUpperCase(Locale.ROOT));
                roles.put(
                        protocol,
                        Stream.of(text.substring(equals + 1).split(":", -1))
                                .map(role -> Role.valueOf(role.strip().toUpperCase(Locale.ROOT)))
                                .toList());
            } catch (IllegalArgumentException unknown) {
                throw new IllegalArgumentException(
                        "'" + text + "' gives no roles; expected plain, twilio, audiohook or audiosocket, and agent, "
                                + "customer or unknown for each channel, as in twilio=agent:customer.",
                        unknown);
            }
        }
        return roles;
    }
}
