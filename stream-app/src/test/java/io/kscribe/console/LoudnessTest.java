package io.kscribe.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.audio.SampleEncoding;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.stream.ClockNumbers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LoudnessTest {
    private static final Instant NOW = Instant.ofEpochMilli(1_790_000_000_000L);
    private static final int RATE_HZ = 8000;

    private final Loudness loudness = new Loudness(Duration.ofHours(1));

    @Test
    void shouldSayHowFarBelowFullScaleEachTenthOfASecondIs() {
        loudness.hear(chunk(0, 800, 1f));
        loudness.hear(chunk(1, 800, 0.1f));
        loudness.hear(chunk(2, 800, 0f));

        assertThat(loudness.since(0)).containsExactly(0, -20, Loudness.FLOOR);
        assertThat(loudness.since(2)).containsExactly(Loudness.FLOOR);
    }

    @Test
    void shouldCountTimeInSamplesWhateverTheChunksAre() {
        for (int sequence = 0; sequence < 10; sequence++) {
            loudness.hear(chunk(sequence, 160, 1f));
        }

        assertThat(loudness.end()).isEqualTo(2);
    }

    @Test
    void shouldPutSilenceInThePlaceOfWhatIsMissing() {
        loudness.hear(chunk(0, 800, 1f));
        loudness.hear(chunk(3, 800, 1f));

        assertThat(loudness.since(0)).containsExactly(0, Loudness.FLOOR, Loudness.FLOOR, 0);
    }

    @Test
    void shouldHearNothingTwice() {
        loudness.hear(chunk(0, 800, 1f));
        loudness.hear(chunk(0, 800, 0.1f));

        assertThat(loudness.since(0)).containsExactly(0);
    }

    @Test
    void shouldKnowWhereItCameInWhenTheCallWasOnItsWay() {
        loudness.hear(chunk(50, 800, 1f));

        assertThat(loudness.start()).isEqualTo(50);
        assertThat(loudness.end()).isEqualTo(51);
        assertThat(loudness.since(0)).containsExactly(0);
    }

    @Test
    void shouldRememberTheEndOfALongCall() {
        Loudness brief = new Loudness(Duration.ofSeconds(1));
        for (int sequence = 0; sequence < 25; sequence++) {
            brief.hear(chunk(sequence, 800, 1f));
        }

        assertThat(brief.end()).isEqualTo(25);
        assertThat(brief.since(0)).hasSizeLessThanOrEqualTo(10);
        assertThat(brief.since(24)).hasSize(1);
    }

    @Test
    void shouldIgnoreWhatCannotBeUnderstood() {
        loudness.hear(AudioChunk.newBuilder(chunk(0, 800, 1f))
                .setEncoding(AudioEncoding.UNKNOWN)
                .build());
        loudness.hear(AudioChunk.newBuilder(chunk(0, 800, 1f)).setSampleRate(0).build());
        loudness.hear(AudioChunk.newBuilder(chunk(0, 800, 1f))
                .setPayload(ByteBuffer.allocate(3))
                .build());

        assertThat(loudness.end()).isZero();
    }

    @Test
    void shouldTakeTheFirstThatIsNumberedByTheTimeOfDayForTheBeginning() {
        AudioChunk first = AudioChunk.newBuilder(chunk(0, 800, 1f))
                .setSequence(ClockNumbers.at(NOW))
                .build();

        loudness.hear(first);
        assertThat(loudness.start()).isZero();
        assertThat(loudness.end()).isEqualTo(1);

        loudness.moveBy(20);
        assertThat(loudness.start()).isEqualTo(20);
        assertThat(loudness.since(0)).containsExactly(0);
    }

    private static AudioChunk chunk(long sequence, int samples, float value) {
        float[] all = new float[samples];
        Arrays.fill(all, value);
        return AudioChunk.newBuilder()
                .setCallId("c1")
                .setChannel(0)
                .setSequence(sequence)
                .setCapturedAt(NOW)
                .setEncoding(AudioEncoding.PCM_S16LE)
                .setSampleRate(RATE_HZ)
                .setPayload(ByteBuffer.wrap(SampleEncoding.PCM_S16LE.encode(all, 0, samples)))
                .build();
    }
}
