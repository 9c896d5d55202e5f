package io.kscribe.gateway;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Checks <a href="https://www.twilio.com/docs/usage/security#validating-requests">Twilio's signature</a> of a WebSocket's opening: the
 * HMAC-SHA1 of the address as Twilio was given it, by the account's token.
 */
final class TwilioSignature {

    private final String token;
    private final Optional<String> publicUrl;

    /**
     * A check.
     *
     * @param token the account's
     * @param publicUrl how Twilio reaches this gateway, as {@code wss://voice.example.com}, where that is not what the {@code Host} says
     */
    TwilioSignature(String token, Optional<String> publicUrl) {
        this.token = token;
        this.publicUrl = publicUrl;
    }

    /**
     * Whether a request is Twilio's.
     *
     * @param host as the request says it
     * @param path with the query
     * @param signature the header {@code X-Twilio-Signature}; empty if there was none
     */
    boolean matches(String host, String path, String signature) {
        List<String> bases = publicUrl
                .map(List::of)
                .orElse(List.of("wss://" + host, "https://" + host, "ws://" + host, "http://" + host));
        byte[] said = signature.getBytes(StandardCharsets.US_ASCII);
        boolean matches = false;
        for (String base : bases) {
            String address = base.replaceFirst("/+$", "") + path;
            matches |= MessageDigest.isEqual(sign(address), said);
            // Whether an address ends in a slash is up to who typed it.
            matches |= MessageDigest.isEqual(sign(address + "/"), said);
        }
        return matches;
    }

    private byte[] sign(String address) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(token.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encode(mac.doFinal(address.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
