package io.kscribe.cli;

import io.kscribe.audio.AudioFile;
import io.kscribe.audio.StreamingResampler;
import io.kscribe.cli.ModelOptions.Models;
import io.kscribe.engine.Task;
import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.RecognitionStream;
import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.recognizer.RecognizerSettings;
import io.kscribe.recognizer.StreamState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Transcribes a recording from its beginning to its end, in memory that does not grow with its audio. */
final class RecordingTranscriber {
    private static final int RATE_HZ = 16_000;
    private static final int FRAMES_A_READ = 16_000;

    private final Models models;
    private final Optional<String> language;
    private final RecognizerSettings settings;
    private final Task task;
    private final boolean split;

    /**
     * Makes a transcriber.
     *
     * @param language what is spoken; empty to detect it
     * @param split true: each channel by itself; false: the mean of all
     */
    RecordingTranscriber(
            Models models, Optional<String> language, RecognizerSettings settings, Task task, boolean split) {
        this.models = models;
        this.language = language;
        this.settings = settings;
        this.task = task;
        this.split = split;
    }

    /**
     * What was said.
     *
     * @param segments of all channels, in the order of time
     */
    record Transcribed(Duration duration, List<Segment> segments) {
        /** All text, segments apart by one space. */
        String text() {
            return segments.stream().map(segment -> segment.result().text()).collect(Collectors.joining(" "));
        }

        /** The language of the first segment; "und" (ISO 639-2: undetermined) without any. */
        String language() {
            return segments.isEmpty() ? "und" : segments.get(0).result().language();
        }
    }

    record Segment(int channel, RecognitionResult result) {}

    /** A channel on its way: to 16 kHz, then to text. */
    private final class Channel {
        private final int number;
        private final StreamingResampler resampler;
        private final RecognitionStream stream = new RecognitionStream(
                settings, models.detector(), models.engine().melBins(), task, StreamState.start(language));
        private final List<Segment> segments = new ArrayList<>();

        private Channel(int number, int rateHz) {
            this.number = number;
            this.resampler = new StreamingResampler(rateHz, RATE_HZ);
        }

        private void hear(float[] samples) {
            stream.accept(resampler.accept(samples));
            decode();
        }

        private void end() {
            stream.accept(resampler.finish());
            stream.end();
            decode();
        }

        private void decode() {
            for (Optional<RecognitionTask> due = stream.poll(); due.isPresent(); due = stream.poll()) {
                stream.apply(due.get(), due.get().decode(models.engine()));
            }
            stream.takeResults().stream()
                    .filter(RecognitionResult::isFinal)
                    .map(result -> new Segment(number, result))
                    .forEach(segments::add);
        }
    }

    Transcribed transcribe(AudioFile recording) throws IOException {
        int channels = split ? recording.channels() : 1;
        List<Channel> streams = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            streams.add(new Channel(c, recording.sampleRateHz()));
        }
        long frames = 0;
        for (float[][] read = recording.read(FRAMES_A_READ); read[0].length > 0; read = recording.read(FRAMES_A_READ)) {
            frames += read[0].length;
            for (int c = 0; c < channels; c++) {
                streams.get(c).hear(split ? read[c] : mixed(read));
            }
        }
        return ended(streams, Duration.ofMillis(frames * 1000 / recording.sampleRateHz()));
    }

    /** Transcribes one channel at {@value #RATE_HZ} Hz, full scale at -1 and 1. */
    Transcribed transcribe(float[] samples) {
        Channel stream = new Channel(0, RATE_HZ);
        for (int from = 0; from < samples.length; from += FRAMES_A_READ) {
            stream.hear(Arrays.copyOfRange(samples, from, Math.min(from + FRAMES_A_READ, samples.length)));
        }
        return ended(List.of(stream), Duration.ofMillis(samples.length * 1000L / RATE_HZ));
    }

    private static Transcribed ended(List<Channel> streams, Duration duration) {
        List<Segment> segments = new ArrayList<>();
        for (Channel stream : streams) {
            stream.end();
            segments.addAll(stream.segments);
        }
        segments.sort(Comparator.comparingLong(segment -> segment.result().startMillis()));
        return new Transcribed(duration, segments);
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
