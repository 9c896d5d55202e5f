package io.kscribe.stream;

import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.DoubleStream;

/** How soon what is said is written, and how much of it there is. */
public final class TranscriptMeters implements ChannelListener {

    /** Upper bounds of the histogram's buckets, in milliseconds: where the goals are (1.2 and 1.5 s) they lie close. */
    private static final double[] BUCKETS = {
        100, 200, 300, 400, 500, 650, 800, 1000, 1200, 1500, 2000, 3000, 5000, 10_000, 30_000, 60_000
    };

    private static final double MILLIS_A_SECOND = 1000;

    private final Timer partials;
    private final Timer finals;
    private final Counter speech;

    /** Registers the meters. */
    public TranscriptMeters(MeterRegistry registry) {
        partials = latency(registry, "partial");
        finals = latency(registry, "final");
        speech = Counter.builder("kscribe.speech")
                .baseUnit("seconds")
                .description("Speech in finals.")
                .register(registry);
    }

    private static Timer latency(MeterRegistry registry, String status) {
        return Timer.builder("kscribe.transcript.latency")
                .tag("status", status)
                .description(
                        "From the capture of a transcript's last audio, by the producer's clock, to its writing, by this machine's.")
                .serviceLevelObjectives(DoubleStream.of(BUCKETS)
                        .mapToObj(millis -> Duration.ofMillis((long) millis))
                        .toArray(Duration[]::new))
                .register(registry);
    }

    @Override
    public void finished(String callId, int channel, long count) {}

    @Override
    public void said(Transcript transcript) {
        Duration took = Duration.between(transcript.getCapturedAt(), transcript.getEmittedAt());
        boolean isFinal = transcript.getStatus() == TranscriptStatus.FINAL;
        // Clocks of two machines differ.
        (isFinal ? finals : partials).record(took.isNegative() ? Duration.ZERO : took);
        if (isFinal) {
            speech.increment((transcript.getEndMillis() - transcript.getStartMillis()) / MILLIS_A_SECOND);
        }
    }
}
