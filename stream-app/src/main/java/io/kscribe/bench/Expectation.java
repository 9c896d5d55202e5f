package io.kscribe.bench;

import io.kscribe.audio.SampleEncoding;
import io.kscribe.audio.StreamingResampler;
import io.kscribe.engine.Transcription;
import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.RecognitionStream;
import io.kscribe.recognizer.RecognitionTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Says which finals a channel's audio gives when nothing disturbs it, by hearing it offline as the service hears it live. Finals depend on
 * the audio alone, so they are the same.
 */
final class Expectation {
    private static final int HEARD_HZ = 16_000;
    private static final int SAMPLES_AT_ONCE = SpeechBank.RATE_HZ;

    private final Supplier<RecognitionStream> islands;
    private final Supplier<RecognitionStream> channels;

    /**
     * Makes an expectation.
     *
     * @param islands gives streams that have heard nothing, as the service's but for partials, and of which no final waits for another: with a
     *     language given (any will do), and without context
     * @param channels gives streams that have heard nothing, as the service's but for partials
     */
    Expectation(Supplier<RecognitionStream> islands, Supplier<RecognitionStream> channels) {
        this.islands = islands;
        this.channels = channels;
    }

    /**
     * The segments that may have a final: all islands of speech. One gets none if its text turns out to be noise, which only decoding tells.
     */
    Set<Long> segments(ChannelScript script) {
        Set<Long> segments = new TreeSet<>();
        RecognitionStream stream = islands.get();
        play(script, stream, () -> {
            for (Optional<RecognitionTask> due = stream.poll(); due.isPresent(); due = stream.poll()) {
                segments.add(due.get().segment());
            }
        });
        return segments;
    }

    /** The finals. */
    List<RecognitionResult> finals(ChannelScript script, Function<RecognitionTask, Transcription> engine) {
        List<RecognitionResult> finals = new ArrayList<>();
        RecognitionStream stream = channels.get();
        play(script, stream, () -> {
            for (Optional<RecognitionTask> due = stream.poll(); due.isPresent(); due = stream.poll()) {
                stream.apply(due.get(), engine.apply(due.get()));
            }
            stream.takeResults().stream().filter(RecognitionResult::isFinal).forEach(finals::add);
        });
        return finals;
    }

    private static void play(ChannelScript script, RecognitionStream stream, Runnable next) {
        StreamingResampler resampler = new StreamingResampler(SpeechBank.RATE_HZ, HEARD_HZ);
        for (long from = 0; from < script.samples(); from += SAMPLES_AT_ONCE) {
            int n = (int) Math.min(SAMPLES_AT_ONCE, script.samples() - from);
            stream.accept(stream.nextSample(), resampler.accept(SampleEncoding.MULAW.decode(script.codes(from, n))));
            next.run();
        }
        stream.accept(stream.nextSample(), resampler.finish());
        stream.end();
        next.run();
    }
}
