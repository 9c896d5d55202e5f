package io.kscribe.stream;

import io.kscribe.audio.SampleEncoding;
import io.kscribe.schema.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a recording is published as a call.
 *
 * @param callId the call's id, and the key of its records; not blank
 * @param encoding how samples are written; G.711 is published at {@link #TELEPHONE_RATE_HZ}, anything else at the recording's rate
 * @param chunk how much audio goes into a record, from {@link #SHORTEST_CHUNK} to {@link #LONGEST_CHUNK}
 * @param roles who speaks on channel 0, 1, ...; null for {@link #usualRoles}
 * @param language what is spoken, as ISO 639-1; null to have it detected
 * @param attributes kept with each record
 */
public record CallOptions(
        String callId,
        SampleEncoding encoding,
        Duration chunk,
        @Nullable List<Role> roles,
        @Nullable String language,
        Map<String, String> attributes) {

    /** What telephone exchanges work at (ITU-T G.711). */
    public static final int TELEPHONE_RATE_HZ = 8000;

    public static final Duration DEFAULT_CHUNK = Duration.ofMillis(100);
    public static final Duration SHORTEST_CHUNK = Duration.ofMillis(10);

    /** Two seconds at the highest rate that the contract allows, as 16-bit samples, are below Kafka's usual limit of 1 MiB. */
    public static final Duration LONGEST_CHUNK = Duration.ofSeconds(2);

    public CallOptions {
        if (callId.isBlank()) {
            throw new IllegalArgumentException("The call's id is empty.");
        }
        if (chunk.compareTo(SHORTEST_CHUNK) < 0 || chunk.compareTo(LONGEST_CHUNK) > 0) {
            throw new IllegalArgumentException("A chunk of " + chunk.toMillis() + " ms was asked for; expected "
                    + SHORTEST_CHUNK.toMillis() + " to " + LONGEST_CHUNK.toMillis() + " ms.");
        }
        if (language != null && !language.matches("[a-z]{2,3}")) {
            throw new IllegalArgumentException(
                    "'" + language + "' is not a language; expected a code such as en or de.");
        }
        roles = roles == null ? null : List.copyOf(roles);
        attributes = Map.copyOf(attributes);
    }

    /** A call as telephones make it: mu-law in chunks of 100 ms, the usual roles, the language to be detected. */
    public static CallOptions telephone(String callId) {
        return new CallOptions(callId, SampleEncoding.MULAW, DEFAULT_CHUNK, null, null, Map.of());
    }

    /** Who usually speaks: on one channel the customer; on several the agent on channel 0 and the customer on channel 1. */
    public static List<Role> usualRoles(int channels) {
        return channels == 1 ? List.of(Role.CUSTOMER) : List.of(Role.AGENT, Role.CUSTOMER);
    }

    /** Who speaks on a channel of a recording with so many. */
    Role role(int channel, int channels) {
        List<Role> known = roles == null ? usualRoles(channels) : roles;
        return channel < known.size() ? known.get(channel) : Role.UNKNOWN;
    }

    /** The rate at which a recording of this rate is published. */
    int publishedRateHz(int recordedRateHz) {
        return switch (encoding) {
            case MULAW, ALAW -> TELEPHONE_RATE_HZ;
            case PCM_S16LE, PCM_F32LE -> recordedRateHz;
        };
    }
}
