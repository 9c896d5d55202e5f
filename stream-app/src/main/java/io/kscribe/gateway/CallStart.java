package io.kscribe.gateway;

import io.kscribe.schema.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a platform says of a call before its audio.
 *
 * @param callId the call's id
 * @param lines the channels whose audio comes over this connection, at least one
 * @param format of all of them
 * @param language what is spoken, as ISO 639-1; null to have it detected
 * @param attributes kept with the call
 * @param position how much of the call came before over other connections, for clients that count; null for those that do not
 */
record CallStart(
        String callId,
        List<Line> lines,
        AudioFormat format,
        @Nullable String language,
        Map<String, String> attributes,
        @Nullable Duration position) {

    /**
     * A channel.
     *
     * @param channel its number in the call
     * @param role who speaks on it
     */
    record Line(int channel, Role role) {}

    CallStart {
        if (lines.isEmpty()) {
            throw new IllegalArgumentException("The call has no channels.");
        }
        if (lines.stream().map(Line::channel).collect(Collectors.toSet()).size() < lines.size()) {
            throw new IllegalArgumentException("The call has a channel twice.");
        }
        lines = List.copyOf(lines);
        attributes = Map.copyOf(attributes);
    }
}
