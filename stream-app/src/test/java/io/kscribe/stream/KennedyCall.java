package io.kscribe.stream;

import io.kscribe.audio.AudioFile;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelException;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.stream.RecordingPublisher.Rate;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** Eleven seconds of John F. Kennedy as a telephone call: three stretches of speech. */
public final class KennedyCall {
    /** When the call's first sample was captured. */
    static final Instant STARTED = Instant.parse("2026-11-20T10:00:00Z");

    static final long MILLIS = 11_000;

    private static final List<String> WORDS = words(
            "and so my fellow americans ask not what your country can do for you ask what you can do for your country");

    /**
     * The least number of the 22 words that must come, in order. A few may be missed: the model is the smallest, the line passes
     * no more than telephone's band, and each stretch of speech is decoded by itself.
     */
    public static final int LEAST_WORDS = 18;

    private KennedyCall() {}

    public static Path file() {
        try {
            return new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError()).sample(Sample.KENNEDY);
        } catch (ModelException e) {
            throw new IllegalStateException(e);
        }
    }

    /** 110 chunks of 100 ms, 8 kHz mu-law, as they would come live from {@link #STARTED} on. */
    static List<AudioChunk> chunks(String callId) throws IOException, InterruptedException {
        MockProducer<String, AudioChunk> producer =
                new MockProducer<>(true, null, new StringSerializer(), new AudioChunkSerializer());
        try (AudioFile recording = AudioFile.open(file());
                RecordingPublisher publisher = new RecordingPublisher(
                        producer, KafkaConnection.to("nowhere:1"), "audio", Rate.REALTIME, () -> STARTED, wait -> {})) {
            publisher.publish(recording, CallOptions.telephone(callId));
        }
        return producer.history().stream().map(ProducerRecord::value).toList();
    }

    /** How many of the words that were spoken are in a text, in their order (the longest common subsequence). */
    public static int wordsIn(String text) {
        List<String> heard = words(text);
        int[][] common = new int[WORDS.size() + 1][heard.size() + 1];
        for (int i = 1; i <= WORDS.size(); i++) {
            for (int j = 1; j <= heard.size(); j++) {
                common[i][j] = WORDS.get(i - 1).equals(heard.get(j - 1))
                        ? common[i - 1][j - 1] + 1
                        : Math.max(common[i - 1][j], common[i][j - 1]);
            }
        }
        return common[WORDS.size()][heard.size()];
    }

    private static List<String> words(String text) {
        return Pattern.compile("[a-z]+")
                .matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .toList();
    }
}
