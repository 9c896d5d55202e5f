package io.kscribe.gateway;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * What platforms sign with.
 *
 * @param twilioToken the token of the Twilio account, if its signatures are to be checked
 * @param audioHookKeys client secrets by API key, if AudioHook's signatures are to be checked
 */
public record GatewaySecrets(Optional<String> twilioToken, Map<String, byte[]> audioHookKeys) {

    private static final String TWILIO = "twilio.auth-token";
    private static final String AUDIOHOOK = "audiohook.";

    public GatewaySecrets {
        audioHookKeys = Map.copyOf(audioHookKeys);
    }

    /** No secrets: whoever has an API key of kscribe's may call as a platform. */
    public static GatewaySecrets none() {
        return new GatewaySecrets(Optional.empty(), Map.of());
    }

    /**
     * Reads secrets from a file of properties: {@code twilio.auth-token}, and {@code audiohook.KEY} for each API key of AudioHook's,
     * which is the client secret in base64.
     *
     * @throws IOException if it cannot be read, or has something else in it; the message never has a secret
     */
    public static GatewaySecrets read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IllegalArgumentException malformed) {
            throw new IOException(file + " is not a properties file.", malformed);
        }
        Map<String, byte[]> keys = new LinkedHashMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(AUDIOHOOK)) {
                keys.put(name.substring(AUDIOHOOK.length()), secret(file, properties.getProperty(name)));
            } else if (!name.equals(TWILIO)) {
                throw new IOException(
                        file + " has a setting that is not known; expected " + TWILIO + " and " + AUDIOHOOK + "KEY.");
            }
        }
        return new GatewaySecrets(
                Optional.ofNullable(properties.getProperty(TWILIO)).filter(token -> !token.isBlank()), keys);
    }

    private static byte[] secret(Path file, String base64) throws IOException {
        try {
            return Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException noBase64) {
            throw new IOException("A secret of AudioHook's in " + file + " is not in base64.", noBase64);
        }
    }

    /** Says nothing about what it holds. */
    @Override
    public String toString() {
        return "GatewaySecrets";
    }
}
