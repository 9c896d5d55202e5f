package io.kscribe.operations;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import io.kscribe.web.Access;
import io.kscribe.web.ApiKeys;
import io.kscribe.web.Routes;
import io.kscribe.web.WebLimits;
import io.kscribe.web.WebServer;
import io.kscribe.web.WebSettings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The operators' own door: {@code /health/live}, {@code /health/ready} and {@code /metrics}, at a port of its own since neither Kubernetes
 * nor Prometheus has an API key, and nobody else should come in here.
 */
public final class Operations implements Routes, AutoCloseable {

    /** The text format that Prometheus reads, version 0.0.4. */
    private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Health health = new Health(InstantSource.system());
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private @Nullable WebServer server;

    private Operations() {
        // They are there under names of their own, for the instance rather than by task.
        meters.config().meterFilter(MeterFilter.denyNameStartsWith("kafka.kscribe"));
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        garbage.bindTo(meters);
    }

    /** Counts for nobody: no door is opened. */
    public static Operations unseen() {
        return new Operations();
    }

    /**
     * Opens the door.
     *
     * @param port 0 for any that is free
     * @throws IOException if it cannot be opened, in a sentence
     */
    public static Operations at(String host, int port) throws IOException {
        Operations operations = new Operations();
        try {
            operations.server = WebServer.start(
                    new WebSettings(host, port, null, ApiKeys.none(), Set.of(), WebLimits.standard()),
                    List.of(operations));
        } catch (IOException failed) {
            operations.close();
            throw failed;
        }
        return operations;
    }

    /** Where parts of the process have their meters. */
    public MeterRegistry meters() {
        return meters;
    }

    /** How the process is. */
    public Health health() {
        return health;
    }

    /** A model is in memory, and how long that took. */
    public void loaded(String model, Duration took) {
        Gauge.builder("kscribe.model.load", took, time -> time.toNanos() / (double) TimeUnit.SECONDS.toNanos(1))
                .tag("model", model)
                .baseUnit("seconds")
                .description("How long it took to load the model, and to fetch and compile it if that was necessary.")
                .strongReference(true)
                .register(meters);
    }

    /** The port of the door; -1 if there is none. */
    public int port() {
        return server == null ? -1 : server.port();
    }

    @Override
    public void addTo(JavalinConfig config) {
        config.routes.get("/metrics", this::metrics, Access.ANYBODY);
        config.routes.get("/health/live", request -> answer(request, health.live()), Access.ANYBODY);
        config.routes.get("/health/ready", request -> answer(request, health.ready()), Access.ANYBODY);
    }

    private void metrics(Context request) {
        request.contentType(PROMETHEUS_TEXT).result(meters.scrape(PROMETHEUS_TEXT));
    }

    private static void answer(Context request, Health.Answer answer) {
        request.status(answer.well() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .json(Map.of("status", answer.well() ? "up" : "down", "reason", answer.reason()));
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        garbage.close();
        meters.close();
    }
}
