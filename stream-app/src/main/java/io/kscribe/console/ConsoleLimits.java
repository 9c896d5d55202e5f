package io.kscribe.console;

import static io.kscribe.limits.NamedLimits.atLeastOne;
import static io.kscribe.limits.NamedLimits.positive;

import io.kscribe.limits.Limit;
import java.time.Duration;

/**
 * How much the console remembers, and for how many.
 *
 * @param keptCalls calls that are remembered; of those beyond, the ones that were heard of longest ago are forgotten; default 500
 * @param keptTime how long a call is remembered after it was last heard of, and how far back Kafka is read at the start; default 6 h
 * @param keptBytes bytes of transcripts and loudness that are remembered, roughly; default 128 000 000
 * @param keptLoudness how much of a channel's loudness is remembered: its end; default 3 h
 * @param silentCall a call of which neither audio nor words have come for so long has ended; default 60 s
 * @param viewers that may watch at once; default 100
 * @param viewerEvents events that may wait for a viewer: at half of them partials and loudness are left out, beyond them it is
 *     disconnected; default 1000
 * @param viewerHeartbeat how often a viewer hears that it is connected when there is nothing else to say; default 15 s
 */
public record ConsoleLimits(
        @Limit(value = "calls that the console remembers", unit = "calls")
        int keptCalls,

        @Limit("how long it remembers them, and how far back it reads Kafka when it starts")
        Duration keptTime,

        @Limit(value = "bytes of transcripts and loudness that it remembers, roughly", unit = "bytes")
        int keptBytes,

        @Limit("how much of a channel's loudness it remembers")
        Duration keptLoudness,

        @Limit("a call of which nothing has come for so long is shown as over")
        Duration silentCall,

        @Limit(value = "viewers at once", unit = "viewers") int viewers,

        @Limit(
                value =
                        "events that may wait for a viewer: at half of them partials are left out, beyond them it is disconnected",
                unit = "events")
        int viewerEvents,

        @Limit("how often a viewer hears that it is connected")
        Duration viewerHeartbeat) {

    public ConsoleLimits {
        atLeastOne("remembered calls", keptCalls);
        positive("time that calls are remembered", keptTime);
        atLeastOne("remembered bytes", keptBytes);
        positive("remembered loudness", keptLoudness);
        positive("silence of a call", silentCall);
        atLeastOne("viewers", viewers);
        atLeastOne("events that wait for a viewer", viewerEvents);
        positive("time between heartbeats", viewerHeartbeat);
    }

    /** The defaults. */
    public static ConsoleLimits standard() {
        return new ConsoleLimits(
                500,
                Duration.ofHours(6),
                128_000_000,
                Duration.ofHours(3),
                Duration.ofSeconds(60),
                100,
                1000,
                Duration.ofSeconds(15));
    }
}
