package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.audio.AudioFile;
import io.kscribe.audio.SampleEncoding;
import io.kscribe.audio.StreamingResampler;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.Transcript;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** A call of two hours: it takes no more memory at its end than after half an hour, and words are still where they were spoken. */
class LongCallIT {
    private static final String CALL = "long";
    private static final int RATE_HZ = 8000;
    private static final int CHUNK = RATE_HZ / 10;
    private static final Duration LENGTH = Duration.ofHours(2);

    /** Where "And so, my fellow Americans" is spoken in the recording, in seconds. */
    private static final double SPOKEN_FROM = 0.35;

    private static final double SPOKEN_TO = 2.1;

    /** From one time that it is said to the next: no multiple of a frame of the detector's, so that all places in a frame come up. */
    private static final long PERIOD_MILLIS = 30_007;

    /** The time within which everything has been said of a phrase. */
    private static final long SAID_MILLIS = 5000;

    /** A frame of the detector's. */
    private static final long FRAME_MILLIS = 32;

    /** As loud as a quiet line. */
    private static final double NOISE = 0.0005;

    /** What half an hour's chunks would add at the least if they were kept: 18 000 of 800 bytes. */
    private static final long LEAK_BYTES = 14_400_000;

    @Test
    void shouldStayAsSmallAndAsExactAsItWasAtFirst(TestReporter reporter) throws Exception {
        byte[] phrase = phrase();
        List<Long> states = new ArrayList<>();
        List<Long> heaps = new ArrayList<>();
        List<Transcript> finals = new ArrayList<>();
        try (InferencePool pool = new InferencePool(
                        TaskDecoder.of(TinyModel.live().recognizer().engine()),
                        1,
                        InferenceLimits.standard(TinyModel.live().recognizer().engine()),
                        InstantSource.system());
                DrivenTopology topology = new DrivenTopology(pool)) {
            Random noise = new Random(1);
            long chunks = LENGTH.toMillis() / 100;
            long largest = 0;
            for (long sequence = 0; sequence < chunks; sequence++) {
                topology.send(chunk(sequence, sequence == chunks - 1, phrase, noise));
                topology.pass(Duration.ofMillis(100));
                if (sequence % 5 == 4 && sequence * 100 % PERIOD_MILLIS < SAID_MILLIS) {
                    topology.settle();
                    largest = Math.max(largest, topology.state());
                    finals.addAll(topology.takeFinals());
                    topology.takePartials();
                    topology.takeChangelog();
                }
                if ((sequence + 1) % (chunks / 4) == 0) {
                    states.add(largest);
                    heaps.add(heap());
                    largest = 0;
                }
            }
            topology.settle();
            finals.addAll(topology.takeFinals());
        }
        List<Long> late = lateness(finals);
        reporter.publishEntry(
                "largest state of each half-hour " + states + " bytes, heap at its end " + heaps + " bytes; "
                        + finals.size() + " finals, found at "
                        + late.stream().mapToLong(Long::longValue).summaryStatistics()
                        + " ms from where they were put");

        assertThat(finals).hasSize((int) (LENGTH.toMillis() / PERIOD_MILLIS) + 1);
        assertThat(finals).allSatisfy(said -> assertThat(said.getText()).containsIgnoringCase("fellow"));
        assertThat(late)
                .allSatisfy(one -> assertThat(one).isBetween(late.get(0) - FRAME_MILLIS, late.get(0) + FRAME_MILLIS));
        assertThat(states.get(3)).isLessThanOrEqualTo(states.get(0) * 11 / 10);
        assertThat(heaps.get(3) - heaps.get(0)).isLessThan(LEAK_BYTES);
    }

    /** How long after the place where it was put each phrase was found. */
    private static List<Long> lateness(List<Transcript> finals) {
        List<Long> late = new ArrayList<>();
        for (int i = 0; i < finals.size(); i++) {
            late.add(finals.get(i).getStartMillis() - i * PERIOD_MILLIS);
        }
        return late;
    }

    private static AudioChunk chunk(long sequence, boolean last, byte[] phrase, Random noise) {
        float[] line = new float[CHUNK];
        for (int i = 0; i < CHUNK; i++) {
            line[i] = (float) (NOISE * noise.nextGaussian());
        }
        byte[] payload = SampleEncoding.MULAW.encode(line, 0, CHUNK);
        long period = PERIOD_MILLIS * RATE_HZ / 1000;
        for (int i = 0; i < CHUNK; i++) {
            long place = (sequence * CHUNK + i) % period;
            if (place < phrase.length) {
                payload[i] = phrase[(int) place];
            }
        }
        return TestChunks.silence(CALL, 0, sequence)
                .setCapturedAt(Instant.EPOCH.plusMillis(100 * (sequence + 1)))
                .setPayload(ByteBuffer.wrap(payload))
                .setEndOfStream(last)
                .build();
    }

    private static byte[] phrase() throws Exception {
        try (AudioFile file = AudioFile.open(KennedyCall.file())) {
            int rate = file.sampleRateHz();
            float[] recorded = file.read((int) (SPOKEN_TO * rate))[0];
            StreamingResampler resampler = new StreamingResampler(rate, RATE_HZ);
            float[] spoken =
                    resampler.accept(Arrays.copyOfRange(recorded, (int) (SPOKEN_FROM * rate), recorded.length));
            return SampleEncoding.MULAW.encode(spoken, 0, spoken.length);
        }
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
