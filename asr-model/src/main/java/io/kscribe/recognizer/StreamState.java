package io.kscribe.recognizer;

import io.kscribe.engine.DecodedToken;
import io.kscribe.recognizer.VoiceActivityDetector.Memory;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A moment of a stream from which it can be continued, given the audio from {@link #retainFrom} on.
 *
 * @param position samples heard, a whole number of frames
 * @param retainFrom the first sample that a continued stream needs, at most {@code position}
 * @param segment the number of the next segment
 * @param continuing true if an island is open from {@code position} on: the rest of one that was cut
 * @param language the channel's language, once it is known
 * @param languageGiven true if the language was given, and not detected
 * @param memory the voice activity detector's memory
 * @param stable what was stable of islands that begin from {@code position} on; none unless the stream is strict
 */
public record StreamState(
        long position,
        long retainFrom,
        long segment,
        boolean continuing,
        Optional<String> language,
        boolean languageGiven,
        Memory memory,
        List<StableText> stable) {
    private static final byte VERSION = 2;
    private static final int CONTINUING = 1;
    private static final int LANGUAGE_GIVEN = 2;
    private static final int HEADER = 3;
    private static final int TOKEN = Integer.BYTES + Float.BYTES;
    private static final int STABLE_TEXT = 1 + 3 * Long.BYTES + 2 * Integer.BYTES;

    public StreamState {
        if (retainFrom < 0 || retainFrom > position || position % VoiceActivityDetector.FRAME_SAMPLES != 0) {
            throw new IllegalArgumentException(
                    "a stream cannot be at sample " + position + " with audio retained from " + retainFrom);
        }
        if (segment < 0) {
            throw new IllegalArgumentException("a stream's segments count from 0, not from " + segment);
        }
        stable = List.copyOf(stable);
    }

    /** The start of a channel whose language is given, or to be detected. */
    public static StreamState start(Optional<String> language) {
        return new StreamState(0, 0, 0, false, language, language.isPresent(), Memory.none(), List.of());
    }

    /** A compact form, about 1.3 kB, and 8 bytes for each stable token. */
    public byte[] toBytes() {
        byte[] code = language.orElse("").getBytes(StandardCharsets.UTF_8);
        int texts = stable.stream()
                .mapToInt(text -> STABLE_TEXT + text.tokens().size() * TOKEN)
                .sum();
        ByteBuffer out = ByteBuffer.allocate(
                HEADER + code.length + 3 * Long.BYTES + Memory.SIZE * Float.BYTES + Integer.BYTES + texts);
        out.put(VERSION)
                .put((byte) ((continuing ? CONTINUING : 0) | (languageGiven ? LANGUAGE_GIVEN : 0)))
                .put((byte) code.length)
                .put(code);
        out.putLong(position).putLong(retainFrom).putLong(segment);
        put(out, memory.state());
        put(out, memory.context());
        out.putInt(stable.size());
        stable.forEach(text -> put(out, text));
        return out.array();
    }

    private static void put(ByteBuffer out, float[] numbers) {
        for (float number : numbers) {
            out.putFloat(number);
        }
    }

    private static void put(ByteBuffer out, StableText text) {
        out.putLong(text.island()).put((byte) (text.over() ? 1 : 0));
        out.putInt(text.chars()).putLong(text.audioMillis()).putLong(text.endMillis());
        out.putInt(text.tokens().size());
        for (DecodedToken token : text.tokens()) {
            out.putInt(token.id()).putFloat(token.logProbability());
        }
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException if it is of another version or torn
     */
    public static StreamState fromBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER || in.get() != VERSION) {
            throw new IllegalArgumentException(
                    "a stream's state of " + bytes.length + " bytes is not of version " + VERSION);
        }
        try {
            StreamState state = read(in);
            if (!in.hasRemaining()) {
                return state;
            }
        } catch (BufferUnderflowException e) {
            throw torn(bytes);
        }
        throw torn(bytes);
    }

    private static IllegalArgumentException torn(byte[] bytes) {
        return new IllegalArgumentException("a stream's state of " + bytes.length + " bytes is torn");
    }

    private static StreamState read(ByteBuffer in) {
        int flags = in.get();
        byte[] code = new byte[count(in.get(), in, 1)];
        in.get(code);
        String language = new String(code, StandardCharsets.UTF_8);
        long position = in.getLong();
        long retainFrom = in.getLong();
        long segment = in.getLong();
        Memory none = Memory.none();
        Memory memory = new Memory(floats(in, none.state().length), floats(in, none.context().length));
        int texts = count(in.getInt(), in, STABLE_TEXT);
        List<StableText> stable = new ArrayList<>();
        for (int i = 0; i < texts; i++) {
            stable.add(stableText(in));
        }
        return new StreamState(
                position,
                retainFrom,
                segment,
                (flags & CONTINUING) != 0,
                language.isEmpty() ? Optional.empty() : Optional.of(language),
                (flags & LANGUAGE_GIVEN) != 0,
                memory,
                stable);
    }

    private static StableText stableText(ByteBuffer in) {
        long island = in.getLong();
        boolean over = in.get() != 0;
        int chars = in.getInt();
        long audioMillis = in.getLong();
        long endMillis = in.getLong();
        int count = count(in.getInt(), in, TOKEN);
        List<DecodedToken> tokens = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            tokens.add(new DecodedToken(in.getInt(), in.getFloat()));
        }
        return new StableText(island, over, tokens, chars, audioMillis, endMillis);
    }

    private static float[] floats(ByteBuffer in, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = in.getFloat();
        }
        return numbers;
    }

    /** How many things of a size follow, if there is room for them. */
    private static int count(int count, ByteBuffer in, int size) {
        if (count < 0 || count > in.remaining() / size) {
            throw new BufferUnderflowException();
        }
        return count;
    }
}
