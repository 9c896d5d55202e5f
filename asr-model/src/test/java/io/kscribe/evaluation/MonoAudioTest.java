package io.kscribe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonoAudioTest {
    @TempDir
    Path folder;

    @Test
    void shouldJoinFilesAndMixChannels() throws Exception {
        Path mono = wave("mono.wav", 16_000, 1, (short) 0x2000, (short) 0x4000);
        Path stereo = wave("stereo.wav", 16_000, 2, (short) 0x4000, (short) 0, (short) -0x4000, (short) -0x4000);

        assertThat(MonoAudio.read(List.of(mono, stereo))).containsExactly(0.25f, 0.5f, 0.25f, -0.5f);
    }

    @Test
    void shouldResampleToSixteenKilohertz() throws Exception {
        assertThat(MonoAudio.read(List.of(wave("narrow.wav", 8_000, 1, new short[800]))))
                .hasSize(1600);
    }

    @Test
    void shouldNameTheFileThatCannotBeRead() throws Exception {
        Path missing = folder.resolve("missing.wav");
        assertThatThrownBy(() -> MonoAudio.read(List.of(missing)))
                .isInstanceOf(IOException.class)
                .hasMessage(missing + ": there is no such file.");

        Path slow = wave("slow.wav", 1_000, 1, new short[10]);
        assertThatThrownBy(() -> MonoAudio.read(List.of(slow)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(slow + ": says it was sampled at 1000 Hz; expected 4000 to 192000 Hz.");
    }

    @Test
    void shouldRefuseWhatIsTooLongForTheMemory() throws Exception {
        Path second = wave("second.wav", 4_000, 1, new short[4_000]);
        Path more = wave("more.wav", 16_000, 1, (short) 0);

        assertThat(MonoAudio.LONGEST).isEqualTo(Duration.ofHours(1));
        assertThatThrownBy(() -> MonoAudio.read(List.of(second, second, more), Duration.ofSeconds(2)))
                .isInstanceOf(IOException.class)
                .hasMessage(more + ": the recording is longer than 2 s.");
    }

    private Path wave(String name, int rateHz, int channels, short... samples) throws IOException {
        ByteBuffer data = ByteBuffer.allocate(2 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
        for (short sample : samples) {
            data.putShort(sample);
        }
        byte[] header = ByteBuffer.allocate(44)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt(36 + data.capacity())
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) channels)
                .putInt(rateHz)
                .putInt(rateHz * channels * 2)
                .putShort((short) (channels * 2))
                .putShort((short) 16)
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt(data.capacity())
                .array();
        Path file = Files.write(folder.resolve(name), header);
        return Files.write(file, data.array(), StandardOpenOption.APPEND);
    }
}
