package io.kscribe.gateway;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.apache.kafka.common.metrics.Gauge;
import org.apache.kafka.common.metrics.JmxReporter;
import org.apache.kafka.common.metrics.KafkaMetricsContext;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.common.metrics.stats.CumulativeSum;
import org.apache.kafka.common.utils.Time;

/** What the gateway counts, as Kafka's clients show theirs: in JMX, {@code kscribe:type=gateway}. */
final class GatewayMetrics implements AutoCloseable {

    private static final String GROUP = "gateway";

    /** What is counted for ever. */
    enum Count {
        /** Calls that began, reconnections among them. */
        CALLS,
        /** Chunks that Kafka has. */
        CHUNKS,
        /** Milliseconds of audio that came and that Kafka did not get. */
        UNDELIVERED_MILLIS,
        /** Connections that were told that Kafka does not follow. */
        OVERFLOWS,
        /** Connections that did what they may not. */
        REFUSED,
        /** Keys that were pressed. */
        KEYS;

        private String metric() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-') + "-total";
        }
    }

    private final Metrics metrics;
    private final Map<Count, Sensor> sensors = new EnumMap<>(Count.class);
    private final AtomicInteger connections = new AtomicInteger();

    GatewayMetrics(LongSupplier bufferedBytes) {
        metrics = new Metrics(
                new MetricConfig(), List.of(new JmxReporter()), Time.SYSTEM, new KafkaMetricsContext("kscribe"));
        for (Count count : Count.values()) {
            Sensor sensor = metrics.sensor(count.metric());
            sensor.add(metrics.metricName(count.metric(), GROUP), new CumulativeSum());
            sensors.put(count, sensor);
        }
        gauge("open-connections", connections::get);
        gauge("buffered-bytes", bufferedBytes);
    }

    private void gauge(String name, LongSupplier value) {
        metrics.addMetric(metrics.metricName(name, GROUP), (Gauge<Long>) (config, now) -> value.getAsLong());
    }

    void count(Count what) {
        count(what, 1);
    }

    void count(Count what, long number) {
        Sensor sensor = sensors.get(what);
        if (sensor != null) {
            sensor.record((double) number);
        }
    }

    void opened() {
        connections.incrementAndGet();
    }

    void closed() {
        connections.decrementAndGet();
    }

    /** What has been counted so far. */
    long total(Count what) {
        return Math.round((double)
                metrics.metric(metrics.metricName(what.metric(), GROUP)).metricValue());
    }

    @Override
    public void close() {
        metrics.close();
    }
}
