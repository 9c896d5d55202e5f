package io.kscribe.bench;

import io.kscribe.evaluation.LiveScore;
import io.kscribe.recognizer.ShownResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What readers of the topics saw of a run: the measures of {@code kscribe eval --live}, over all channels and over time.
 *
 * <p>Times count from the capture of each sample of speech, every 10 ms, not from that of its chunk's last one. A segment's measures
 * belong to the moment at which it ended.
 *
 * @param all of the segments that ended after the warm-up
 * @param partials how many partials came of these
 * @param byTime of all segments, by the beginning of the interval of the run in which they ended
 */
record LiveMeasures(LiveScore all, long partials, SortedMap<Duration, LiveScore> byTime) {
    /** Over how long measures are summed up. */
    static final Duration INTERVAL = Duration.ofSeconds(5);

    /** As fine as capture times are. */
    private static final Duration FINEST = Duration.ofMillis(1);

    private record Segment(BenchChannel channel, long number) {}

    /**
     * Measures a run.
     *
     * @param started when it began
     * @param partials in the order of their coming
     * @param finals in the order of their coming
     */
    static LiveMeasures of(LoadPlan plan, Instant started, List<Arrival> partials, List<Arrival> finals) {
        Map<String, BenchChannel> channels = new HashMap<>();
        plan.channels().forEach(channel -> channels.put(channel.callId() + "/" + channel.channel(), channel));
        Map<Segment, List<Arrival>> segments = new HashMap<>();
        for (Arrival arrival : partials) {
            add(arrival, channels, segments);
        }
        for (Arrival arrival : finals) {
            add(arrival, channels, segments);
        }
        LiveScore all = LiveScore.ZERO;
        long counted = 0;
        SortedMap<Duration, LiveScore> byTime = new TreeMap<>();
        for (Map.Entry<Segment, List<Arrival>> entry : segments.entrySet()) {
            BenchChannel channel = entry.getKey().channel();
            List<Arrival> revisions = untilTheFinal(entry.getValue());
            if (revisions.isEmpty()) {
                continue;
            }
            Instant channelStarted = started.plus(channel.start());
            List<ShownResult> shown =
                    revisions.stream().map(one -> one.shown(channelStarted)).toList();
            long endMillis = shown.get(shown.size() - 1).result().endMillis();
            Duration end = channel.start().plusMillis(endMillis);
            LiveScore score = LiveScore.of(shown, FINEST, Duration.ZERO, Duration.ZERO);
            byTime.merge(INTERVAL.multipliedBy(end.dividedBy(INTERVAL)), score, LiveScore::plus);
            if (end.compareTo(plan.settings().warmUp()) >= 0) {
                all = all.plus(score);
                counted += revisions.size() - 1;
            }
        }
        return new LiveMeasures(all, counted, byTime);
    }

    private static void add(Arrival arrival, Map<String, BenchChannel> channels, Map<Segment, List<Arrival>> segments) {
        BenchChannel channel = channels.get(
                arrival.transcript().getCallId() + "/" + arrival.transcript().getChannel());
        if (channel != null) {
            segments.computeIfAbsent(
                            new Segment(channel, arrival.transcript().getSegmentId()), key -> new ArrayList<>())
                    .add(arrival);
        }
    }

    /** What was shown up to and with the first final; nothing if there was none: then the segment was taken back, or its final is lost. */
    private static List<Arrival> untilTheFinal(List<Arrival> arrivals) {
        List<Arrival> inTime = new ArrayList<>(arrivals);
        inTime.sort(Comparator.comparing(Arrival::at));
        for (int i = 0; i < inTime.size(); i++) {
            if (inTime.get(i).isFinal()) {
                return inTime.subList(0, i + 1);
            }
        }
        return List.of();
    }
}
