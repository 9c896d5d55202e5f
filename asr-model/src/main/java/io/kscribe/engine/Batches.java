package io.kscribe.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which windows are decoded side by side: those of about the same length, as the shorter are filled up to the longest, and of like requests,
 * as they go in step.
 */
final class Batches {
    /** The most windows side by side on the processor; more would hardly cost less each. */
    static final int MOST_LANES = 8;

    /** The same on a GPU. */
    static final int MOST_LANES_ON_GPU = 32;

    /** The most memory of a batch's keys and values, 128 MiB, if it has more than one lane. */
    static final long MOST_BYTES = 128L << 20;

    /** The same on a GPU, 512 MiB. */
    static final long MOST_BYTES_ON_GPU = 512L << 20;

    private Batches() {}

    /** What requests of one batch have in common. */
    private record Kind(boolean detectsLanguage, boolean hasHypothesis, DecodingSettings settings) {
        static Kind of(DecodingRequest request) {
            boolean hasHypothesis =
                    !request.prefix().isEmpty() || !request.draft().isEmpty();
            return new Kind(request.language().isEmpty(), hasHypothesis, request.settings());
        }
    }

    /**
     * Divides windows into batches.
     *
     * @param layouts the windows' layouts
     * @param requests how each is to be decoded
     * @param bytesOfPosition what a position of a window takes
     * @param device what decodes
     * @return the windows' indexes
     */
    static List<List<Integer>> of(
            List<ContextLayout> layouts, List<DecodingRequest> requests, long bytesOfPosition, Device device) {
        int mostLanes = device.cuda() ? MOST_LANES_ON_GPU : MOST_LANES;
        long mostBytes = device.cuda() ? MOST_BYTES_ON_GPU : MOST_BYTES;
        Collection<List<Integer>> kinds = IntStream.range(0, layouts.size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> layouts.get(i).size(), Comparator.reverseOrder()))
                .collect(Collectors.groupingBy(i -> Kind.of(requests.get(i)), LinkedHashMap::new, Collectors.toList()))
                .values();
        List<List<Integer>> batches = new ArrayList<>();
        for (List<Integer> byLength : kinds) {
            for (int from = 0, to; from < byLength.size(); from = to) {
                int positions = Encoder.laneSize(layouts.get(byLength.get(from)).size());
                long lanes = Math.max(1, Math.min(mostLanes, mostBytes / (positions * bytesOfPosition)));
                to = (int) Math.min(byLength.size(), from + lanes);
                batches.add(byLength.subList(from, to));
            }
        }
        return batches;
    }
}
