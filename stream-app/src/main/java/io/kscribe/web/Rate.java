package io.kscribe.web;

/**
 * How often something may happen: a token bucket that fills at a steady rate and holds a second's worth. Not thread-safe.
 */
public final class Rate {

    private static final double NANOS = 1e9;

    private final int perSecond;
    private double tokens;
    private long lastNanos;

    /**
     * A full bucket.
     *
     * @param perSecond how often a second, on average
     * @param nowNanos {@link System#nanoTime()}
     */
    public Rate(int perSecond, long nowNanos) {
        this.perSecond = perSecond;
        this.tokens = perSecond;
        this.lastNanos = nowNanos;
    }

    /** Whether it may happen once more now; it is taken to happen if so. */
    public boolean allows(long nowNanos) {
        tokens = Math.min(perSecond, tokens + (nowNanos - lastNanos) / NANOS * perSecond);
        lastNanos = nowNanos;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
