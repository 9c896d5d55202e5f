package io.kscribe.cli;

import io.kscribe.evaluation.LiveScore;
import io.kscribe.recognizer.RecognitionResult;
import java.util.Optional;
import java.util.function.Consumer;

/** A way to make text of channels: {@link LiveRecognizer as live audio}, {@link SimulatedRecognizer in live audio's time} or
 * {@link RecordingRecognizer as recordings}. */
interface ChannelRecognizer extends AutoCloseable {
    /** The rate of the samples that channels hear, in hertz. */
    int RATE_HZ = 16_000;

    /**
     * Begins a channel.
     *
     * @param language what is spoken; empty to detect it
     * @param finals told of each, in the order of time, at the latest in {@link #finish}
     */
    Channel begin(Optional<String> language, Consumer<RecognitionResult> finals);

    /** Makes text of what is left of channels that have ended. */
    void finish();

    @Override
    void close();

    /** A channel on its way to text. */
    interface Channel {
        /** Hears the next samples, full scale at -1 and 1. */
        void accept(float[] samples);

        void end();

        /** How soon what was said of it would have been known, once it has ended; zero unless that is measured. */
        default LiveScore score() {
            return LiveScore.ZERO;
        }
    }
}
