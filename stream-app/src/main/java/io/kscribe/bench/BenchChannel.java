package io.kscribe.bench;

import io.kscribe.schema.Role;
import java.time.Duration;

/**
 * One channel of the load.
 *
 * @param callId its call
 * @param channel its number in the call
 * @param start when its first sample is captured, from the beginning of the run; not negative
 * @param script what is spoken on it
 */
record BenchChannel(String callId, int channel, Duration start, ChannelScript script) {
    BenchChannel {
        if (start.isNegative()) {
            throw new IllegalArgumentException("a channel starts with the run or later, not at " + start);
        }
    }

    Role role() {
        return channel == 0 ? Role.AGENT : Role.CUSTOMER;
    }

    /** When it ends, from the beginning of the run. */
    Duration end() {
        return start.plus(length());
    }

    Duration length() {
        return Duration.ofMillis(script.samples() * 1000 / SpeechBank.RATE_HZ);
    }
}
