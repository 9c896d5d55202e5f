package io.kscribe.evaluation;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * How long things took, in whole milliseconds, exactly and in a form that can be added up.
 *
 * @param counts how often each number of milliseconds was measured; negative for what was known before its time
 */
public record Latencies(SortedMap<Long, Long> counts) {
    /** Of nothing. */
    public static final Latencies NONE = new Latencies(Collections.emptySortedMap());

    public Latencies {
        if (counts.values().stream().anyMatch(count -> count < 1)) {
            throw new IllegalArgumentException("every latency is measured at least once: " + counts);
        }
        counts = Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }

    /** Of measurements in milliseconds. */
    public static Latencies of(LongStream millis) {
        SortedMap<Long, Long> counts = new TreeMap<>();
        millis.forEach(one -> counts.merge(one, 1L, Long::sum));
        return new Latencies(counts);
    }

    /** With those measured elsewhere. */
    public Latencies plus(Latencies other) {
        SortedMap<Long, Long> sum = new TreeMap<>(counts);
        other.counts.forEach((millis, count) -> sum.merge(millis, count, Long::sum));
        return new Latencies(sum);
    }

    /** How many there are. */
    public long size() {
        return counts.values().stream().mapToLong(count -> count).sum();
    }

    /**
     * The least latency that so many percent of all do not exceed (the nearest rank).
     *
     * @param percent above 0, at most 100
     * @return milliseconds; empty if nothing was measured
     */
    public OptionalLong percentile(int percent) {
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException("a percentile lies between 1 and 100, not at " + percent);
        }
        long rank = (size() * percent + 99) / 100;
        long seen = 0;
        for (Map.Entry<Long, Long> entry : counts.entrySet()) {
            seen += entry.getValue();
            if (seen >= rank) {
                return OptionalLong.of(entry.getKey());
            }
        }
        return OptionalLong.empty();
    }
}
