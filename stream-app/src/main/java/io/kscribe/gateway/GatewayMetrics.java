package io.kscribe.gateway;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.EnumMap;
import java.util.EnumSet;
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
final class GatewayMetrics implements MeterBinder, AutoCloseable {

    private static final String GROUP = "gateway";

    private static final double MILLIS_A_SECOND = 1000;

    /** What is counted for ever. */
    enum Count {
        CALLS("Calls that began, reconnections among them."),
        CHUNKS("Chunks that Kafka has."),
        UNDELIVERED_MILLIS("Milliseconds of audio that came and that Kafka did not get."),
        OVERFLOWS("Connections that were told that Kafka does not follow."),
        REFUSED("Connections that did what they may not."),
        KEYS("Keys that were pressed.");

        private final String description;

        Count(String description) {
            this.description = description;
        }

        private String metric() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-') + "-total";
        }

        private String meter() {
            return name().toLowerCase(Locale.ROOT).replace('_', '.');
        }
    }

    private final Metrics metrics;
    private final Map<Count, Sensor> sensors = new EnumMap<>(Count.class);
    private final LongSupplier bufferedBytes;
    private final AtomicInteger connections = new AtomicInteger();

    GatewayMetrics(LongSupplier bufferedBytes) {
        this.bufferedBytes = bufferedBytes;
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
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder(
                        "kscribe.gateway.undelivered",
                        this,
                        counted -> counted.total(Count.UNDELIVERED_MILLIS) / MILLIS_A_SECOND)
                .baseUnit("seconds")
                .description("Audio that came and that Kafka did not get.")
                .register(registry);
        for (Count count : EnumSet.complementOf(EnumSet.of(Count.UNDELIVERED_MILLIS))) {
            FunctionCounter.builder("kscribe.gateway." + count.meter(), this, counted -> counted.total(count))
                    .description(count.description)
                    .register(registry);
        }
        io.micrometer.core.instrument.Gauge.builder("kscribe.gateway.connections", connections::get)
                .description("Connections over which calls come in.")
                .register(registry);
        io.micrometer.core.instrument.Gauge.builder("kscribe.gateway.buffered", bufferedBytes::getAsLong)
                .baseUnit("bytes")
                .description("Audio that waits for Kafka.")
                .register(registry);
    }

    @Override
    public void close() {
        metrics.close();
    }
}
