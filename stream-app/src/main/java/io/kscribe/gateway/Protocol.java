package io.kscribe.gateway;

import io.kscribe.schema.Role;
import java.util.List;
import java.util.Locale;

/** How a platform speaks to the gateway, and who by its convention is on channel 0, 1, ... */
public enum Protocol {
    /** Metadata as JSON, then audio: our own, and the shape that FreeSWITCH's audio fork and Vonage have. */
    PLAIN,
    /** Twilio Media Streams: what Twilio hears from the caller is {@code inbound}, channel 0. */
    TWILIO,
    /** Genesys AudioHook: {@code external} is the customer, {@code internal} the agent. */
    AUDIOHOOK,
    /** Asterisk AudioSocket: one channel, what Asterisk hears from the caller. */
    AUDIOSOCKET;

    /** Who is on channel 0, 1, ... unless it is configured otherwise; empty where it depends on the number of channels. */
    public List<Role> roles() {
        return switch (this) {
            case PLAIN -> List.of();
            case TWILIO, AUDIOHOOK -> List.of(Role.CUSTOMER, Role.AGENT);
            case AUDIOSOCKET -> List.of(Role.CUSTOMER);
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
