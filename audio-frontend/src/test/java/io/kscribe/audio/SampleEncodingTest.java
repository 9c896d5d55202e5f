package io.kscribe.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SampleEncodingTest {
    @Test
    void shouldDecodeEveryMuLawCodeAsTheRecommendationSays() {
        for (int code = 0; code < 256; code++) {
            assertThat(decodeOne(SampleEncoding.MULAW, code))
                    .as("code %d", code)
                    .isEqualTo(RecommendationG711.muLaw(code) * 4 / 32768f);
        }
    }

    @Test
    void shouldDecodeEveryALawCodeAsTheRecommendationSays() {
        for (int code = 0; code < 256; code++) {
            assertThat(decodeOne(SampleEncoding.ALAW, code))
                    .as("code %d", code)
                    .isEqualTo(RecommendationG711.aLaw(code) * 8 / 32768f);
        }
    }

    @Test
    void shouldEncodeEvery16BitValueByTheRecommendationsDecisionValues() {
        for (int linear = Short.MIN_VALUE; linear <= Short.MAX_VALUE; linear++) {
            float[] sample = {linear / 32768f};
            assertThat(SampleEncoding.MULAW.encode(sample, 0, 1)[0] & 0xff)
                    .as("mu-law of %d", linear)
                    .isEqualTo(RecommendationG711.encodeMuLaw(linear / 4.0));
            assertThat(SampleEncoding.ALAW.encode(sample, 0, 1)[0] & 0xff)
                    .as("A-law of %d", linear)
                    .isEqualTo(RecommendationG711.encodeALaw(linear / 8.0));
        }
    }

    @Test
    void shouldKeepEveryCodeThroughARoundTrip() {
        for (int code = 0; code < 256; code++) {
            boolean negativeZero = code == 0x7f;
            float[] mu = SampleEncoding.MULAW.decode(new byte[] {(byte) code});
            assertThat(SampleEncoding.MULAW.encode(mu, 0, 1)[0] & 0xff).isEqualTo(negativeZero ? 0xff : code);
            float[] a = SampleEncoding.ALAW.decode(new byte[] {(byte) code});
            assertThat(SampleEncoding.ALAW.encode(a, 0, 1)[0] & 0xff).isEqualTo(code);
        }
    }

    @Test
    void shouldKnowSilenceAndFullScale() {
        assertThat(decodeOne(SampleEncoding.MULAW, 0xff)).isZero();
        assertThat(decodeOne(SampleEncoding.MULAW, 0x80)).isEqualTo(32124 / 32768f);
        assertThat(decodeOne(SampleEncoding.MULAW, 0x00)).isEqualTo(-32124 / 32768f);
        assertThat(decodeOne(SampleEncoding.ALAW, 0xd5)).isEqualTo(8 / 32768f);
        assertThat(decodeOne(SampleEncoding.ALAW, 0xaa)).isEqualTo(32256 / 32768f);
        assertThat(decodeOne(SampleEncoding.ALAW, 0x2a)).isEqualTo(-32256 / 32768f);
    }

    @Test
    void shouldReadAndWriteLittleEndianIntegers() {
        assertThat(SampleEncoding.PCM_S16LE.decode(new byte[] {0, (byte) 0x80, 0, 0x40}))
                .containsExactly(-1, 0.5f);
        assertThat(SampleEncoding.PCM_S16LE.encode(new float[] {9, -1, 0.5f, 9}, 1, 2))
                .containsExactly(0, 0x80, 0, 0x40);
    }

    @Test
    void shouldRoundToTheNearestInteger() {
        assertThat(SampleEncoding.PCM_S16LE.encode(new float[] {2.6f / 32768, -2.6f / 32768, 2.4f / 32768}, 0, 3))
                .containsExactly(3, 0, -3, -1, 2, 0);
    }

    @Test
    void shouldSaturateBeyondFullScale() {
        float[] loud = {1, 7, -7};
        assertThat(SampleEncoding.PCM_S16LE.encode(loud, 0, 3)).containsExactly(0xff, 0x7f, 0xff, 0x7f, 0x00, 0x80);
        assertThat(SampleEncoding.MULAW.encode(loud, 0, 3)).containsExactly(0x80, 0x80, 0x00);
        assertThat(SampleEncoding.ALAW.encode(loud, 0, 3)).containsExactly(0xaa, 0xaa, 0x2a);
        assertThat(SampleEncoding.PCM_F32LE.decode(SampleEncoding.PCM_F32LE.encode(loud, 0, 3)))
                .containsExactly(1, 7, -7);
    }

    @Property
    void shouldStayWithinHalfAStepOfAnInteger(@ForAll @FloatRange(min = -1, max = 0.99f) float sample) {
        float[] back = SampleEncoding.PCM_S16LE.decode(SampleEncoding.PCM_S16LE.encode(new float[] {sample}, 0, 1));
        assertThat((double) back[0])
                .isBetween((double) sample - 0.5 / 32768 - 1e-9, (double) sample + 0.5 / 32768 + 1e-9);
    }

    @ParameterizedTest
    @EnumSource
    void shouldTakeAnEmptyPayload(SampleEncoding encoding) {
        assertThat(encoding.decode(new byte[0])).isEmpty();
        assertThat(encoding.encode(new float[0], 0, 0)).isEmpty();
    }

    @Test
    void shouldRefuseAPayloadThatEndsInsideASample() {
        assertThatThrownBy(() -> SampleEncoding.PCM_S16LE.decode(new byte[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A PCM_S16LE payload has 3 bytes; expected a multiple of 2.");
        assertThatThrownBy(() -> SampleEncoding.PCM_F32LE.decode(new byte[6]))
                .hasMessage("A PCM_F32LE payload has 6 bytes; expected a multiple of 4.");
    }

    @Test
    void shouldRefuseWhatIsNoNumber() {
        byte[] payload = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(0.5f)
                .putFloat(Float.NaN)
                .array();
        assertThatThrownBy(() -> SampleEncoding.PCM_F32LE.decode(payload))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Sample 1 is NaN; expected a finite number.");
        assertThatThrownBy(() -> SampleEncoding.MULAW.encode(new float[] {Float.NEGATIVE_INFINITY}, 0, 1))
                .hasMessage("Sample 0 is -Infinity; expected a finite number.");
    }

    private static float decodeOne(SampleEncoding encoding, int code) {
        return encoding.decode(new byte[] {(byte) code})[0];
    }

    /**
     * Tables 1a to 2b of the Recommendation, computed the slow way: segment by segment, and encoded by looking through
     * the list of decision values.
     */
    private static final class RecommendationG711 {
        /** Output values y1 to y128 in 14 bits; the code of y(n+1) is n with all bits inverted, the sign bit 1 for +. */
        static int muLaw(int code) {
            int n = 0x7f - (code & 0x7f);
            int value = 0;
            for (int i = 1; i <= n; i++) {
                value += muStep(i - 1) / 2 + muStep(i) / 2 + (i == 1 ? 1 : 0);
            }
            return (code & 0x80) != 0 ? value : -value;
        }

        static int encodeMuLaw(double value) {
            int n = 0;
            double decision = 1;
            while (n < 127 && Math.abs(value) >= decision) {
                n++;
                decision += muStep(n);
            }
            return (value < 0 ? 0 : 0x80) | (0x7f - n);
        }

        /** The width of interval n: the first is 1 (and its twin below zero), then 15 of 2, 16 of 4, 16 of 8, ... */
        private static int muStep(int n) {
            return n == 0 ? 1 : 2 << (n / 16);
        }

        /** Output values in 13 bits; even bits of the code are inverted, the sign bit is 1 for +. */
        static int aLaw(int code) {
            int n = (code ^ 0x55) & 0x7f;
            int lower = 0;
            for (int i = 0; i < n; i++) {
                lower += aStep(i);
            }
            int value = lower + aStep(n) / 2;
            return (code & 0x80) != 0 ? value : -value;
        }

        static int encodeALaw(double value) {
            int n = 0;
            int decision = aStep(0);
            while (n < 127 && Math.abs(value) >= decision) {
                n++;
                decision += aStep(n);
            }
            return ((value < 0 ? 0 : 0x80) | n) ^ 0x55;
        }

        /** The width of interval n: 32 of 2, then 16 each of 4, 8, ... 128. */
        private static int aStep(int n) {
            return n < 32 ? 2 : 1 << (n / 16);
        }
    }
}
