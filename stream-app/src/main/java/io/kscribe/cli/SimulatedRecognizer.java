package io.kscribe.cli;

import io.kscribe.evaluation.LiveScore;
import io.kscribe.recognizer.LiveSimulation;
import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.RecognitionStream;
import io.kscribe.recognizer.ShownResult;
import io.kscribe.recognizer.StreamingRecognizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Takes channels for live audio that is spoken while one processor follows it, and measures how soon its words would be known.
 *
 * @param chunk how much audio arrives together
 * @param computingNanos the processor time that the calling thread has taken so far, in nanoseconds
 */
record SimulatedRecognizer(StreamingRecognizer recognizer, Duration chunk, LongSupplier computingNanos)
        implements ChannelRecognizer {
    private static final int SAMPLES_A_MILLI = RATE_HZ / 1000;

    /** The line stays open beyond the silence that ends an island, or the recording's end would give the last final for free. */
    private static final Duration LINE_STAYS_OPEN = Duration.ofMillis(500);

    @Override
    public Channel begin(Optional<String> language, Consumer<RecognitionResult> finals) {
        RecognitionStream stream = recognizer.open(language);
        List<ShownResult> shown = new ArrayList<>();
        LiveSimulation simulation =
                new LiveSimulation(stream, recognizer::decode, computingNanos, samples(chunk), result -> {
                    shown.add(result);
                    if (result.result().isFinal()) {
                        finals.accept(result.result());
                    }
                });
        return new Channel() {
            private long heardSamples;

            @Override
            public void accept(float[] samples) {
                simulation.accept(samples);
                heardSamples += samples.length;
            }

            @Override
            public void end() {
                simulation.accept(
                        new float[samples(recognizer.settings().endpoint().plus(LINE_STAYS_OPEN))]);
                simulation.end();
            }

            @Override
            public LiveScore score() {
                Duration audio = Duration.ofMillis(heardSamples / SAMPLES_A_MILLI);
                return LiveScore.of(shown, chunk, audio, simulation.computed());
            }
        };
    }

    private static int samples(Duration duration) {
        return (int) duration.toMillis() * SAMPLES_A_MILLI;
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
}
