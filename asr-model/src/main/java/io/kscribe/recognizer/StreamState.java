package io.kscribe.recognizer;

import io.kscribe.recognizer.VoiceActivityDetector.Memory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * A moment of a stream from which it can be continued, given the audio from {@link #retainFrom} on.
 *
 * @param position samples heard, a whole number of frames
 * @param retainFrom the first sample that a continued stream needs, at most {@code position}
 * @param segment the number of the next segment
 * @param continuing true if an island is open from {@code position} on: the rest of one that was cut
 * @param language the channel's language, once it is known
 * @param memory the voice activity detector's memory
 */
public record StreamState(
        long position, long retainFrom, long segment, boolean continuing, Optional<String> language, Memory memory) {
    private static final byte VERSION = 1;

    public StreamState {
        if (retainFrom < 0 || retainFrom > position || position % VoiceActivityDetector.FRAME_SAMPLES != 0) {
            throw new IllegalArgumentException(
                    "a stream cannot be at sample " + position + " with audio retained from " + retainFrom);
        }
        if (segment < 0) {
            throw new IllegalArgumentException("a stream's segments count from 0, not from " + segment);
        }
    }

    /** The start of a channel. */
    public static StreamState start(Optional<String> language) {
        return new StreamState(0, 0, 0, false, language, Memory.none());
    }

    /** A compact form, about 1.3 kB. */
    public byte[] toBytes() {
        byte[] code = language.orElse("").getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(3 + code.length + 3 * Long.BYTES + Memory.SIZE * Float.BYTES);
        out.put(VERSION)
                .put((byte) (continuing ? 1 : 0))
                .put((byte) code.length)
                .put(code);
        out.putLong(position).putLong(retainFrom).putLong(segment);
        out.asFloatBuffer().put(memory.state()).put(memory.context());
        return out.array();
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException if it is of another version or torn
     */
    public static StreamState fromBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < 3 || in.get() != VERSION) {
            throw new IllegalArgumentException(
                    "a stream's state of " + bytes.length + " bytes is not of version " + VERSION);
        }
        boolean continuing = in.get() == 1;
        int codeLength = in.get();
        if (codeLength < 0 || in.remaining() != codeLength + 3 * Long.BYTES + Memory.SIZE * Float.BYTES) {
            throw new IllegalArgumentException("a stream's state of " + bytes.length + " bytes is torn");
        }
        byte[] code = new byte[codeLength];
        in.get(code);
        String language = new String(code, StandardCharsets.UTF_8);
        long position = in.getLong();
        long retainFrom = in.getLong();
        long segment = in.getLong();
        float[] numbers = new float[Memory.SIZE];
        in.asFloatBuffer().get(numbers);
        int state = Memory.none().state().length;
        Memory memory = new Memory(Arrays.copyOf(numbers, state), Arrays.copyOfRange(numbers, state, numbers.length));
        Optional<String> known = language.isEmpty() ? Optional.empty() : Optional.of(language);
        return new StreamState(position, retainFrom, segment, continuing, known, memory);
    }
}
