package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.audio.AudioFile;
import io.kscribe.audio.SampleEncoding;
import io.kscribe.audio.StreamingResampler;
import io.kscribe.recognizer.RecognizerSettings;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the state costs: bytes that are written to Kafka to keep it, by those that came in, and bytes that a channel keeps. */
class StateSizeIT {
    private static final String CALL = "call-01c9d1f2-53aa";
    private static final double MOST_CHANGELOG = 1.5;

    /** Where "And so, my fellow Americans" is spoken, in seconds. */
    private static final double SPOKEN_FROM = 0.35;

    private static final double SPOKEN_TO = 2.1;

    /** Long enough that an island reaches its longest three times. */
    private static final Duration SPEECH = Duration.ofSeconds(50);

    @ParameterizedTest
    @CsvSource({
        "MULAW, 8000, 100, 1000000",
        "MULAW, 8000, 20, 1000000",
        "PCM_S16LE, 16000, 100, 1000000",
        "PCM_S16LE, 16000, 20, 1000000",
        "PCM_S16LE, 48000, 100, 3000000",
        "PCM_F32LE, 48000, 100, 6000000"
    })
    void shouldWriteAndKeepLittle(
            SampleEncoding encoding, int rateHz, int chunkMillis, long mostState, TestReporter reporter)
            throws Exception {
        float[] speech = speech(rateHz);
        try (InferencePool pool = new InferencePool(Fingerprints::of, 1);
                DrivenTopology topology = new DrivenTopology(pool)) {
            int chunk = rateHz * chunkMillis / 1000;
            long input = 0;
            long largestState = 0;
            for (int from = 0; from + chunk <= speech.length; from += chunk) {
                input += topology.send(
                        chunk(encoding, rateHz, from / chunk, Arrays.copyOfRange(speech, from, from + chunk)));
                topology.pass(Duration.ofMillis(chunkMillis));
                if (from / chunk % 10 == 0) {
                    topology.settle();
                    largestState = Math.max(largestState, topology.state());
                }
            }
            topology.settle();
            double written = (double) topology.takeChangelog() / input;
            reporter.publishEntry(String.format(
                    Locale.ROOT,
                    "%s at %d Hz in chunks of %d ms: changelog %.2f of the input, state up to %d bytes",
                    encoding,
                    rateHz,
                    chunkMillis,
                    written,
                    largestState));

            assertThat(written).isBetween(1.0, MOST_CHANGELOG);
            assertThat(largestState)
                    .isGreaterThan(
                            (long) (RecognizerSettings.live().longestIsland().toMillis()
                                    * rateHz
                                    * encoding.bytesPerSample()
                                    / 1000.0
                                    * 0.9))
                    .isLessThan(mostState);
        }
    }

    /** Speech without a pause. */
    private static float[] speech(int rateHz) throws Exception {
        float[] recorded;
        int recordedHz;
        try (AudioFile file = AudioFile.open(KennedyCall.file())) {
            recordedHz = file.sampleRateHz();
            recorded = file.read((int) (SPOKEN_TO * recordedHz))[0];
        }
        float[] spoken = Arrays.copyOfRange(recorded, (int) (SPOKEN_FROM * recordedHz), recorded.length);
        StreamingResampler resampler = new StreamingResampler(recordedHz, rateHz);
        float[] at = resampler.accept(spoken);
        float[] all = new float[(int) (SPEECH.toSeconds() * rateHz)];
        for (int i = 0; i < all.length; i++) {
            all[i] = at[i % at.length];
        }
        return all;
    }

    private static AudioChunk chunk(SampleEncoding encoding, int rateHz, long sequence, float[] samples) {
        return TestChunks.silence(CALL, 0, sequence)
                .setEncoding(AudioEncoding.valueOf(encoding.name()))
                .setSampleRate(rateHz)
                .setPayload(ByteBuffer.wrap(encoding.encode(samples, 0, samples.length)))
                .build();
    }
}
