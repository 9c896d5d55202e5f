package io.kscribe.faults;

import java.time.Instant;

/**
 * Something that was done to the service or to the broker.
 *
 * @param kind what
 * @param what to whom, and how
 * @param at when it began
 */
record Fault(Kind kind, String what, Instant at) {
    /** The kinds, and how often each is drawn for every ten. */
    enum Kind {
        KILL(5),
        STOP(2),
        PAUSE(2),
        BROKER(1),
        /** An instance that comes back: others give calls up to it. */
        START(0),
        /** One instance after the other is stopped and started, as with a new version. */
        ROLLING_RESTART(0);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }

        /** The kind that a number from 0 to 9 stands for. */
        static Kind drawn(int number) {
            int left = number;
            for (Kind kind : values()) {
                left -= kind.weight;
                if (left < 0) {
                    return kind;
                }
            }
            throw new IllegalArgumentException(number + " is not from 0 to 9");
        }
    }
}
