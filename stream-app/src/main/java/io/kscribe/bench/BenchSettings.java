package io.kscribe.bench;

import java.time.Duration;

/**
 * How much is spoken.
 *
 * @param channels channels that speak all the time; two make a call
 * @param surge channels that speak besides for the middle third of the time; 0: none
 * @param warmUp what is spoken before latencies count
 * @param duration for how long they count
 * @param talk the share of a channel's time in which somebody speaks
 * @param seed the same gives the same audio
 */
public record BenchSettings(int channels, int surge, Duration warmUp, Duration duration, double talk, long seed) {
    public static final Duration DEFAULT_DURATION = Duration.ofMinutes(2);
    public static final Duration DEFAULT_WARM_UP = Duration.ofSeconds(10);
    public static final int DEFAULT_TALK_PERCENT = 45;
    public static final long DEFAULT_SEED = 1;

    /** Audio in a chunk, as telephony platforms send it. */
    static final Duration CHUNK = Duration.ofMillis(100);

    private static final int MOST_CHANNELS = 100_000;
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(24);
    private static final double LEAST_TALK = 0.01;
    private static final double MOST_TALK = 0.8;

    public BenchSettings {
        if (channels < 1 || surge < 0 || channels + (long) surge > MOST_CHANNELS) {
            throw new IllegalArgumentException("There can be 1 to " + MOST_CHANNELS + " channels, not " + channels
                    + (surge == 0 ? "." : " and " + surge + "."));
        }
        if (duration.compareTo(SHORTEST) < 0 || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "The duration is " + duration.toMillis() + " ms; expected a second to a day.");
        }
        if (warmUp.isNegative() || warmUp.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("The warm-up is " + warmUp.toMillis() + " ms; expected up to a day.");
        }
        if (!(talk >= LEAST_TALK && talk <= MOST_TALK)) {
            throw new IllegalArgumentException("The share of talk is " + Math.round(talk * 100) + " %; expected "
                    + Math.round(LEAST_TALK * 100) + " to " + Math.round(MOST_TALK * 100) + " %.");
        }
    }
}
