package io.kscribe.cli;

import io.kscribe.bench.BenchResult;
import io.kscribe.bench.Finals;
import io.kscribe.evaluation.Latencies;
import io.kscribe.evaluation.LiveScore.Changes;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Writes down what {@code kscribe bench} found out, for people. */
final class BenchTable {
    private static final List<Integer> PERCENTILES = List.of(50, 95, 99);
    private static final double BYTES_A_MEGABYTE = 1e6;
    private static final int MOST_THREADS = 6;

    private final PrintWriter out;

    BenchTable(PrintWriter out) {
        this.out = out;
    }

    void print(BenchResult result) {
        row(
                "load",
                "%d channels%s, %.0f s after %.0f s of warm-up, %.1f %% talk, seed %d",
                result.settings().channels(),
                result.settings().surge() == 0
                        ? ""
                        : " and " + result.settings().surge() + " more in the middle third",
                seconds(result.settings().duration()),
                seconds(result.settings().warmUp()),
                100 * result.talk(),
                result.settings().seed());
        row(
                "sent",
                "%d chunks, the most belated %d ms after its capture",
                result.chunks(),
                result.latestSend().toMillis());
        row(
                "written",
                "%.1f MB of audio, %.1f MB of changelogs: %.2f times as much",
                result.traffic().audioBytes() / BYTES_A_MEGABYTE,
                result.traffic().changelogBytes() / BYTES_A_MEGABYTE,
                (double) result.traffic().changelogBytes()
                        / Math.max(1, result.traffic().audioBytes()));
        row("model", "%s", result.model().isEmpty() ? "-" : result.model());
        latencies("partial", result.partial());
        latencies("final", result.last());
        latencies("word shown", result.wordShown());
        latencies("word stable", result.wordStable());
        row(
                "partials",
                "%d; %s, %s",
                result.partials(),
                changed("shown", result.shown()),
                changed("stable", result.stable()));
        finals(result.finals());
        row(
                "lag",
                "%d chunks at most; median %d in the first third, %d in the last",
                result.mostLag(),
                result.medianLag(0, 1 / 3.0),
                result.medianLag(2 / 3.0, 1));
        result.processorTime().keySet().forEach(process -> process(result, process));
        threads(result);
        result.realTimeFactor()
                .ifPresent(factor -> row("real-time", "%.4f: the service's processor time by time of audio", factor));
        out.flush();
    }

    private void finals(Finals finals) {
        String compared = finals.compared() == 0
                ? ""
                : String.format(Locale.ROOT, ", %d of %d changed", finals.changed(), finals.compared());
        row(
                "finals",
                "%d of %d; %d lost, %d doubled, %d unexpected%s",
                finals.received() - finals.unexpected(),
                finals.expected(),
                finals.lost(),
                finals.doubled(),
                finals.unexpected(),
                compared);
    }

    private void process(BenchResult result, String process) {
        Duration used = result.processorTime().getOrDefault(process, Duration.ZERO);
        OptionalLong memory = result.mostResidentBytes(process);
        row(
                process,
                "%.1f s of processor time, %.2f processors%s",
                seconds(used),
                result.wall().isZero() ? 0 : seconds(used) / seconds(result.wall()),
                memory.isEmpty()
                        ? ""
                        : String.format(Locale.ROOT, ", %.0f MB at most", memory.getAsLong() / BYTES_A_MEGABYTE));
    }

    /** The service's busiest threads. */
    private void threads(BenchResult result) {
        double all = result.threads().values().stream()
                .mapToDouble(BenchTable::seconds)
                .sum();
        if (all > 0) {
            row(
                    "threads",
                    "%s",
                    result.threads().entrySet().stream()
                            .sorted(Map.Entry.<String, Duration>comparingByValue()
                                    .reversed())
                            .limit(MOST_THREADS)
                            .map(thread -> String.format(
                                    Locale.ROOT, "%s %.1f %%", thread.getKey(), 100 * seconds(thread.getValue()) / all))
                            .collect(Collectors.joining(", ")));
        }
    }

    private void latencies(String what, Latencies latencies) {
        row(
                what,
                "%s",
                PERCENTILES.stream()
                        .map(percent -> "p" + percent + " " + millis(latencies.percentile(percent)))
                        .collect(Collectors.joining(", ")));
    }

    private static String millis(OptionalLong latency) {
        return latency.isEmpty() ? "-" : latency.getAsLong() + " ms";
    }

    private static String changed(String what, Changes changes) {
        return String.format(Locale.ROOT, "%d of %d %s words changed", changes.changed(), changes.words(), what);
    }

    private void row(String name, String pattern, Object... values) {
        out.printf(Locale.ROOT, "%-12s %s%n", name, String.format(Locale.ROOT, pattern, values));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
