package io.kscribe.engine;

import io.kscribe.audio.LogMelSpectrogram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The stretches of a window in which nobody speaks, as its loudness tells.
 *
 * <p>Attention says which word is spoken where, but it has to be somewhere while nothing is spoken, and so a word swallows the pause
 * beside it. A pause lies between two words: the boundary that attention put nearest to it is where it belongs, the word before ends
 * where it begins, and the word after begins where it ends.
 *
 * @param pauses in order, apart from each other
 * @param audioMillis the length of the audio; a pause that ends there follows the last word
 */
record Pauses(List<Pause> pauses, long audioMillis) {
    /** Shorter silence is found within words, before the release of a plosive. */
    private static final int SHORTEST_FRAMES = 10;

    /** Anything louder that is shorter than this, a click, does not end a pause. */
    private static final int SHORTEST_SOUND_FRAMES = 3;

    /** A pause further than this from every boundary of words is taken for a part of one. */
    private static final long REACH_MILLIS = 200;

    /** The share of frames below the background's loudness, and that above the speech's. */
    private static final double OUTLIERS = 0.1;

    /** How far from the background's loudness up to the speech's a pause may reach. */
    private static final float QUIET = 0.25f;

    /** Units of a log-mel: normalised, one is four powers of ten (40 dB). */
    private static final float LEAST_CONTRAST = 0.25f;

    private static final float GREATEST_CONTRAST = 1;
    private static final int MILLIS_A_FRAME = 1000 * LogMelSpectrogram.HOP_SAMPLES / LogMelSpectrogram.SAMPLE_RATE_HZ;

    /** Silence from a time to a time, in milliseconds from the start of the window. */
    record Pause(long startMillis, long endMillis) {
        Pause {
            if (startMillis < 0 || endMillis <= startMillis) {
                throw new IllegalArgumentException("a pause lasts from 0 ms or later to a later time, not from "
                        + startMillis + " to " + endMillis);
            }
        }

        private long millis() {
            return endMillis - startMillis;
        }

        /** How far a time is from this; 0 within it. */
        private long distance(long millis) {
            return Math.max(0, Math.max(startMillis - millis, millis - endMillis));
        }
    }

    Pauses {
        pauses = List.copyOf(pauses);
    }

    /** Finds the pauses of a window; none where speech stands out by less than 10 dB. */
    static Pauses of(SpeechWindow window) {
        float[] loudness = loudness(window);
        float[] sorted = loudness.clone();
        Arrays.sort(sorted);
        int outliers = (int) (OUTLIERS * sorted.length);
        float speech = sorted[sorted.length - 1 - outliers];
        float background = Math.max(sorted[outliers], speech - GREATEST_CONTRAST);
        BitSet quiet = new BitSet(loudness.length);
        for (int frame = 0; frame < loudness.length && speech - background >= LEAST_CONTRAST; frame++) {
            quiet.set(frame, loudness[frame] < background + QUIET * (speech - background));
        }
        return new Pauses(runs(quiet), (long) loudness.length * MILLIS_A_FRAME);
    }

    /** {@code [frames]}: the mean of the audio's log-mel over its bins. */
    private static float[] loudness(SpeechWindow window) {
        float[] loudness = new float[Math.max(1, window.samples() / LogMelSpectrogram.HOP_SAMPLES)];
        for (int bin = 0; bin < window.melBins(); bin++) {
            for (int frame = 0; frame < loudness.length; frame++) {
                loudness[frame] += window.mel()[bin * window.frames() + frame] / window.melBins();
            }
        }
        return loudness;
    }

    private static List<Pause> runs(BitSet quiet) {
        List<Pause> pauses = new ArrayList<>();
        int from = quiet.nextSetBit(0);
        while (from >= 0) {
            int to = quiet.nextClearBit(from);
            int next = quiet.nextSetBit(to);
            while (next >= 0 && next - to < SHORTEST_SOUND_FRAMES) {
                to = quiet.nextClearBit(next);
                next = quiet.nextSetBit(to);
            }
            if (to - from >= SHORTEST_FRAMES) {
                pauses.add(new Pause((long) from * MILLIS_A_FRAME, (long) to * MILLIS_A_FRAME));
            }
            from = next;
        }
        return pauses;
    }

    /** The words with their boundaries moved to the pauses there, and none within a pause. */
    List<TimedWord> outOf(List<TimedWord> words) {
        NavigableMap<Integer, Pause> longest = longestAtBoundaries(words);
        List<TimedWord> spoken = new ArrayList<>(words.size());
        for (int w = 0; w < words.size(); w++) {
            TimedWord word = words.get(w);
            Map.Entry<Integer, Pause> before = longest.floorEntry(w);
            Map.Entry<Integer, Pause> after = longest.higherEntry(w);
            long earliest = before == null ? 0 : before.getValue().endMillis;
            long latest = after == null ? Long.MAX_VALUE : after.getValue().startMillis;
            long start = longest.containsKey(w) ? earliest : within(word.startMillis(), earliest, latest);
            long end = longest.containsKey(w + 1) ? latest : within(word.endMillis(), earliest, latest);
            spoken.add(word.at(start, end));
        }
        return spoken;
    }

    private static long within(long millis, long earliest, long latest) {
        return Math.max(earliest, Math.min(millis, latest));
    }

    /** The longest pause at each boundary that has one; boundary {@code i} is before word {@code i}. */
    private NavigableMap<Integer, Pause> longestAtBoundaries(List<TimedWord> words) {
        NavigableMap<Integer, Pause> longest = new TreeMap<>();
        if (words.isEmpty()) {
            return longest;
        }
        long[] boundaries = boundaries(words);
        for (Pause pause : pauses) {
            int boundary = boundaryOf(pause, boundaries);
            if (pause.distance(boundaries[boundary]) <= REACH_MILLIS) {
                longest.merge(boundary, pause, (a, b) -> a.millis() >= b.millis() ? a : b);
            }
        }
        return longest;
    }

    private static long[] boundaries(List<TimedWord> words) {
        long[] boundaries = new long[words.size() + 1];
        boundaries[0] = words.get(0).startMillis();
        for (int i = 1; i < words.size(); i++) {
            boundaries[i] = (words.get(i - 1).endMillis() + words.get(i).startMillis()) / 2;
        }
        boundaries[words.size()] = words.get(words.size() - 1).endMillis();
        return boundaries;
    }

    /** The boundary nearest to a pause, of several within it the middle one; at the window's edges the outermost. */
    private int boundaryOf(Pause pause, long[] boundaries) {
        if (pause.startMillis == 0) {
            return 0;
        }
        if (pause.endMillis == audioMillis) {
            return boundaries.length - 1;
        }
        int first = 0;
        int last = 0;
        for (int i = 1; i < boundaries.length; i++) {
            long distance = pause.distance(boundaries[i]);
            long least = pause.distance(boundaries[first]);
            if (distance < least) {
                first = i;
            }
            if (distance <= least) {
                last = i;
            }
        }
        return (first + last) / 2;
    }
}
