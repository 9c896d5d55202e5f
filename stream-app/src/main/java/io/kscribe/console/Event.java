package io.kscribe.console;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that viewers are told.
 *
 * @param number its place in the order of all events; a viewer that has seen it can go on after it
 * @param kind what it is about
 * @param callId the call that it is about; empty if it is about none
 * @param place within the call, so that a newer event of the same kind and place makes an older one superfluous; null if none does
 * @param json what there is to say, an object on one line
 */
record Event(
        long number, Kind kind, String callId, @Nullable Place place, String json) {

    /** What viewers are told of, as their events are called. */
    enum Kind {
        /** A call began, ended, or something about it became known. */
        CALL,
        /** A final transcript. */
        FINAL,
        /** A transcript that may still change. */
        PARTIAL,
        /** How loud a channel was. */
        LEVELS,
        /** A call was forgotten. */
        GONE,
        /** What the viewer has may be out of date: all that is known follows. */
        RESET,
        /** The viewer is disconnected, and why. */
        END;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A segment of a channel. */
    record Place(int channel, long segment) {}

    /** Whether a viewer can do without it: what follows says it again. */
    boolean isPassing() {
        return kind == Kind.PARTIAL || kind == Kind.LEVELS;
    }
}
