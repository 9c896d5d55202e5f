package io.kscribe.engine;

/**
 * Speech that goes on, of which one window after another is decoded, each longer than the one before: by it the engine remembers what it
 * has computed of the shorter ones.
 *
 * <p>It holds nothing itself: what is remembered is forgotten once it {@linkplain #end ends}, and in time if it is not told so. Thread-safe;
 * equal to itself alone.
 */
public final class OngoingSpeech {
    private volatile boolean over;

    /** Nothing more is decoded of it. */
    public void end() {
        over = true;
    }

    boolean over() {
        return over;
    }
}
