package io.kscribe.model;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Says how to reach a Hugging Face hub.
 *
 * @param endpoint the hub's address, http or https
 * @param token what proves who asks, if anything
 * @param stallLimit how long a server may send nothing in the middle of a file
 * @param firstPause how long to wait after a first failure; each further one doubles it
 */
record HubSettings(String endpoint, Optional<String> token, Duration stallLimit, Duration firstPause) {

    static final String ENDPOINT_VARIABLE = "HF_ENDPOINT";
    static final String TOKEN_VARIABLE = "HF_TOKEN";

    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
    private static final Duration DEFAULT_STALL_LIMIT = Duration.ofSeconds(60);
    private static final Duration DEFAULT_FIRST_PAUSE = Duration.ofSeconds(1);

    /** What the variables {@value #ENDPOINT_VARIABLE} and {@value #TOKEN_VARIABLE} say, as they do to the hub's own client. */
    static HubSettings of(Map<String, String> environment) {
        String endpoint = environment.getOrDefault(ENDPOINT_VARIABLE, "").strip();
        String token = environment.getOrDefault(TOKEN_VARIABLE, "").strip();
        return new HubSettings(
                endpoint.isEmpty() ? DEFAULT_ENDPOINT : endpoint,
                Optional.of(token).filter(text -> !text.isEmpty()),
                DEFAULT_STALL_LIMIT,
                DEFAULT_FIRST_PAUSE);
    }

    /** @throws ModelException if the endpoint is not the address of a web server */
    URI address() throws ModelException {
        try {
            URI address = new URI(endpoint);
            if (String.valueOf(address.getScheme()).matches("https?") && address.getHost() != null) {
                return address;
            }
            throw new URISyntaxException(endpoint, "no address of a web server");
        } catch (URISyntaxException e) {
            throw new ModelException(
                    ENDPOINT_VARIABLE + " is \"" + endpoint + "\", expected an address that begins with https://", e);
        }
    }
}
