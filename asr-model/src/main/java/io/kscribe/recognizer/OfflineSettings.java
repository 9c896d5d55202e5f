package io.kscribe.recognizer;

import java.time.Duration;

/**
 * How recordings are decoded: on how many threads, how much at once, and how far reading may run ahead of it.
 *
 * @param longestWindow islands are packed into windows up to this length, 1 to 30 s; an island that is longer has a window of its own;
 *     default 29 s
 * @param workers threads that decode; 0: the thread that feeds recordings decodes, too; default one a processor
 * @param batch the most windows that are decoded together; default 8
 * @param ahead the most windows that wait or are being decoded before reading waits, at least {@code batch}; a window of 28 s takes
 *     about 3 MB; default 24, or twice {@code batch} for each worker if that is more
 */
public record OfflineSettings(Duration longestWindow, int workers, int batch, int ahead) {
    private static final int MOST = 1000;
    private static final Duration LONGEST_WINDOW = Duration.ofSeconds(29);
    private static final int BATCH = 8;
    private static final int AHEAD = 24;

    /** Short windows take little memory, and of many it is easier to find some of like length. */
    private static final int BATCH_OF_SHORT = 32;

    /** @throws IllegalArgumentException if a number is not as above */
    public OfflineSettings {
        if (longestWindow.toMillis() < 1000 || longestWindow.toMillis() > 30_000) {
            throw new IllegalArgumentException(
                    "longestWindow must lie between 1000 and 30000 ms but was " + longestWindow.toMillis() + " ms");
        }
        within("workers", 0, workers);
        within("batch", 1, batch);
        within("ahead", batch, ahead);
    }

    private static void within(String name, int least, int value) {
        if (value < least || value > MOST) {
            throw new IllegalArgumentException(
                    name + " must lie between " + least + " and " + MOST + " but was " + value);
        }
    }

    /** For many short recordings on the thread that feeds them: up to 32 windows are decoded together. */
    public static OfflineSettings shortRecordings() {
        return new OfflineSettings(LONGEST_WINDOW, 0, BATCH_OF_SHORT, BATCH_OF_SHORT);
    }

    /** The defaults with so many threads. */
    public static OfflineSettings onThreads(int workers) {
        return new OfflineSettings(
                LONGEST_WINDOW, workers, BATCH, Math.min(MOST, Math.max(AHEAD, 2 * BATCH * workers)));
    }

    /** The defaults. */
    public static OfflineSettings defaults() {
        return onThreads(Runtime.getRuntime().availableProcessors());
    }
}
