package io.kscribe.gateway;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A request's signature (<a href="https://www.rfc-editor.org/rfc/rfc9421">RFC 9421</a>), as far as AudioHook makes use of it: one, by
 * HMAC-SHA256, of components without parameters.
 *
 * @param components what is signed, in order
 * @param parameters {@code keyid}, {@code created}, {@code expires}, {@code nonce}, {@code alg}
 * @param input the list of both as it was written, which is signed as well
 * @param base64 the signature
 */
record HttpMessageSignature(List<String> components, Map<String, String> parameters, String input, String base64) {

    private static final Pattern INPUT = Pattern.compile(
            "\\s*([a-z*][a-z0-9_.*-]*)=(\\(((?:\"[^\"\\\\]*\"\\s*)*)\\)((?:;[a-z]+=(?:\"[^\"\\\\]*\"|\\d{1,15}))*))\\s*");
    private static final Pattern COMPONENT = Pattern.compile("\"([^\"]*)\"");
    private static final Pattern PARAMETER = Pattern.compile(";([a-z]+)=(?:\"([^\"]*)\"|(\\d+))");
    private static final Pattern SIGNATURE = Pattern.compile("\\s*([a-z*][a-z0-9_.*-]*)=:([A-Za-z0-9+/=]*):\\s*");

    /** Longest header that is looked at. */
    private static final int LONGEST_HEADER = 4096;

    HttpMessageSignature {
        components = List.copyOf(components);
        parameters = Map.copyOf(parameters);
    }

    /** Reads the headers {@code Signature-Input} and {@code Signature}; empty if they have no signature of the form. */
    static Optional<HttpMessageSignature> parse(String signatureInput, String signature) {
        if (signatureInput.length() > LONGEST_HEADER || signature.length() > LONGEST_HEADER) {
            return Optional.empty();
        }
        Matcher input = INPUT.matcher(signatureInput);
        Matcher value = SIGNATURE.matcher(signature);
        if (!input.matches() || !value.matches() || !input.group(1).equals(value.group(1))) {
            return Optional.empty();
        }
        List<String> components = new ArrayList<>();
        COMPONENT.matcher(input.group(3)).results().forEach(component -> components.add(component.group(1)));
        Map<String, String> parameters = new HashMap<>();
        PARAMETER
                .matcher(input.group(4))
                .results()
                .forEach(parameter -> parameters.put(
                        parameter.group(1), parameter.group(2) == null ? parameter.group(3) : parameter.group(2)));
        return Optional.of(new HttpMessageSignature(components, parameters, input.group(2), value.group(2)));
    }

    /** Whether all of these are signed. */
    boolean covers(Set<String> wanted) {
        return components.containsAll(wanted);
    }

    /** Whether it was made not long ago, and may still be used; clocks may differ by that much, too. */
    boolean isFresh(Instant now, long seconds) {
        long time = now.getEpochSecond();
        long created = number("created", Long.MIN_VALUE);
        long expires = number("expires", Long.MAX_VALUE);
        return created >= time - seconds && created <= time + seconds && expires > time - seconds;
    }

    private long number(String parameter, long otherwise) {
        String value = parameters.get(parameter);
        return value == null || !value.matches("\\d{1,15}") ? otherwise : Long.parseLong(value);
    }

    /**
     * Whether it was made with a secret.
     *
     * @param values of the components of this request; empty for those it does not have
     */
    boolean isMadeWith(byte[] secret, Function<String, Optional<String>> values) {
        StringBuilder base = new StringBuilder();
        for (String component : components) {
            Optional<String> value = values.apply(component);
            if (value.isEmpty()) {
                return false;
            }
            base.append('"')
                    .append(component)
                    .append("\": ")
                    .append(value.get().strip())
                    .append('\n');
        }
        base.append("\"@signature-params\": ").append(input);
        byte[] made = Base64.getEncoder().encode(hmac(secret, base.toString()));
        return MessageDigest.isEqual(made, base64.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] hmac(byte[] secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
