package io.kscribe.engine;

import io.kscribe.audio.LogMelSpectrogram;
import java.time.Duration;

/**
 * How much of the silence between the end of the audio and the end of the model's window of 30 s is computed.
 *
 * @param dense silence right after the audio of which every position (20 ms) is computed, up to 30 s; default 600 ms
 * @param run how many of the positions after that share the first one that is computed, at least 1; default 10
 * @param growth how many times longer each further run is than the one before, from 1 to 10; default 1
 */
public record Padding(Duration dense, int run, double growth) {
    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final int MOST_POSITIONS = LogMelSpectrogram.WINDOW_FRAMES / 2;
    private static final int MOST_GROWTH = 10;

    public Padding {
        if (dense.isNegative() || dense.compareTo(WINDOW) > 0) {
            throw new IllegalArgumentException("dense padding lasts from 0 to 30 s, not " + dense);
        }
        if (run < 1 || run > MOST_POSITIONS) {
            throw new IllegalArgumentException(
                    "a run of padding has 1 to " + MOST_POSITIONS + " positions, not " + run);
        }
        if (!(growth >= 1 && growth <= MOST_GROWTH)) {
            throw new IllegalArgumentException("runs of padding grow by 1 to " + MOST_GROWTH + ", not by " + growth);
        }
    }

    /** Merged silence: as good as all of it at a fraction of its cost. */
    public static Padding merged() {
        return new Padding(Duration.ofMillis(600), 10, 1);
    }

    /** All of it, as Whisper was trained. */
    public static Padding whole() {
        return new Padding(WINDOW, 1, 1);
    }
}
