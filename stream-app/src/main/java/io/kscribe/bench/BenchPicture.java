package io.kscribe.bench;

import io.kscribe.bench.BenchResult.Interval;
import io.kscribe.bench.BenchResult.Moment;
import io.kscribe.bench.LineChart.Line;
import io.kscribe.bench.LineChart.Panel;
import io.kscribe.bench.LineChart.Point;
import io.kscribe.evaluation.Latencies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Draws a run: latencies, how far the service was behind, and what it took of the processors, over time. */
public final class BenchPicture {
    private static final double BYTES_A_GIGABYTE = 1e9;

    private BenchPicture() {}

    /** An SVG document. */
    public static String svg(BenchResult result) {
        double end = Math.max(
                result.moments().stream()
                        .mapToDouble(moment -> seconds(moment.at()))
                        .max()
                        .orElse(1),
                1);
        List<Panel> panels = new ArrayList<>();
        panels.add(new Panel(
                "latency, ms",
                List.of(
                        latency("partial p50", result.intervals(), Interval::partial, 50),
                        latency("partial p95", result.intervals(), Interval::partial, 95),
                        latency("final p50", result.intervals(), Interval::last, 50),
                        latency("final p95", result.intervals(), Interval::last, 95))));
        panels.add(new Panel(
                "lag, chunks",
                List.of(new Line(
                        "not yet committed by the service",
                        result.moments().stream()
                                .map(moment -> new Point(seconds(moment.at()), moment.lag()))
                                .toList()))));
        addProcesses(panels, "processors", result, Moment::processors);
        addProcesses(panels, "memory, GB", result, BenchPicture::gigabytes);
        return new LineChart(title(result), end, panels).svg();
    }

    private static String title(BenchResult result) {
        String surge =
                result.settings().surge() == 0 ? "" : ", " + result.settings().surge() + " more in the middle third";
        return result.settings().channels() + " channels" + surge + ", "
                + Math.round(result.talk() * 100) + " % talk, model "
                + (result.model().isEmpty() ? "unknown" : result.model());
    }

    private static Line latency(
            String name, List<Interval> intervals, Function<Interval, Latencies> measure, int percent) {
        List<Point> points = new ArrayList<>();
        for (Interval interval : intervals) {
            double middle = seconds(interval.from().plus(BenchResult.INTERVAL.dividedBy(2)));
            measure.apply(interval)
                    .percentile(percent)
                    .ifPresent(millis -> points.add(new Point(middle, Math.max(0, millis))));
        }
        return new Line(name, points);
    }

    private static <N extends Number> void addProcesses(
            List<Panel> panels, String unit, BenchResult result, Function<Moment, Map<String, N>> measure) {
        List<Line> lines = new ArrayList<>();
        for (String name : result.processorTime().keySet()) {
            List<Point> points = new ArrayList<>();
            for (Moment moment : result.moments()) {
                N value = measure.apply(moment).get(name);
                if (value != null) {
                    points.add(new Point(seconds(moment.at()), value.doubleValue()));
                }
            }
            lines.add(new Line(name, points));
        }
        if (lines.stream().anyMatch(line -> !line.points().isEmpty())) {
            panels.add(new Panel(unit, lines));
        }
    }

    private static Map<String, Double> gigabytes(Moment moment) {
        return moment.residentBytes().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue() / BYTES_A_GIGABYTE));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
