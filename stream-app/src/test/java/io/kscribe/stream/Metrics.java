package io.kscribe.stream;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/** Reads kscribe's metrics out of a registry of Kafka's. */
final class Metrics {
    private Metrics() {}

    /** The sum of a metric over tasks and reasons. */
    static long total(Map<MetricName, ? extends Metric> registry, String name) {
        return sum(registry, name, null);
    }

    /** The sum of a metric over tasks, for one reason. */
    static long total(Map<MetricName, ? extends Metric> registry, String name, String reason) {
        return sum(registry, name, reason);
    }

    private static long sum(Map<MetricName, ? extends Metric> registry, String name, @Nullable String reason) {
        return registry.values().stream()
                .filter(metric -> metric.metricName().group().equals(FlowMetrics.GROUP)
                        && metric.metricName().name().equals(name)
                        && (reason == null
                                || reason.equals(metric.metricName().tags().get("reason"))))
                .mapToLong(metric -> ((Number) metric.metricValue()).longValue())
                .sum();
    }
}
