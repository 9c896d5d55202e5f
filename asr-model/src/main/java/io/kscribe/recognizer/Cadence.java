package io.kscribe.recognizer;

import java.time.Duration;

/**
 * How many of its partials a stream is to ask for: all of them, or under load fewer.
 *
 * <p>Steps fall at multiples of {@code partialInterval} of an island's audio, and a stretched cadence keeps every second or fourth of
 * those: so a partial that is said under load is one that is said without load, too. Finals do not depend on the cadence.
 */
public enum Cadence {
    /** A partial at each step. */
    EVERY_STEP(1),

    /** A partial at every second step. */
    EVERY_SECOND_STEP(2),

    /** A partial at every fourth step. */
    EVERY_FOURTH_STEP(4),

    /** No partials. */
    FINALS_ONLY(Integer.MAX_VALUE);

    /** A stream that is behind by more than this asks for half of its partials. */
    static final Duration LATE = Duration.ofMillis(500);

    /** A stream that is behind by more than this asks for a quarter of its partials. */
    static final Duration VERY_LATE = Duration.ofSeconds(1);

    /** A stream that is behind by more than this asks for no partials. */
    static final Duration TOO_LATE = Duration.ofSeconds(2);

    private final int stretch;

    Cadence(int stretch) {
        this.stretch = stretch;
    }

    /**
     * What suits a stream, or a service, that is late.
     *
     * @param behind how long a task waits for its answer; {@link RecognitionStream#behind} or what the scheduler knows, whichever is more
     */
    public static Cadence at(Duration behind) {
        if (behind.compareTo(TOO_LATE) > 0) {
            return FINALS_ONLY;
        }
        if (behind.compareTo(VERY_LATE) > 0) {
            return EVERY_FOURTH_STEP;
        }
        return behind.compareTo(LATE) > 0 ? EVERY_SECOND_STEP : EVERY_STEP;
    }

    /** Whether the partial of a step, counted from 1, is to be asked for. */
    boolean keeps(int step) {
        return step % stretch == 0;
    }
}
