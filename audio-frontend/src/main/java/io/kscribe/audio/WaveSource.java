package io.kscribe.audio;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Decodes RIFF WAVE files, strictly: a header that contradicts itself or the file is refused.
 *
 * <p>After "Multimedia Programming Interface and Data Specifications 1.0" (IBM and Microsoft, 1991) and Microsoft's
 * WAVEFORMATEXTENSIBLE. Java Sound's own reader is not used: it knows neither floats of all sizes nor all extensible
 * formats, and takes a lying header's word. Programs that write to a pipe cannot know how much will follow and put a
 * conventional size into the header; then the audio lasts to the end of the stream.
 */
final class WaveSource implements AudioSource {
    private static final int BLOCK_FRAMES = 4096;
    private static final int FORMAT_BYTES = 16;
    private static final int EXTENSIBLE_BYTES = 40;
    private static final int SUBFORMAT_OFFSET = 24;
    private static final int EXTENSIBLE = 0xfffe;

    /** What follows the two bytes of the format tag in a KSDATAFORMAT_SUBTYPE GUID. */
    private static final byte[] SUBFORMAT_TAIL = {
        0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xaa, 0, 0x38, (byte) 0x9b, 0x71
    };

    private static final long UNKNOWN_SIZE = 0xffff_ffffL;
    /** What SoX writes when it cannot seek back to fill in the size. */
    private static final long UNKNOWN_SIZE_SOX = 0x7fff_f000L;

    private final InputStream in;
    private final String name;
    private final Format format;
    private final OptionalLong frames;
    private long framesRead;

    private WaveSource(InputStream in, String name, Format format, OptionalLong frames) {
        this.in = in;
        this.name = name;
        this.format = format;
        this.frames = frames;
    }

    /** The stream is at "RIFF"; afterwards at the first sample. */
    static WaveSource open(InputStream in, String name, OptionalLong fileBytes) throws IOException {
        in.skipNBytes(12);
        long position = 12;
        Format format = null;
        while (true) {
            byte[] head = in.readNBytes(8);
            if (head.length < 8) {
                throw new AudioFileException(
                        name, "ends before its audio: no " + (format == null ? "fmt" : "data") + " chunk was found");
            }
            position += 8;
            String id = new String(head, 0, 4, StandardCharsets.ISO_8859_1);
            long size = littleEndian(head).getInt(4) & 0xffff_ffffL;
            if (id.equals("data")) {
                if (format == null) {
                    throw new AudioFileException(name, "has its data chunk before its fmt chunk");
                }
                return new WaveSource(in, name, format, frames(name, format, position, size, fileBytes));
            }
            if (id.equals("fmt ")) {
                int expected = (int) Math.min(size, EXTENSIBLE_BYTES);
                byte[] body = in.readNBytes(expected);
                if (body.length < FORMAT_BYTES || body.length < expected) {
                    throw new AudioFileException(
                            name, "has a fmt chunk of " + body.length + " bytes; expected at least " + FORMAT_BYTES);
                }
                format = Format.parse(name, body);
                skip(in, name, id, size + (size & 1) - expected);
            } else {
                skip(in, name, id, size + (size & 1));
            }
            position += size + (size & 1);
        }
    }

    private static void skip(InputStream in, String name, String id, long bytes) throws IOException {
        try {
            in.skipNBytes(bytes);
        } catch (EOFException e) {
            throw new AudioFileException(name, "ends inside its '" + id + "' chunk", e);
        }
    }

    private static OptionalLong frames(String name, Format format, long position, long size, OptionalLong fileBytes)
            throws AudioFileException {
        if (size == 0 || size == UNKNOWN_SIZE || size == UNKNOWN_SIZE_SOX) {
            return OptionalLong.empty();
        }
        if (size % format.frameBytes() != 0) {
            throw new AudioFileException(
                    name,
                    "says it has " + size + " bytes of audio, which is not a whole number of frames of "
                            + format.frameBytes() + " bytes");
        }
        if (fileBytes.isPresent() && size > fileBytes.getAsLong() - position) {
            throw truncated(name, size, fileBytes.getAsLong() - position);
        }
        return OptionalLong.of(size / format.frameBytes());
    }

    private static AudioFileException truncated(String name, long said, long found) {
        return new AudioFileException(
                name, "is cut short: its header says " + said + " bytes of audio, and there are " + found);
    }

    @Override
    public int sampleRateHz() {
        return format.sampleRateHz;
    }

    @Override
    public int channels() {
        return format.channels;
    }

    @Override
    public OptionalLong frames() {
        return frames;
    }

    @Override
    public float[][] next() throws IOException {
        int frameBytes = format.frameBytes();
        int wanted = (int) Math.min(BLOCK_FRAMES, frames.orElse(Long.MAX_VALUE) - framesRead);
        byte[] bytes = in.readNBytes(wanted * frameBytes);
        int got = bytes.length / frameBytes;
        if (frames.isPresent() && got < wanted) {
            throw truncated(name, frames.getAsLong() * frameBytes, framesRead * frameBytes + bytes.length);
        }
        if (bytes.length % frameBytes != 0) {
            throw new AudioFileException(name, "ends inside a frame of " + frameBytes + " bytes");
        }
        ByteBuffer samples = littleEndian(bytes);
        float[][] block = new float[format.channels][got];
        for (int frame = 0; frame < got; frame++) {
            for (float[] channel : block) {
                channel[frame] = format.sampleFormat.read(samples);
                if (!Float.isFinite(channel[frame])) {
                    throw new AudioFileException(
                            name,
                            "has a sample that is " + channel[frame] + " at frame " + (framesRead + frame)
                                    + "; expected finite numbers");
                }
            }
        }
        framesRead += got;
        return block;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** What a fmt chunk says. */
    private record Format(int channels, int sampleRateHz, SampleFormat sampleFormat) {
        int frameBytes() {
            return channels * sampleFormat.bytes;
        }

        static Format parse(String name, byte[] body) throws AudioFileException {
            ByteBuffer fmt = littleEndian(body);
            int tag = fmt.getShort() & 0xffff;
            int channels = fmt.getShort() & 0xffff;
            int sampleRateHz = fmt.getInt();
            int blockAlign = fmt.getShort(12) & 0xffff;
            int bits = fmt.getShort(14) & 0xffff;
            if (tag == EXTENSIBLE) {
                byte[] tail = Arrays.copyOfRange(body, Math.min(SUBFORMAT_OFFSET + 2, body.length), body.length);
                if (!Arrays.equals(tail, SUBFORMAT_TAIL)) {
                    throw new AudioFileException(name, "is an extensible WAV whose subformat is not an audio format");
                }
                tag = fmt.getShort(SUBFORMAT_OFFSET) & 0xffff;
            }
            if (channels == 0) {
                throw new AudioFileException(name, "says it has 0 channels; expected at least 1");
            }
            if (sampleRateHz <= 0) {
                throw new AudioFileException(
                        name,
                        "says it has " + Integer.toUnsignedString(sampleRateHz)
                                + " samples a second; expected 1 to 2147483647");
            }
            SampleFormat sampleFormat = SampleFormat.of(name, tag, bits);
            if (blockAlign != channels * sampleFormat.bytes) {
                throw new AudioFileException(
                        name,
                        "says a frame has " + blockAlign + " bytes; expected " + channels * sampleFormat.bytes + " for "
                                + channels + " channels of " + bits + " bits");
            }
            return new Format(channels, sampleRateHz, sampleFormat);
        }
    }

    /** How a sample is written: the format tag and the container's bits, little-endian. */
    private enum SampleFormat {
        PCM_8(1, 8) {
            @Override
            float read(ByteBuffer in) {
                return ((in.get() & 0xff) - 0x80) / 0x1p7f;
            }
        },
        PCM_16(1, 16) {
            @Override
            float read(ByteBuffer in) {
                return in.getShort() / 0x1p15f;
            }
        },
        PCM_24(1, 24) {
            @Override
            float read(ByteBuffer in) {
                return ((in.getShort() & 0xffff) | in.get() << 16) / 0x1p23f;
            }
        },
        PCM_32(1, 32) {
            @Override
            float read(ByteBuffer in) {
                return in.getInt() / 0x1p31f;
            }
        },
        FLOAT_32(3, 32) {
            @Override
            float read(ByteBuffer in) {
                return in.getFloat();
            }
        },
        FLOAT_64(3, 64) {
            @Override
            float read(ByteBuffer in) {
                return (float) in.getDouble();
            }
        },
        A_LAW(6, 8) {
            @Override
            float read(ByteBuffer in) {
                return G711.aLawToLinear(in.get()) / 0x1p15f;
            }
        },
        MU_LAW(7, 8) {
            @Override
            float read(ByteBuffer in) {
                return G711.muLawToLinear(in.get()) / 0x1p15f;
            }
        };

        private final int tag;
        final int bytes;

        SampleFormat(int tag, int bits) {
            this.tag = tag;
            this.bytes = bits / 8;
        }

        abstract float read(ByteBuffer in);

        static SampleFormat of(String name, int tag, int bits) throws AudioFileException {
            for (SampleFormat format : values()) {
                if (format.tag == tag && format.bytes * 8 == bits) {
                    return format;
                }
            }
            throw new AudioFileException(
                    name,
                    String.format(
                            "is a WAV of format 0x%04x with %d bits a sample; expected PCM of 8, 16, 24 or 32 bits,"
                                    + " float of 32 or 64 bits, or G.711 mu-law or A-law",
                            tag, bits));
        }
    }
}
