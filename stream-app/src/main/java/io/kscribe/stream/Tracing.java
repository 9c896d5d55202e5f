package io.kscribe.stream;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Traces from a chunk to what is said of it: whoever publishes audio may begin a trace, by the headers {@code traceparent} and {@code
 * tracestate} of the chunk's record, as the <a href="https://www.w3.org/TR/trace-context/">W3C's Trace Context</a> has them; the service
 * goes on with it, and transcripts carry it on in headers of the same names.
 *
 * <p>What nobody began to trace is not traced, and what was begun is recorded if its first span was sampled. Traces are no part of the
 * state: an instance that takes a call over from another goes on with the trace of the next chunk that has one.
 */
public final class Tracing implements AutoCloseable {
    private static final String TRACE_PARENT = "traceparent";
    private static final String TRACE_STATE = "tracestate";
    private static final String PATH = "/v1/traces";
    private static final Duration LAST_SPANS = Duration.ofSeconds(3);
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final Tracing OFF = new Tracing(null, Topics.standard());

    private final @Nullable SdkTracerProvider provider;
    private final @Nullable Tracer tracer;
    private final Topics topics;

    private Tracing(@Nullable SdkTracerProvider provider, Topics topics) {
        this.provider = provider;
        this.tracer = provider == null ? null : provider.get("io.kscribe");
        this.topics = topics;
    }

    /** No traces: headers of chunks are not looked at, and transcripts have none. */
    public static Tracing off() {
        return OFF;
    }

    /**
     * Traces whose spans are sent by OTLP over HTTP, in batches and away from the flow; what cannot be sent is dropped.
     *
     * @param collector where OpenTelemetry's collector is, without the path {@code /v1/traces}
     * @param topics where transcripts are written
     */
    public static Tracing to(URI collector, Topics topics) {
        String endpoint = collector.toString().replaceAll("/+$", "") + PATH;
        return by(
                BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                .setEndpoint(endpoint)
                                .build())
                        .build(),
                topics);
    }

    /** Traces whose spans something else sees to; closed with the tracing. */
    static Tracing by(SpanProcessor spans, Topics topics) {
        Attributes service = Attributes.of(AttributeKey.stringKey("service.name"), "kscribe");
        return new Tracing(
                SdkTracerProvider.builder()
                        .setResource(Resource.getDefault().merge(Resource.create(service)))
                        .setSampler(Sampler.parentBased(Sampler.alwaysOff()))
                        .addSpanProcessor(spans)
                        .build(),
                topics);
    }

    /** What a chunk's record says of its trace, to be carried to the recogniser; null if it says nothing, or nobody wants to know. */
    @Nullable
    Headers carried(Headers chunk) {
        Header parent = tracer == null ? null : chunk.lastHeader(TRACE_PARENT);
        if (parent == null) {
            return null;
        }
        Headers carried = new RecordHeaders().add(parent);
        Header state = chunk.lastHeader(TRACE_STATE);
        return state == null ? carried : carried.add(state);
    }

    /** A channel's traces. */
    ChannelTrace channel(ChannelKey key, String model) {
        return new ChannelTrace(tracer, topics, key, model);
    }

    /** The context that headers have; the root if they have none, or none that can be read. */
    static Context read(Headers headers) {
        return W3C.extract(Context.root(), headers, Tracing::value);
    }

    /** The headers that a context has. */
    static Headers written(Context context) {
        Headers headers = new RecordHeaders();
        W3C.inject(
                context, headers, (carrier, name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        return headers;
    }

    private static @Nullable String value(@Nullable Headers headers, String name) {
        Header last = headers == null ? null : headers.lastHeader(name);
        return last == null || last.value() == null ? null : new String(last.value(), StandardCharsets.UTF_8);
    }

    /** Sends the spans that are left, for 3 s at most. */
    @Override
    public void close() {
        if (provider != null) {
            provider.shutdown().join(LAST_SPANS.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
