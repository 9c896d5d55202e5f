package io.kscribe.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SphereSourceTest {
    private static final int HEADER_BYTES = 1024;
    private static final byte[] TWO_SAMPLES = {0, 0x40, 0, (byte) 0x80};

    @Test
    void shouldReadLittleEndianPcm() throws Exception {
        try (AudioFile audio = open(sphere(TWO_SAMPLES, pcm("01", 1, 2)))) {
            assertThat(audio.sampleRateHz()).isEqualTo(16_000);
            assertThat(audio.channels()).isEqualTo(1);
            assertThat(audio.frames()).hasValue(2);
            assertThat(audio.read(10)).isEqualTo(new float[][] {{0.5f, -1}});
        }
    }

    @Test
    void shouldReadBigEndianPcmOfTwoChannels() throws Exception {
        byte[] swapped = {0x40, 0, (byte) 0x80, 0};
        try (AudioFile audio = open(sphere(swapped, pcm("10", 2, 1)))) {
            assertThat(audio.read(10)).isEqualTo(new float[][] {{0.5f}, {-1}});
        }
    }

    @Test
    void shouldReadMuLawToTheEndOfTheFileWhereNoCountIsGiven() throws Exception {
        byte[] codes = {0, (byte) 0x80, (byte) 0xff};
        byte[] file = sphere(
                codes,
                "channel_count -i 1\nsample_rate -i 8000\nsample_coding -s4 ulaw\nsample_n_bytes -i 1\nend_head\n");
        try (AudioFile audio = open(file)) {
            assertThat(audio.frames()).isEmpty();
            assertThat(audio.read(10)[0]).isEqualTo(SampleEncoding.MULAW.decode(codes));
        }
    }

    @Test
    void shouldRefuseAFileThatIsCutShort() {
        byte[] file = sphere(TWO_SAMPLES, pcm("01", 1, 3));
        assertRefused(file, "call: is cut short: its header says 3 samples a channel, and there are 2.");
        assertRefused(Arrays.copyOf(file, 100), "call: ends inside its SPHERE header.");
    }

    @Test
    void shouldRefuseSamplesThatAreCompressed() {
        assertRefused(
                sphere(TWO_SAMPLES, pcm("01", 1, 2).replace("-s3 pcm", "-s26 pcm,embedded-shorten-v2.00")),
                "call: is a NIST SPHERE file of pcm,embedded-shorten-v2.00 samples with 2 bytes in the order 01; expected pcm"
                        + " with 2 bytes in the order 01 or 10, or ulaw with 1 byte.");
    }

    @ParameterizedTest
    @CsvSource({
        "sample_rate -i 16000, sample_rate -i 0, 0 as its sample_rate; expected a number from 1 to 2147483647",
        "sample_rate -i 16000, sample_rate -i fast, fast as its sample_rate; expected a number from 1 to 2147483647",
        "channel_count -i 1, channels -i 1, nothing as its channel_count; expected a number from 1 to 256",
        "channel_count -i 1, channel_count -i 300, 300 as its channel_count; expected a number from 1 to 256",
    })
    void shouldRefuseHeadersThatMakeNoSense(String field, String lie, String problem) {
        assertRefused(
                sphere(TWO_SAMPLES, pcm("01", 1, 2).replace(field, lie)),
                "call: has a SPHERE header with " + problem + ".");
    }

    @Test
    void shouldRefuseAHeaderWithoutLengthOrEnd() {
        assertRefused(
                "NIST_1A\n  many\nend_head\n".getBytes(StandardCharsets.US_ASCII),
                "call: is a NIST SPHERE file that does not give its header's length, or not one within 1048576 bytes.");
        assertRefused(
                sphere(TWO_SAMPLES, pcm("01", 1, 2).replace("end_head", "")),
                "call: has a SPHERE header without its end (end_head).");
    }

    private static String pcm(String order, int channels, int count) {
        return "channel_count -i " + channels + "\nsample_count -i " + count + "\nsample_rate -i 16000\n"
                + "sample_n_bytes -i 2\nsample_byte_format -s2 " + order + "\nsample_coding -s3 pcm\nend_head\n";
    }

    private static byte[] sphere(byte[] samples, String fields) {
        String preamble = "NIST_1A\n" + "%7d".formatted(HEADER_BYTES) + "\n";
        byte[] header = (preamble + fields).getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(Arrays.copyOf(header, HEADER_BYTES));
        file.writeBytes(samples);
        return file.toByteArray();
    }

    private static AudioFile open(byte[] file) throws AudioFileException {
        return AudioFile.open(new ByteArrayInputStream(file), "call");
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> {
                    try (AudioFile audio = open(file)) {
                        audio.read(10);
                    }
                })
                .isInstanceOf(AudioFileException.class)
                .hasMessage(message);
    }
}
