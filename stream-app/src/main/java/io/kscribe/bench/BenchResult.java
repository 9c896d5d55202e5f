package io.kscribe.bench;

import io.kscribe.evaluation.Latencies;
import io.kscribe.evaluation.LiveScore;
import io.kscribe.evaluation.LiveScore.Changes;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a run gave.
 *
 * @param settings what was asked for
 * @param model what wrote the texts; empty if none came
 * @param talk the share of time in which somebody spoke
 * @param audio of all channels together
 * @param wall from the first sample to the last final
 * @param chunks sent
 * @param traffic what was written to Kafka
 * @param latestSend how long after its capture the most belated chunk was sent: what the load itself adds to latencies
 * @param partial from the capture of a moment of speech to the first partial, or the final, that has heard it
 * @param wordShown from a word's end to the first result that has it as the final does
 * @param wordStable from a word's end to the first result that has it so and calls it stable
 * @param last from the end of a segment's last word to its final, read committed
 * @param shown how many word forms partials showed, and how many were changed
 * @param stable how many words were called stable, and how many of them the final changed
 * @param partials how many partials came
 * @param finals what became of the finals
 * @param processorTime used during the run, by process
 * @param threads processor time of the service's threads during the run, by name; of those that lived to its end
 * @param moments how things stood, second by second
 * @param intervals what was said, by the beginning of each interval of {@link #INTERVAL}
 */
public record BenchResult(
        BenchSettings settings,
        String model,
        double talk,
        Duration audio,
        Duration wall,
        long chunks,
        Traffic traffic,
        Duration latestSend,
        Latencies partial,
        Latencies wordShown,
        Latencies wordStable,
        Latencies last,
        Changes shown,
        Changes stable,
        long partials,
        Finals finals,
        Map<String, Duration> processorTime,
        Map<String, Duration> threads,
        List<Moment> moments,
        List<Interval> intervals) {
    /** The service's name among processes. */
    public static final String SERVICE = "service";

    /** The broker's name among processes. */
    public static final String BROKER = "broker";

    /** The load's own name among processes. */
    public static final String BENCH = "bench";

    public static final Duration INTERVAL = LiveMeasures.INTERVAL;

    /**
     * How things stood at a moment.
     *
     * @param at from the beginning
     * @param lag chunks that the service had not committed
     * @param processors how many processors each process kept busy in the second before
     * @param residentBytes memory that each process held
     */
    public record Moment(Duration at, long lag, Map<String, Double> processors, Map<String, Long> residentBytes) {}

    /**
     * What the run added to the brokers' disks; less where they have thrown away old records meanwhile.
     *
     * @param audioBytes to the topic of audio
     * @param changelogBytes to the service's changelogs
     */
    public record Traffic(long audioBytes, long changelogBytes) {}

    /**
     * What was said in a part of the run.
     *
     * @param from its beginning, from the beginning of the run
     * @param partial as for the whole run
     * @param last as for the whole run
     */
    public record Interval(Duration from, Latencies partial, Latencies last) {}

    public BenchResult {
        processorTime = Collections.unmodifiableMap(new LinkedHashMap<>(processorTime));
        threads = Collections.unmodifiableMap(new LinkedHashMap<>(threads));
        moments = List.copyOf(moments);
        intervals = List.copyOf(intervals);
    }

    static BenchResult of(
            LoadPlan plan,
            LiveMeasures measures,
            Finals finals,
            LoadGenerator.Sent sent,
            Traffic traffic,
            String model,
            Duration wall,
            Map<String, Duration> processorTime,
            Map<String, Duration> threads,
            List<Moment> moments) {
        LiveScore all = measures.all();
        return new BenchResult(
                plan.settings(),
                model,
                plan.talk(),
                plan.audio(),
                wall,
                sent.chunks(),
                traffic,
                sent.latest(),
                all.partial(),
                all.wordShown(),
                all.wordStable(),
                all.finals(),
                all.shown(),
                all.stable(),
                measures.partials(),
                finals,
                processorTime,
                threads,
                moments,
                new TreeMap<>(measures.byTime())
                        .entrySet().stream()
                                .map(one -> new Interval(
                                        one.getKey(),
                                        one.getValue().partial(),
                                        one.getValue().finals()))
                                .toList());
    }

    /** The service's processor time by time of audio; empty where the service's process is not known. */
    public OptionalDouble realTimeFactor() {
        Duration service = processorTime.get(SERVICE);
        return service == null || audio.isZero()
                ? OptionalDouble.empty()
                : OptionalDouble.of((double) service.toNanos() / audio.toNanos());
    }

    /** The most memory that a process held; empty if it is not known. */
    public OptionalLong mostResidentBytes(String process) {
        return moments.stream()
                .map(moment -> moment.residentBytes().get(process))
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .max();
    }

    /** The most chunks that the service was behind. */
    public long mostLag() {
        return moments.stream().mapToLong(Moment::lag).max().orElse(0);
    }

    /**
     * The median lag of a part of the measured time.
     *
     * @param from where it begins, 0 to 1
     * @param to where it ends
     */
    public long medianLag(double from, double to) {
        double begin = settings.warmUp().toMillis() + from * settings.duration().toMillis();
        double end = settings.warmUp().toMillis() + to * settings.duration().toMillis();
        long[] lags = moments.stream()
                .filter(moment -> moment.at().toMillis() >= begin && moment.at().toMillis() < end)
                .mapToLong(Moment::lag)
                .sorted()
                .toArray();
        return lags.length == 0 ? 0 : lags[lags.length / 2];
    }
}
