package io.kscribe.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Decodes NIST SPHERE files, the container of many speech corpora: PCM of 16 bits and mu-law, not the compressed forms.
 *
 * <p>After the SPHERE header structure of the National Institute of Standards and Technology (SPHERE 2.6): a text header whose second line
 * gives its length, one field a line ("sample_rate -i 16000"), closed by "end_head"; then the samples, interleaved.
 */
final class SphereSource implements AudioSource {
    private static final int BLOCK_FRAMES = 4096;
    /** The first two lines, "NIST_1A" and the header's length, take eight bytes each. */
    private static final int PREAMBLE_BYTES = 16;

    private static final int MAX_HEADER_BYTES = 1 << 20;
    private static final int MAX_CHANNELS = 256;
    private static final Pattern LENGTH = Pattern.compile("NIST_1A\n *([0-9]{1,7})\n");
    private static final Pattern FIELD = Pattern.compile("(\\S+) +-(?:i|r|s[0-9]+) +(.*)");

    private final InputStream in;
    private final String name;
    private final int sampleRateHz;
    private final int channels;
    private final Coding coding;
    private final OptionalLong frames;
    private long framesRead;

    private SphereSource(InputStream in, String name, Header header) throws AudioFileException {
        this.in = in;
        this.name = name;
        this.sampleRateHz = header.number("sample_rate", Integer.MAX_VALUE);
        this.channels = header.number("channel_count", MAX_CHANNELS);
        this.coding = Coding.of(header);
        this.frames = header.fields.containsKey("sample_count")
                ? OptionalLong.of(header.number("sample_count", Integer.MAX_VALUE))
                : OptionalLong.empty();
    }

    /** The stream is at "NIST_1A"; afterwards at the first sample. */
    static SphereSource open(InputStream in, String name) throws IOException {
        String preamble = ascii(in.readNBytes(PREAMBLE_BYTES));
        Matcher length = LENGTH.matcher(preamble);
        int headerBytes = length.matches() ? Integer.parseInt(length.group(1)) : 0;
        if (headerBytes <= PREAMBLE_BYTES || headerBytes > MAX_HEADER_BYTES) {
            throw new AudioFileException(
                    name,
                    "is a NIST SPHERE file that does not give its header's length, or not one within "
                            + MAX_HEADER_BYTES + " bytes");
        }
        byte[] header = in.readNBytes(headerBytes - PREAMBLE_BYTES);
        if (header.length < headerBytes - PREAMBLE_BYTES) {
            throw new AudioFileException(name, "ends inside its SPHERE header");
        }
        return new SphereSource(in, name, Header.parse(name, ascii(header)));
    }

    private static String ascii(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public int sampleRateHz() {
        return sampleRateHz;
    }

    @Override
    public int channels() {
        return channels;
    }

    @Override
    public OptionalLong frames() {
        return frames;
    }

    @Override
    public float[][] next() throws IOException {
        int frameBytes = channels * coding.bytes;
        int wanted = (int) Math.min(BLOCK_FRAMES, frames.orElse(Long.MAX_VALUE) - framesRead);
        byte[] bytes = in.readNBytes(wanted * frameBytes);
        int got = bytes.length / frameBytes;
        if (frames.isPresent() && got < wanted) {
            throw new AudioFileException(
                    name,
                    "is cut short: its header says " + frames.getAsLong() + " samples a channel, and there are "
                            + (framesRead + got));
        }
        if (bytes.length % frameBytes != 0) {
            throw new AudioFileException(name, "ends inside a frame of " + frameBytes + " bytes");
        }
        ByteBuffer samples = ByteBuffer.wrap(bytes).order(coding.order);
        float[][] block = new float[channels][got];
        for (int frame = 0; frame < got; frame++) {
            for (float[] channel : block) {
                channel[frame] = coding.linear(samples) / 0x1p15f;
            }
        }
        framesRead += got;
        return block;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** The fields of a header, by their names. */
    private record Header(String name, Map<String, String> fields) {
        static Header parse(String name, String text) throws AudioFileException {
            Map<String, String> fields = new HashMap<>();
            for (String line : text.split("\n", -1)) {
                if (line.strip().equals("end_head")) {
                    return new Header(name, fields);
                }
                Matcher field = FIELD.matcher(line);
                if (field.matches()) {
                    fields.put(field.group(1), field.group(2).strip());
                }
            }
            throw new AudioFileException(name, "has a SPHERE header without its end (end_head)");
        }

        int number(String field, int most) throws AudioFileException {
            String value = fields.getOrDefault(field, "nothing");
            if (value.matches("[0-9]{1,10}")) {
                long number = Long.parseLong(value);
                if (number >= 1 && number <= most) {
                    return (int) number;
                }
            }
            throw new AudioFileException(
                    name,
                    "has a SPHERE header with " + value + " as its " + field + "; expected a number from 1 to " + most);
        }
    }

    /** How a sample is written. */
    private enum Coding {
        PCM_LITTLE_ENDIAN(2, ByteOrder.LITTLE_ENDIAN),
        PCM_BIG_ENDIAN(2, ByteOrder.BIG_ENDIAN),
        MU_LAW(1, ByteOrder.LITTLE_ENDIAN);

        final int bytes;
        final ByteOrder order;

        Coding(int bytes, ByteOrder order) {
            this.bytes = bytes;
            this.order = order;
        }

        /** The next sample as a 16-bit linear value. */
        short linear(ByteBuffer in) {
            return this == MU_LAW ? G711.muLawToLinear(in.get()) : in.getShort();
        }

        static Coding of(Header header) throws AudioFileException {
            String coding = header.fields.getOrDefault("sample_coding", "pcm");
            String bytes = header.fields.getOrDefault("sample_n_bytes", "2");
            String order = header.fields.getOrDefault("sample_byte_format", "none");
            return switch (coding + " " + bytes + " " + order) {
                case "pcm 2 01" -> PCM_LITTLE_ENDIAN;
                case "pcm 2 10" -> PCM_BIG_ENDIAN;
                case "ulaw 1 none", "ulaw 1 1" -> MU_LAW;
                default ->
                    throw new AudioFileException(
                            header.name,
                            "is a NIST SPHERE file of " + coding + " samples with " + bytes + " bytes in the order "
                                    + order + "; expected pcm with 2 bytes in the order 01 or 10, or ulaw with 1 byte");
            };
        }
    }
}
