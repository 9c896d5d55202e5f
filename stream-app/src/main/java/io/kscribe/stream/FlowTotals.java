package io.kscribe.stream;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;

/**
 * What all tasks of an instance have counted ({@link FlowMetrics}), those among them that have gone elsewhere: a counter of the instance never
 * falls. Kafka tells it of each metric that comes and goes. Thread-safe.
 */
public final class FlowTotals implements MetricsReporter, MeterBinder {
    /** The setting of Kafka Streams that holds the object which is to hear of metrics. */
    private static final String SELF = "kscribe.flow.totals";

    private static final String REASON = "reason";

    private static final double MILLIS_A_SECOND = 1000;

    /** What is counted in pieces. */
    private static final Set<FlowMetrics.Count> COUNTED =
            EnumSet.complementOf(EnumSet.of(FlowMetrics.Count.AUDIO_MILLIS));

    private record Key(String metric, String reason) {}

    private final Map<MetricName, KafkaMetric> present = new HashMap<>();
    private final Map<Key, Double> gone = new HashMap<>();
    private FlowTotals told = this;

    /** Settings that make Kafka Streams tell this object. */
    Map<String, Object> config() {
        return Map.of("metric.reporters", FlowTotals.class.getName(), SELF, this);
    }

    /** Called by Kafka on an instance of its own, which passes on what it hears. */
    @Override
    public void configure(Map<String, ?> configs) {
        if (configs.get(SELF) instanceof FlowTotals other) {
            told = other;
        }
    }

    @Override
    public void init(List<KafkaMetric> metrics) {
        metrics.forEach(this::metricChange);
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        if (metric.metricName().group().equals(FlowMetrics.GROUP)) {
            told.add(metric);
        }
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
        if (metric.metricName().group().equals(FlowMetrics.GROUP)) {
            told.remove(metric);
        }
    }

    private synchronized void add(KafkaMetric metric) {
        present.put(metric.metricName(), metric);
    }

    private synchronized void remove(KafkaMetric metric) {
        if (present.remove(metric.metricName()) != null) {
            gone.merge(key(metric.metricName()), value(metric), Double::sum);
        }
    }

    /** What has been counted, over all tasks that were ever here. */
    private synchronized double total(Key key) {
        return gone.getOrDefault(key, 0.0) + level(key);
    }

    /** What is measured now, over all tasks that are here. */
    private synchronized double level(Key key) {
        return present.values().stream()
                .filter(metric -> key(metric.metricName()).equals(key))
                .mapToDouble(FlowTotals::value)
                .sum();
    }

    private static Key key(MetricName name) {
        return new Key(name.name(), name.tags().getOrDefault(REASON, ""));
    }

    private static double value(KafkaMetric metric) {
        return metric.metricValue() instanceof Number number ? number.doubleValue() : 0;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Key heard = new Key(FlowMetrics.Count.AUDIO_MILLIS.metric(), "");
        FunctionCounter.builder("kscribe.audio", this, totals -> totals.total(heard) / MILLIS_A_SECOND)
                .baseUnit("seconds")
                .description("Audio that was heard, silence included.")
                .register(registry);
        for (FlowMetrics.Count count : COUNTED) {
            for (String reason : count.reasons()) {
                Key key = new Key(count.metric(), reason);
                FunctionCounter.builder(meter(count), this, totals -> totals.total(key))
                        .tags(reason.isEmpty() ? Tags.empty() : Tags.of(REASON, reason))
                        .description(FlowMetrics.sentence(count.description()))
                        .register(registry);
            }
        }
        for (FlowMetrics.Level level : FlowMetrics.Level.values()) {
            Key key = new Key(level.metric(), "");
            Gauge.builder(meter(level), this, totals -> totals.level(key))
                    .description(FlowMetrics.sentence(level.description()))
                    .register(registry);
        }
    }

    private static String meter(Enum<?> what) {
        return "kscribe." + what.name().toLowerCase(Locale.ROOT).replace('_', '.');
    }

    /** What was counted stays known. */
    @Override
    public void close() {}
}
