package io.kscribe.audio;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.OptionalLong;

/** Tells the format of a recording from its first bytes, and names those that are not read. */
final class AudioFormats {
    private static final int HEAD_BYTES = 64;
    private static final int ID3_HEADER_BYTES = 10;
    private static final int SHOWN_BYTES = 4;
    private static final String READ = "expected WAV, FLAC, MP3, Ogg Vorbis or NIST SPHERE";

    private AudioFormats() {}

    /**
     * Starts to decode.
     *
     * @param bytes how long the stream is, if that is known
     */
    static AudioSource decode(BufferedInputStream in, String name, OptionalLong bytes) throws IOException {
        byte[] head = peek(in);
        if (head.length == 0) {
            throw new AudioFileException(name, "is empty; " + READ);
        }
        boolean tagged = false;
        while (startsWith(head, 0, "ID3") && head.length >= ID3_HEADER_BYTES) {
            tagged = true;
            skipTag(in, name, ID3_HEADER_BYTES + syncSafe(head));
            head = peek(in);
        }
        if (tagged && !startsWith(head, 0, "fLaC") && !Mp3FrameHeader.startsFrame(head)) {
            throw new AudioFileException(name, "has an ID3 tag that neither MP3 nor FLAC audio follows");
        }
        if (startsWith(head, 0, "RIFF") && startsWith(head, 8, "WAVE")) {
            return WaveSource.open(in, name, bytes);
        }
        if (startsWith(head, 0, "fLaC")) {
            return FlacSource.open(in, name);
        }
        if (startsWith(head, 0, "OggS") && startsWith(head, 29, "vorbis")) {
            return VorbisSource.open(in, name);
        }
        if (startsWith(head, 0, "NIST_1A\n")) {
            return SphereSource.open(in, name);
        }
        if (Mp3FrameHeader.startsFrame(head)) {
            return Mp3Source.open(in, name);
        }
        throw new AudioFileException(name, "is " + describe(head) + "; " + READ);
    }

    private static String describe(byte[] head) {
        if (startsWith(head, 4, "ftyp")) {
            return "an MPEG-4 (MP4, M4A) file";
        }
        if (startsWith(head, 0, "OggS")) {
            return startsWith(head, 28, "OpusHead") ? "an Ogg Opus file" : "an Ogg file without Vorbis audio";
        }
        if (startsWith(head, 0, "RIFF")) {
            return "a RIFF file without WAVE audio";
        }
        if (startsWith(head, 0, "RF64") || startsWith(head, 0, "BW64")) {
            return "a 64-bit WAV (RF64) file";
        }
        if (startsWith(head, 0, "RIFX")) {
            return "a big-endian WAV (RIFX) file";
        }
        if (startsWith(head, 0, "FORM")) {
            return "an AIFF file";
        }
        if (startsWith(head, 0, ".snd")) {
            return "a Sun AU file";
        }
        if (startsWith(head, 0, "caff")) {
            return "a Core Audio (CAF) file";
        }
        if (startsWith(head, 0, "#!AMR")) {
            return "an AMR file";
        }
        if (startsWith(head, 0, "\u001aE\u00df\u00a3")) {
            return "a Matroska or WebM file";
        }
        if (startsWith(head, 0, "0&\u00b2u")) {
            return "a Windows Media (ASF) file";
        }
        if (head.length > 1 && (head[0] & 0xff) == 0xff && (head[1] & 0xf6) == 0xf0) {
            return "an AAC (ADTS) file";
        }
        String hex = HexFormat.ofDelimiter(" ").withUpperCase().formatHex(head, 0, Math.min(SHOWN_BYTES, head.length));
        return "in no format that is known (it starts with the bytes " + hex + ")";
    }

    private static void skipTag(InputStream in, String name, long bytes) throws IOException {
        try {
            in.skipNBytes(bytes);
        } catch (EOFException e) {
            throw new AudioFileException(name, "ends inside its ID3 tag", e);
        }
    }

    private static byte[] peek(BufferedInputStream in) throws IOException {
        in.mark(HEAD_BYTES);
        byte[] head = in.readNBytes(HEAD_BYTES);
        in.reset();
        return head;
    }

    private static boolean startsWith(byte[] head, int offset, String magic) {
        byte[] expected = magic.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < expected.length; i++) {
            if (offset + i >= head.length || head[offset + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }

    /** The size of an ID3v2 tag: four bytes of seven bits (ID3v2.4 section 6.2), without the header. */
    private static int syncSafe(byte[] head) {
        int size = 0;
        for (int i = 6; i < ID3_HEADER_BYTES; i++) {
            size = size << 7 | (head[i] & 0x7f);
        }
        return size;
    }
}
