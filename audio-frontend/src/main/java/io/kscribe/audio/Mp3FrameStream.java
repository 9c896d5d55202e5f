package io.kscribe.audio;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The whole audio frames of an MP3 file, without the tags around them.
 *
 * <p>It keeps from the decoder what the decoder would bridge in silence: a last frame that is cut, and bytes that are no
 * frame. It also reads the header frame that encoders put first (Xing's, with LAME's extension), which says how many
 * frames there are and how many samples of padding the encoder added on either side.
 */
final class Mp3FrameStream extends InputStream {
    private static final int XING_HAS_FRAMES = 1;
    private static final int XING_HAS_BYTES = 2;
    private static final int XING_HAS_SEEK_TABLE = 4;
    private static final int XING_HAS_QUALITY = 8;
    private static final int XING_SEEK_TABLE_BYTES = 100;
    private static final int LAME_PADDING_OFFSET = 21;
    private static final int VBRI_OFFSET = 32;
    private static final int VBRI_FRAMES_OFFSET = 14;

    private final InputStream in;
    private final String name;
    private final Mp3FrameHeader format;
    private byte[] frame;
    private int offset;
    private boolean ended;
    private long framesRead;
    private long statedFrames = -1;
    private int encoderDelay = -1;
    private int encoderPadding;
    private @Nullable IOException failure;

    /** The stream is at the first frame. */
    Mp3FrameStream(InputStream in, String name) throws IOException {
        this.in = in;
        this.name = name;
        byte[] head = in.readNBytes(Mp3FrameHeader.BYTES);
        Mp3FrameHeader first = Mp3FrameHeader.parse(head);
        if (first == null) {
            throw new AudioFileException(name, "does not start with an MP3 frame");
        }
        this.format = first;
        this.frame = readFrame(first, head);
        if (readHeaderFrame()) {
            offset = frame.length;
        } else {
            framesRead = 1;
        }
    }

    Mp3FrameHeader format() {
        return format;
    }

    /** How many frames of audio the header frame states, or -1. */
    long statedFrames() {
        return statedFrames;
    }

    /** How many samples the encoder put before the audio, or -1 if it does not say. */
    int encoderDelay() {
        return encoderDelay;
    }

    /** How many samples the encoder put after the audio, 0 if it does not say. */
    int encoderPadding() {
        return encoderPadding;
    }

    /** Throws what reading met, since the decoder does not hand it on. */
    void rethrowFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int start, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (offset == frame.length && !ended) {
            try {
                nextFrame();
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
        if (ended) {
            return -1;
        }
        int copied = Math.min(length, frame.length - offset);
        System.arraycopy(frame, offset, bytes, start, copied);
        offset += copied;
        return copied;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void nextFrame() throws IOException {
        byte[] head = in.readNBytes(Mp3FrameHeader.BYTES);
        if (head.length == 0 || startsTag(head) || isZeroToTheEnd(head)) {
            ended = true;
            if (framesRead < statedFrames) {
                throw new AudioFileException(
                        name,
                        "is cut short: its header says " + statedFrames + " MP3 frames, and there are " + framesRead);
            }
            return;
        }
        Mp3FrameHeader header = Mp3FrameHeader.parse(head);
        if (header == null) {
            throw new AudioFileException(
                    name,
                    head.length < Mp3FrameHeader.BYTES
                            ? "is cut short after MP3 frame " + framesRead
                            : "is damaged: no MP3 frame follows frame " + framesRead);
        }
        if (!header.continues(format)) {
            throw new AudioFileException(name, "changes its sample rate or its channels after MP3 frame " + framesRead);
        }
        frame = readFrame(header, head);
        offset = 0;
        framesRead++;
        if (statedFrames >= 0 && framesRead > statedFrames) {
            throw new AudioFileException(
                    name, "goes on after the " + statedFrames + " MP3 frames that its header says it has");
        }
    }

    private byte[] readFrame(Mp3FrameHeader header, byte[] head) throws IOException {
        byte[] whole = Arrays.copyOf(head, header.frameBytes());
        int body = header.frameBytes() - head.length;
        if (in.readNBytes(whole, head.length, body) < body) {
            throw new AudioFileException(name, "is cut short inside MP3 frame " + (framesRead + 1));
        }
        return whole;
    }

    /** ID3v1, APEv2 and Lyrics3 tags, or a second ID3v2, end the audio. */
    private static boolean startsTag(byte[] head) {
        String text = new String(head, StandardCharsets.ISO_8859_1);
        return text.startsWith("TAG") || text.startsWith("ID3") || text.equals("APET") || text.equals("LYRI");
    }

    private boolean isZeroToTheEnd(byte[] head) throws IOException {
        for (byte b : head) {
            if (b != 0) {
                return false;
            }
        }
        for (int b = in.read(); b >= 0; b = in.read()) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether the first frame is a header and not audio; then its statements are kept. */
    private boolean readHeaderFrame() {
        int at = Mp3FrameHeader.BYTES + format.sideInformationBytes();
        if (hasText(at, "Xing") || hasText(at, "Info")) {
            readXing(ByteBuffer.wrap(frame, at + 4, frame.length - at - 4));
            return true;
        }
        int vbri = Mp3FrameHeader.BYTES + VBRI_OFFSET;
        if (hasText(vbri, "VBRI") && frame.length >= vbri + VBRI_FRAMES_OFFSET + 4) {
            statedFrames = ByteBuffer.wrap(frame).getInt(vbri + VBRI_FRAMES_OFFSET);
            return true;
        }
        return false;
    }

    private void readXing(ByteBuffer xing) {
        if (xing.remaining() < 4) {
            return;
        }
        int flags = xing.getInt();
        int fields = ((flags & XING_HAS_FRAMES) != 0 ? 4 : 0)
                + ((flags & XING_HAS_BYTES) != 0 ? 4 : 0)
                + ((flags & XING_HAS_SEEK_TABLE) != 0 ? XING_SEEK_TABLE_BYTES : 0)
                + ((flags & XING_HAS_QUALITY) != 0 ? 4 : 0);
        if (xing.remaining() < fields) {
            return;
        }
        if ((flags & XING_HAS_FRAMES) != 0) {
            int frames = xing.getInt(xing.position());
            statedFrames = frames > 0 ? frames : -1;
        }
        xing.position(xing.position() + fields);
        if (xing.remaining() >= LAME_PADDING_OFFSET + 3 && xing.get(xing.position()) != 0) {
            int padding = xing.getInt(xing.position() + LAME_PADDING_OFFSET - 1) & 0xff_ffff;
            encoderDelay = padding >> 12;
            encoderPadding = padding & 0xfff;
        }
    }

    private boolean hasText(int at, String text) {
        return frame.length >= at + text.length()
                && new String(frame, at, text.length(), StandardCharsets.ISO_8859_1).equals(text);
    }
}
