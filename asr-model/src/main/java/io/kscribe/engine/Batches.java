package io.kscribe.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Which windows are decoded side by side: those of about the same length, as the shorter are filled up to the longest. */
final class Batches {
    /** The most windows side by side; more would hardly cost less each. */
    static final int MOST_LANES = 8;

    /** The most memory of a batch's keys and values, 128 MiB. */
    static final long MOST_BYTES = 128L << 20;

    private Batches() {}

    /**
     * Divides windows into batches.
     *
     * @param bytesOfPosition what a position of a window takes
     * @return the windows' indexes
     */
    static List<List<Integer>> of(List<SpeechWindow> windows, long bytesOfPosition) {
        List<Integer> byLength = IntStream.range(0, windows.size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> windows.get(i).samples(), Comparator.reverseOrder()))
                .toList();
        List<List<Integer>> batches = new ArrayList<>();
        for (int from = 0, to; from < byLength.size(); from = to) {
            int longest = ContextLayout.merged(windows.get(byLength.get(from)).samples())
                    .size();
            long room = Math.max(1, MOST_BYTES / (longest * bytesOfPosition));
            to = (int) Math.min(byLength.size(), from + Math.min(MOST_LANES, room));
            batches.add(byLength.subList(from, to));
        }
        return batches;
    }
}
