package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpServer;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.Transcript;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

/** Traces through the whole topology with real models, and to a collector that is there. */
class TracingIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String SAMPLED = "00-" + TRACE + "-" + PARENT + "-01";
    private static final String NOT_SAMPLED = "00-" + TRACE + "-" + PARENT + "-00";
    private static final Topics TOPICS = Topics.standard();

    private final InMemorySpanExporter exported = InMemorySpanExporter.create();

    /** What came of a call. */
    private record Said(List<TestRecord<String, Transcript>> finals, List<TestRecord<String, Transcript>> partials) {
        Stream<TestRecord<String, Transcript>> all() {
            return Stream.concat(finals.stream(), partials.stream());
        }

        List<Transcript> texts() {
            return all().map(TestRecord::value).toList();
        }
    }

    private Tracing toMemory() {
        return Tracing.by(SimpleSpanProcessor.create(exported), TOPICS);
    }

    private static Headers headers(String traceParent) {
        return new RecordHeaders()
                .add("other", new byte[] {1})
                .add("traceparent", traceParent.getBytes(StandardCharsets.UTF_8))
                .add("tracestate", "congo=t61rcWkgMzE".getBytes(StandardCharsets.UTF_8));
    }

    /** A call whose first chunk has headers; it is said at the pace of the workers. */
    private static Said said(Tracing tracing, Headers first) throws Exception {
        try (InferencePool pool =
                        new InferencePool(task -> TinyModel.live().recognizer().decode(task), 2);
                DrivenTopology topology = new DrivenTopology(pool, tracing)) {
            List<AudioChunk> call = KennedyCall.chunks("c1");
            topology.send(call.get(0), first);
            for (AudioChunk chunk : call.subList(1, call.size())) {
                topology.send(chunk);
                topology.settle();
            }
            topology.settle();
            return new Said(topology.takeFinalRecords(), topology.takePartialRecords());
        }
    }

    private static String header(TestRecord<String, Transcript> record, String name) {
        return new String(
                Objects.requireNonNull(record.headers().lastHeader(name)).value(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldGoOnWithAChunksTraceToEachTranscript() throws Exception {
        Said said = said(toMemory(), headers(SAMPLED));

        assertThat(said.finals()).isNotEmpty();
        assertThat(said.partials()).isNotEmpty();
        List<SpanData> spans = exported.getFinishedSpanItems();
        assertThat(spans).extracting(SpanData::getTraceId).containsOnly(TRACE);
        List<SpanData> sent = spans.stream()
                .filter(span -> span.getName().startsWith("send "))
                .toList();
        assertThat(said.all().map(record -> header(record, "traceparent")))
                .containsExactlyInAnyOrderElementsOf(sent.stream()
                        .map(span -> "00-" + TRACE + "-" + span.getSpanId() + "-01")
                        .toList());
        assertThat(said.all()).allSatisfy(record -> {
            assertThat(header(record, "tracestate")).isEqualTo("congo=t61rcWkgMzE");
            assertThat(record.headers().lastHeader("other")).isNull();
        });
        List<String> decodings = spans.stream()
                .filter(span -> span.getName().startsWith("decode "))
                .peek(span -> assertThat(span.getParentSpanId()).isEqualTo(PARENT))
                .map(SpanData::getSpanId)
                .toList();
        assertThat(sent).allSatisfy(span -> assertThat(decodings).contains(span.getParentSpanId()));
        assertThat(sent)
                .filteredOn(span -> span.getName().equals("send " + TOPICS.transcripts()))
                .extracting(
                        span -> span.getAttributes().get(AttributeKey.stringKey("messaging.kafka.message.key")),
                        span -> span.getAttributes().get(AttributeKey.longKey("kscribe.segment")))
                .containsExactlyElementsOf(said.finals().stream()
                        .map(record -> tuple("c1", record.value().getSegmentId()))
                        .toList());
    }

    @Test
    void shouldSayTheSameInTracesAndOutOfThem() throws Exception {
        Said traced = said(toMemory(), headers(SAMPLED));
        Said untraced = said(Tracing.off(), headers(SAMPLED));

        assertThat(untraced.texts()).isEqualTo(traced.texts());
        assertThat(untraced.all())
                .allSatisfy(record -> assertThat(record.headers()).isEmpty());
    }

    @Test
    void shouldCarryATraceOnThatIsNotSampledAndRecordNothing() throws Exception {
        Said said = said(toMemory(), headers(NOT_SAMPLED));

        assertThat(exported.getFinishedSpanItems()).isEmpty();
        assertThat(said.finals()).isNotEmpty();
        assertThat(said.all().map(record -> header(record, "traceparent")))
                .allMatch(parent -> parent.startsWith("00-" + TRACE + "-") && parent.endsWith("-00"));
    }

    @Test
    void shouldTakeNoNoticeOfHeadersThatAreNoTrace() throws Exception {
        for (String none : List.of("", "00-0-0-01", "00-" + "0".repeat(32) + "-" + PARENT + "-01", "\u0000")) {
            Said said = said(toMemory(), headers(none));

            assertThat(said.finals()).isNotEmpty();
            assertThat(said.all())
                    .allSatisfy(record -> assertThat(record.headers()).isEmpty());
        }
        assertThat(exported.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void shouldSendSpansToACollector() throws Exception {
        BlockingQueue<String> received = new LinkedBlockingQueue<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/", exchange -> {
            String body = HexFormat.of().formatHex(exchange.getRequestBody().readAllBytes());
            received.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " " + body);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try {
            URI address =
                    URI.create("http://localhost:" + collector.getAddress().getPort() + "/");
            try (Tracing tracing = Tracing.to(address, TOPICS)) {
                said(tracing, headers(SAMPLED));
            }
            String request = received.poll(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS);
            assertThat(request)
                    .startsWith("POST /v1/traces application/x-protobuf ")
                    .contains(TRACE, PARENT);
        } finally {
            collector.stop(0);
        }
    }
}
