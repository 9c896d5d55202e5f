package io.kscribe.cli;

import io.kscribe.audio.AudioFile;
import io.kscribe.audio.StreamingResampler;
import io.kscribe.cli.ChannelRecognizer.Channel;
import io.kscribe.format.Segment;
import io.kscribe.format.Transcribed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Transcribes a recording from its beginning to its end, in memory that does not grow with its audio. */
final class RecordingTranscriber {
    private static final int FRAMES_A_READ = 16_000;

    private final ChannelRecognizer recognizer;
    private final Optional<String> language;
    private final boolean split;

    /**
     * Makes a transcriber.
     *
     * @param language what is spoken; empty to detect it
     * @param split true: each channel by itself; false: the mean of all
     */
    RecordingTranscriber(ChannelRecognizer recognizer, Optional<String> language, boolean split) {
        this.recognizer = recognizer;
        this.language = language;
        this.split = split;
    }

    /** A channel of the recording on its way to 16 kHz and to text. */
    private record Resampled(StreamingResampler resampler, Channel channel) {
        void hear(float[] samples) {
            channel.accept(resampler.accept(samples));
        }

        void end() {
            channel.accept(resampler.finish());
            channel.end();
        }
    }

    /**
     * Transcribes.
     *
     * @param said told of each segment in the order of time: of a single channel as soon as it is known, of several when all are
     */
    Transcribed transcribe(AudioFile recording, Consumer<Segment> said) throws IOException {
        int channels = split ? recording.channels() : 1;
        List<Segment> segments = new ArrayList<>();
        Consumer<Segment> heard = channels == 1
                ? segment -> {
                    segments.add(segment);
                    said.accept(segment);
                }
                : segments::add;
        List<Resampled> streams = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            int number = c;
            streams.add(new Resampled(
                    new StreamingResampler(recording.sampleRateHz(), ChannelRecognizer.RATE_HZ),
                    recognizer.begin(language, result -> heard.accept(new Segment(number, null, result)))));
        }
        long frames = 0;
        for (float[][] read = recording.read(FRAMES_A_READ); read[0].length > 0; read = recording.read(FRAMES_A_READ)) {
            frames += read[0].length;
            for (int c = 0; c < channels; c++) {
                streams.get(c).hear(split ? read[c] : mixed(read));
            }
        }
        streams.forEach(Resampled::end);
        recognizer.finish();
        if (channels > 1) {
            segments.sort(Comparator.comparingLong(segment -> segment.result().startMillis()));
            segments.forEach(said);
        }
        return new Transcribed(Duration.ofMillis(frames * 1000 / recording.sampleRateHz()), segments);
    }

    private static float[] mixed(float[][] channels) {
        if (channels.length == 1) {
            return channels[0];
        }
        float[] mean = new float[channels[0].length];
        for (float[] channel : channels) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += channel[i] / channels.length;
            }
        }
        return mean;
    }
}
