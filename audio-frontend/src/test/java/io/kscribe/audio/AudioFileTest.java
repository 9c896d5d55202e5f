package io.kscribe.audio;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AudioFileTest {
    private static final int TONES_FRAMES = 16_000;

    @TempDir
    Path directory;

    @Test
    void shouldReadIntegersOfEverySize() throws IOException {
        assertThat(readAll(wave(WaveBytes.PCM, 8, bytes(0, 0x80, 0xc0)))).isEqualTo(new float[][] {{-1, 0, 0.5f}});
        assertThat(readAll(wave(WaveBytes.PCM, 16, bytes(0, 0x80, 0, 0x40)))).isEqualTo(new float[][] {{-1, 0.5f}});
        assertThat(readAll(wave(WaveBytes.PCM, 24, bytes(0, 0, 0x80, 0, 0, 0x40, 0xff, 0xff, 0xff))))
                .isEqualTo(new float[][] {{-1, 0.5f, -0x1p-23f}});
        assertThat(readAll(wave(WaveBytes.PCM, 32, bytes(0, 0, 0, 0x80, 0, 0, 0, 0x40))))
                .isEqualTo(new float[][] {{-1, 0.5f}});
    }

    @Test
    void shouldReadFloatsOfBothSizes() throws IOException {
        byte[] singles = littleEndian(8).putFloat(-1.5f).putFloat(0.25f).array();
        byte[] doubles = littleEndian(16).putDouble(-1.5).putDouble(0.25).array();
        assertThat(readAll(wave(WaveBytes.FLOAT, 32, singles))).isEqualTo(new float[][] {{-1.5f, 0.25f}});
        assertThat(readAll(wave(WaveBytes.FLOAT, 64, doubles))).isEqualTo(new float[][] {{-1.5f, 0.25f}});
    }

    @Test
    void shouldReadG711AsTheSampleEncodingsDo() throws IOException {
        byte[] codes = new byte[256];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = (byte) i;
        }
        assertThat(readAll(wave(WaveBytes.MU_LAW, 8, codes))[0]).isEqualTo(SampleEncoding.MULAW.decode(codes));
        assertThat(readAll(wave(WaveBytes.A_LAW, 8, codes))[0]).isEqualTo(SampleEncoding.ALAW.decode(codes));
    }

    @Test
    void shouldReadExtensibleHeadersWithManyChannels() throws IOException {
        byte[] samples = littleEndian(24)
                .putFloat(1)
                .putFloat(2)
                .putFloat(3)
                .putFloat(4)
                .putFloat(5)
                .putFloat(6)
                .array();
        byte[] wave = WaveBytes.riff()
                .extensible(WaveBytes.FLOAT, 3, 96_000, 32)
                .data(samples)
                .toBytes();
        try (AudioFile audio = open(wave)) {
            assertThat(audio.sampleRateHz()).isEqualTo(96_000);
            assertThat(audio.channels()).isEqualTo(3);
            assertThat(audio.frames()).hasValue(2);
            assertThat(audio.read(10)).isEqualTo(new float[][] {{1, 4}, {2, 5}, {3, 6}});
        }
    }

    @Test
    void shouldSkipChunksThatAreNotAudio() throws IOException {
        byte[] wave = WaveBytes.riff()
                .chunk("LIST", new byte[7])
                .format(WaveBytes.PCM, 1, 8000, 16)
                .chunk("fact", new byte[4])
                .data(bytes(0, 0x40))
                .chunk("LIST", new byte[100])
                .toBytes();
        assertThat(readAll(wave)).isEqualTo(new float[][] {{0.5f}});
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 0x7ffff000})
    void shouldReadToTheEndWhereTheHeaderWasWrittenToAPipe(int statedBytes) throws IOException {
        byte[] wave = WaveBytes.riff()
                .format(WaveBytes.PCM, 1, 8000, 16)
                .data(statedBytes, new byte[20_000])
                .toBytes();
        try (AudioFile audio = open(wave)) {
            assertThat(audio.frames()).isEmpty();
        }
        assertThat(readAll(wave)[0]).hasSize(10_000);
        assertThat(readAll(Files.write(directory.resolve("pipe.wav"), wave))[0]).hasSize(10_000);
    }

    @ParameterizedTest
    @CsvSource({"tones.flac, 0.00004", "tones.mp3, 0.02", "tones.ogg, 0.02"})
    void shouldReadCompressedToneSampleBySample(String file, double tolerance) throws IOException {
        float[][] samples = readAll(tones(file));
        assertThat(samples).hasNumberOfRows(2);
        assertThat(samples[0]).hasSize(TONES_FRAMES);
        // Lossy codecs smear the start and the end of a tone that sets in at once.
        int edge = tolerance > 0.001 ? 1000 : 0;
        for (int i = edge; i < TONES_FRAMES - edge; i++) {
            double t = i / 16_000.0;
            assertThat((double) samples[0][i])
                    .as("left sample %d", i)
                    .isCloseTo(0.25 * Math.sin(2 * Math.PI * 440 * t), within(tolerance));
            assertThat((double) samples[1][i])
                    .as("right sample %d", i)
                    .isCloseTo(0.125 * Math.sin(2 * Math.PI * 1000 * t), within(tolerance));
        }
    }

    @Test
    void shouldSayTheLengthWhereTheContainerDoes() throws IOException {
        assertThat(frames(tones("tones.flac"))).hasValue(TONES_FRAMES);
        assertThat(frames(tones("tones.mp3"))).hasValue(TONES_FRAMES);
        assertThat(frames(tones("tones.ogg"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tones.flac", "tones.mp3", "tones.ogg"})
    void shouldReadTheSameInPiecesOfAnySize(String file) throws IOException {
        float[][] whole = readAll(tones(file));
        try (AudioFile audio = open(tones(file))) {
            int position = 0;
            for (int size = 1; position < TONES_FRAMES; size = size * 3 % 1009) {
                float[][] piece = audio.read(size);
                assertThat(piece[0]).hasSize(Math.min(size, TONES_FRAMES - position));
                assertThat(piece[1]).isEqualTo(Arrays.copyOfRange(whole[1], position, position + piece[1].length));
                position += piece[0].length;
            }
            assertThat(audio.read(1)[0]).isEmpty();
            assertThat(audio.read(1)[0]).isEmpty();
        }
    }

    @Test
    void shouldReadMp3WithTagsBeforeAndAfter() throws IOException {
        byte[] tagBefore = bytes('I', 'D', '3', 4, 0, 0, 0, 0, 1, 0);
        byte[] tagAfter = Arrays.copyOf(bytes('T', 'A', 'G'), 128);
        byte[] tagged = concat(Arrays.copyOf(tagBefore, 10 + 128), tones("tones.mp3"), tagAfter);
        assertThat(readAll(tagged)).isEqualTo(readAll(tones("tones.mp3")));
    }

    @Test
    void shouldNotPrint() throws IOException {
        var out = System.out;
        var err = System.err;
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true));
        System.setErr(new PrintStream(printed, true));
        try {
            for (String file : new String[] {"tones.flac", "tones.mp3", "tones.ogg"}) {
                readAll(tones(file));
                byte[] damaged = tones(file);
                Arrays.fill(damaged, damaged.length / 2, damaged.length / 2 + 300, (byte) 0x55);
                assertThatThrownBy(() -> readAll(damaged)).isInstanceOf(AudioFileException.class);
            }
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        assertThat(printed.toString(ISO_8859_1)).isEmpty();
    }

    @Test
    void shouldCloseTheStreamItReadsAlsoAfterAFailure() throws IOException {
        AtomicBoolean closed = new AtomicBoolean();
        AudioFile.open(closing(tones("tones.ogg"), closed), "call").close();
        assertThat(closed).isTrue();
        closed.set(false);
        assertThatThrownBy(() -> AudioFile.open(closing(bytes(1, 2, 3), closed), "call"))
                .isInstanceOf(AudioFileException.class);
        assertThat(closed).isTrue();
    }

    @Test
    void shouldRefuseAMissingFileAndADirectory() {
        Path missing = directory.resolve("missing.wav");
        assertThatThrownBy(() -> AudioFile.open(missing))
                .isInstanceOf(AudioFileException.class)
                .hasMessage(missing + ": there is no such file.");
        assertThatThrownBy(() -> AudioFile.open(directory))
                .isInstanceOf(AudioFileException.class)
                .hasMessage(directory + ": is a directory; expected an audio file.");
    }

    @Test
    void shouldRefuseWhatHoldsNoAudio() throws IOException {
        assertRefused(new byte[0], "call: is empty; expected WAV, FLAC, MP3, Ogg Vorbis or NIST SPHERE.");
        assertRefused(
                WaveBytes.riff()
                        .format(WaveBytes.PCM, 1, 8000, 16)
                        .data(new byte[0])
                        .toBytes(),
                "call: holds no audio, only a header.");
        assertRefused(
                WaveBytes.riff().format(WaveBytes.PCM, 1, 8000, 16).toBytes(),
                "call: ends before its audio: no data chunk was found.");
        assertRefused(WaveBytes.riff().toBytes(), "call: ends before its audio: no fmt chunk was found.");
        assertRefused(Arrays.copyOf(tones("tones.flac"), 30), "call: has a FLAC header that is damaged or cut short.");
    }

    @Test
    void shouldRefuseAWaveThatIsCutShort() throws IOException {
        byte[] wave = WaveBytes.riff()
                .format(WaveBytes.PCM, 2, 8000, 16)
                .data(40_000, new byte[30_001])
                .toBytes();
        String message = ": is cut short: its header says 40000 bytes of audio, and there are 30001.";
        Path file = Files.write(directory.resolve("cut.wav"), wave);
        assertThatThrownBy(() -> AudioFile.open(file)).hasMessage(file + message);
        assertRefused(wave, "call" + message);
    }

    @Test
    void shouldRefuseAWaveWhoseHeaderContradictsItself() {
        byte[] silence = new byte[12];
        assertRefused(
                WaveBytes.riff()
                        .format(WaveBytes.PCM, 0, 8000, 16)
                        .data(silence)
                        .toBytes(),
                "call: says it has 0 channels; expected at least 1.");
        assertRefused(
                WaveBytes.riff().format(WaveBytes.PCM, 1, 0, 16).data(silence).toBytes(),
                "call: says it has 0 samples a second; expected 1 to 2147483647.");
        for (int rateHz : new int[] {7, 192_001}) {
            assertRefused(
                    WaveBytes.riff()
                            .format(WaveBytes.PCM, 1, rateHz, 16)
                            .data(silence)
                            .toBytes(),
                    "call: says it was sampled at " + rateHz + " Hz; expected 4000 to 192000 Hz.");
        }
        assertRefused(
                WaveBytes.riff()
                        .format(WaveBytes.PCM, 2, 8000, 16, 3)
                        .data(silence)
                        .toBytes(),
                "call: says a frame has 3 bytes; expected 4 for 2 channels of 16 bits.");
        assertRefused(
                WaveBytes.riff()
                        .format(WaveBytes.PCM, 1, 8000, 16)
                        .data(new byte[3])
                        .toBytes(),
                "call: says it has 3 bytes of audio, which is not a whole number of frames of 2 bytes.");
        assertRefused(
                WaveBytes.riff()
                        .format(WaveBytes.PCM, 1, 8000, 16)
                        .data(-1, new byte[3])
                        .toBytes(),
                "call: ends inside a frame of 2 bytes.");
        assertRefused(
                WaveBytes.riff().chunk("fmt ", new byte[14]).data(silence).toBytes(),
                "call: has a fmt chunk of 14 bytes; expected at least 16.");
        assertRefused(WaveBytes.riff().data(silence).toBytes(), "call: has its data chunk before its fmt chunk.");
        assertRefused(
                WaveBytes.riff().format(0xfffe, 1, 8000, 16).data(silence).toBytes(),
                "call: is an extensible WAV whose subformat is not an audio format.");
    }

    @Test
    void shouldRefuseAWaveOfAnotherCodec() {
        assertRefused(
                WaveBytes.riff()
                        .format(0x11, 1, 8000, 4, 256)
                        .data(new byte[256])
                        .toBytes(),
                "call: is a WAV of format 0x0011 with 4 bits a sample; expected PCM of 8, 16, 24 or 32 bits, float of"
                        + " 32 or 64 bits, or G.711 mu-law or A-law.");
    }

    @Test
    void shouldRefuseAWaveWithASampleThatIsNoNumber() {
        assertRefused(
                wave(
                        WaveBytes.FLOAT,
                        32,
                        littleEndian(8).putFloat(1).putFloat(Float.NaN).array()),
                "call: has a sample that is NaN at frame 1; expected finite numbers.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tones.flac", "tones.mp3", "tones.ogg"})
    void shouldRefuseACompressedFileCutAnywhere(String file) throws IOException {
        byte[] whole = tones(file);
        for (int length = whole.length - 1; length > 0; length -= 97) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> readAll(cut)).as("cut to %d bytes", length).isInstanceOf(AudioFileException.class);
        }
    }

    @Test
    void shouldSayWhereACompressedFileIsCut() throws IOException {
        assertRefused(
                Arrays.copyOf(tones("tones.flac"), 10_000),
                "call: is cut short: its header says 16000 samples a channel, and there are 2304.");
        assertRefused(Arrays.copyOf(tones("tones.mp3"), 3000), "call: is cut short inside MP3 frame 20.");
        assertRefused(
                Arrays.copyOf(tones("tones.ogg"), 4600),
                "call: is cut short: the Ogg page that closes the stream is missing after frame 0.");
    }

    @Test
    void shouldRefuseDamageThatADecoderWouldBridge() throws IOException {
        byte[] flac = tones("tones.flac");
        flac[12_000] ^= 0x10;
        assertThatThrownBy(() -> readAll(flac)).hasMessageStartingWith("call: is damaged FLAC after frame ");
        byte[] mp3 = tones("tones.mp3");
        mp3[20 + 180 + 144 * 10] = 0;
        assertThatThrownBy(() -> readAll(mp3)).isInstanceOf(AudioFileException.class);
        byte[] ogg = tones("tones.ogg");
        ogg[4800] ^= 0x10;
        assertThatThrownBy(() -> readAll(ogg)).isInstanceOf(AudioFileException.class);
    }

    @Test
    void shouldNameFormatsThatAreNotRead() {
        String expected = "; expected WAV, FLAC, MP3, Ogg Vorbis or NIST SPHERE.";
        assertRefused(
                "Hello".getBytes(ISO_8859_1),
                "call: is in no format that is known (it starts with the bytes 48 65 6C 6C)" + expected);
        assertRefused(
                "\0\0\0\40ftypM4A \0\0\0\0".getBytes(ISO_8859_1), "call: is an MPEG-4 (MP4, M4A) file" + expected);
        assertRefused("RF64\0\0\0\0WAVE".getBytes(ISO_8859_1), "call: is a 64-bit WAV (RF64) file" + expected);
        assertRefused("FORM\0\0\0\0AIFF".getBytes(ISO_8859_1), "call: is an AIFF file" + expected);
        assertRefused(bytes(0xff, 0xf1, 0x50, 0x80), "call: is an AAC (ADTS) file" + expected);
        assertRefused(bytes(0x1a, 0x45, 0xdf, 0xa3), "call: is a Matroska or WebM file" + expected);
        assertRefused(
                bytes(0xff, 0xfe, 'H', 0),
                "call: is in no format that is known (it starts with the bytes FF FE 48 00)" + expected);
    }

    @Test
    void shouldReportAStreamThatFails() {
        InputStream failing = new FilterInputStream(InputStream.nullInputStream()) {
            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                throw new IOException("connection reset");
            }
        };
        assertThatThrownBy(() -> AudioFile.open(failing, "call"))
                .isInstanceOf(AudioFileException.class)
                .hasMessage("call: cannot be read (java.io.IOException: connection reset).");
    }

    private static void assertRefused(byte[] file, String message) {
        assertThatThrownBy(() -> readAll(file))
                .isInstanceOf(AudioFileException.class)
                .hasMessage(message);
    }

    private static byte[] wave(int tag, int bits, byte[] samples) {
        return WaveBytes.riff().format(tag, 1, 8000, bits).data(samples).toBytes();
    }

    private static AudioFile open(byte[] file) throws AudioFileException {
        return AudioFile.open(new ByteArrayInputStream(file), "call");
    }

    private static OptionalLong frames(byte[] file) throws AudioFileException {
        try (AudioFile audio = open(file)) {
            return audio.frames();
        }
    }

    private static float[][] readAll(byte[] file) throws AudioFileException {
        try (AudioFile audio = open(file)) {
            return readAll(audio);
        }
    }

    private static float[][] readAll(Path file) throws AudioFileException {
        try (AudioFile audio = AudioFile.open(file)) {
            return readAll(audio);
        }
    }

    private static float[][] readAll(AudioFile audio) throws AudioFileException {
        float[][] samples = audio.read(1 << 20);
        assertThat(audio.read(1)[0]).isEmpty();
        return samples;
    }

    private static InputStream closing(byte[] file, AtomicBoolean closed) {
        return new ByteArrayInputStream(file) {
            @Override
            public void close() {
                closed.set(true);
            }
        };
    }

    private static byte[] tones(String file) throws IOException {
        try (InputStream in = Objects.requireNonNull(AudioFileTest.class.getResourceAsStream(file))) {
            return in.readAllBytes();
        }
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] concat(byte[]... parts) {
        ByteBuffer whole = ByteBuffer.allocate(
                Arrays.stream(parts).mapToInt(part -> part.length).sum());
        for (byte[] part : parts) {
            whole.put(part);
        }
        return whole.array();
    }
}
