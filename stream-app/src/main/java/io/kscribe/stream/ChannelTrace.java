package io.kscribe.stream;

import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import io.kscribe.stream.InferencePool.Outcome;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one channel, each in the trace of the last chunk that had one when it began:
 *
 * <ul>
 *   <li>{@code decode final} and {@code decode partial}, from when a decoding is asked for until its result is applied;
 *   <li>{@code send} to a topic, under the decoding that gave the transcript, whose record carries it on.
 * </ul>
 *
 * <p>Attributes that begin with {@code messaging.} are OpenTelemetry's, of its conventions for Kafka. Not thread-safe.
 */
final class ChannelTrace {
    private static final AttributeKey<String> CALL = AttributeKey.stringKey("kscribe.call");
    private static final AttributeKey<Long> CHANNEL = AttributeKey.longKey("kscribe.channel");
    private static final AttributeKey<Long> SEGMENT = AttributeKey.longKey("kscribe.segment");
    private static final AttributeKey<Long> REVISION = AttributeKey.longKey("kscribe.revision");
    private static final AttributeKey<String> MODEL = AttributeKey.stringKey("kscribe.model");
    private static final AttributeKey<Long> START = AttributeKey.longKey("kscribe.audio.start_ms");
    private static final AttributeKey<Long> END = AttributeKey.longKey("kscribe.audio.end_ms");
    private static final AttributeKey<Boolean> LEFT_OUT = AttributeKey.booleanKey("kscribe.left_out");

    private final @Nullable Tracer tracer;
    private final Topics topics;
    private final ChannelKey key;
    private final String model;
    private Context parent = Context.root();

    /** Of decodings that have been asked for. */
    private final Map<RecognitionTask, Span> asked = new HashMap<>();

    /** The last decoding of each segment of which there has been no final. */
    private final Map<Long, Context> decoded = new HashMap<>();

    /**
     * Nothing is traced yet.
     *
     * @param tracer null if nothing is ever to be
     * @param topics where transcripts are written
     */
    ChannelTrace(@Nullable Tracer tracer, Topics topics, ChannelKey key, String model) {
        this.tracer = tracer;
        this.topics = topics;
        this.key = key;
        this.model = model;
    }

    /** Takes up the trace that a chunk's headers have, if they have one. */
    void heard(Headers chunk) {
        if (tracer != null) {
            Context read = Tracing.read(chunk);
            parent = isTraced(read) ? read : parent;
        }
    }

    /** Notes that a decoding is asked for. */
    void asked(RecognitionTask task) {
        if (tracer == null || !isTraced(parent)) {
            return;
        }
        Span span = tracer.spanBuilder(task.isFinal() ? "decode final" : "decode partial")
                .setParent(parent)
                .setAttribute(CALL, key.callId())
                .setAttribute(CHANNEL, (long) key.channel())
                .setAttribute(SEGMENT, task.segment())
                .setAttribute(START, task.startMillis())
                .setAttribute(END, task.endMillis())
                .setAttribute(MODEL, model)
                .startSpan();
        asked.put(task, span);
    }

    /** Notes that a decoding is not wanted any more. */
    void leftOut(RecognitionTask task) {
        Span span = asked.remove(task);
        if (span != null) {
            span.setAttribute(LEFT_OUT, true).end();
        }
    }

    /** Notes what came of a decoding. */
    void done(Outcome outcome) {
        RecognitionTask task = outcome.task();
        Throwable failure = outcome.failure();
        if (outcome.transcription() == null && failure == null) {
            leftOut(task);
            return;
        }
        Span span = asked.remove(task);
        if (span == null) {
            return;
        }
        if (failure != null) {
            span.recordException(failure).setStatus(StatusCode.ERROR);
        }
        span.end();
        decoded.put(task.segment(), parent.with(span));
    }

    /** The headers of a transcript's record; null if it is in no trace. */
    @Nullable
    Headers said(Transcript transcript) {
        if (tracer == null) {
            return null;
        }
        boolean isFinal = transcript.getStatus() == TranscriptStatus.FINAL;
        Context from = decoded.getOrDefault(transcript.getSegmentId(), parent);
        if (isFinal) {
            decoded.keySet().removeIf(segment -> segment <= transcript.getSegmentId());
        }
        if (!isTraced(from)) {
            return null;
        }
        String topic = isFinal ? topics.transcripts() : topics.partials();
        Span span = tracer.spanBuilder("send " + topic)
                .setSpanKind(SpanKind.PRODUCER)
                .setParent(from)
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.operation.name", "send")
                .setAttribute("messaging.operation.type", "send")
                .setAttribute("messaging.destination.name", topic)
                .setAttribute("messaging.kafka.message.key", key.callId())
                .setAttribute(CHANNEL, (long) key.channel())
                .setAttribute(SEGMENT, transcript.getSegmentId())
                .setAttribute(REVISION, (long) transcript.getRevision())
                .startSpan();
        span.end();
        return Tracing.written(from.with(span));
    }

    /** Ends what has begun: the channel is over. */
    void ended() {
        asked.values().forEach(span -> span.setAttribute(LEFT_OUT, true).end());
        asked.clear();
    }

    private static boolean isTraced(Context context) {
        return Span.fromContext(context).getSpanContext().isValid();
    }
}
