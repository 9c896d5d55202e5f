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
 * @param preRoll how many samples before {@code position} belong to an island that opens there
 * @param said what finals to come may be decoded together with, in the order of time
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
        int preRoll,
        List<Said> said,
        List<StableText> stable) {
    private static final byte VERSION = 3;
    private static final int CONTINUING = 1;
    private static final int LANGUAGE_GIVEN = 2;

    /** Version, flags, and the length of the language. */
    private static final int HEADER = 3;

    /** Where it lies, and how many tokens and words it has. */
    private static final int SAID = Long.BYTES + Integer.BYTES + 2 * Short.BYTES;

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
        said = List.copyOf(said);
        stable = List.copyOf(stable);
        long needed = Math.min(
                position - preRoll, said.isEmpty() ? position : said.get(0).start());
        if (preRoll < 0 || retainFrom > needed) {
            throw new IllegalArgumentException("a stream that needs audio from sample " + needed
                    + " on cannot be continued with audio retained from " + retainFrom);
        }
        long from = retainFrom;
        for (Said one : said) {
            if (one.start() < from || one.start() + one.samples() > position) {
                throw new IllegalArgumentException("a stream at sample " + position
                        + " cannot have said something from sample " + one.start() + " to "
                        + (one.start() + one.samples()) + " after what ends at " + from);
            }
            from = one.start() + one.samples();
        }
    }

    /** The start of a channel whose language is given, or to be detected. */
    public static StreamState start(Optional<String> language) {
        return new StreamState(0, 0, 0, false, language, language.isPresent(), Memory.none(), 0, List.of(), List.of());
    }

    /**
     * The channel's state at a later moment, when what was not heard until then is nobody's: segments are numbered on, the language stays, all
     * else is as at the start.
     *
     * @param later a whole number of frames
     */
    public StreamState laterAt(long later) {
        StreamState fresh = start(language);
        return new StreamState(
                later, later, segment, false, language, languageGiven, fresh.memory(), 0, List.of(), List.of());
    }

    /** A compact form: about 1.3 kB, and a few bytes for each word of what was said last, or is stable. */
    public byte[] toBytes() {
        byte[] code = language.orElse("").getBytes(StandardCharsets.UTF_8);
        int saidBytes = said.stream().mapToInt(StreamState::bytes).sum();
        ByteBuffer out = ByteBuffer.allocate(HEADER
                + code.length
                + 3 * Long.BYTES
                + Integer.BYTES
                + Memory.SIZE * Float.BYTES
                + 1
                + saidBytes
                + Integer.BYTES
                + stable.stream()
                        .mapToInt(text -> STABLE_TEXT + text.tokens().size() * TOKEN)
                        .sum());
        out.put(VERSION)
                .put((byte) ((continuing ? CONTINUING : 0) | (languageGiven ? LANGUAGE_GIVEN : 0)))
                .put((byte) code.length)
                .put(code);
        out.putLong(position).putLong(retainFrom).putLong(segment).putInt(preRoll);
        putAll(out, memory.state());
        putAll(out, memory.context());
        out.put((byte) said.size());
        said.forEach(one -> put(out, one));
        out.putInt(stable.size());
        stable.forEach(text -> put(out, text));
        return out.array();
    }

    private static void put(ByteBuffer out, StableText text) {
        out.putLong(text.island()).put((byte) (text.over() ? 1 : 0));
        out.putInt(text.chars()).putLong(text.audioMillis()).putLong(text.endMillis());
        out.putInt(text.tokens().size());
        for (DecodedToken token : text.tokens()) {
            out.putInt(token.id()).putFloat(token.logProbability());
        }
    }

    private static void putAll(ByteBuffer out, float[] numbers) {
        for (float number : numbers) {
            out.putFloat(number);
        }
    }

    private static int bytes(Said said) {
        int words = said.words().stream()
                .mapToInt(word -> Short.BYTES + word.getBytes(StandardCharsets.UTF_8).length)
                .sum();
        return SAID + said.tokens().size() * Integer.BYTES + words;
    }

    private static void put(ByteBuffer out, Said said) {
        out.putLong(said.start()).putInt(said.samples());
        out.putShort((short) said.tokens().size());
        said.tokens().forEach(out::putInt);
        out.putShort((short) said.words().size());
        for (String word : said.words()) {
            byte[] utf8 = word.getBytes(StandardCharsets.UTF_8);
            out.putShort((short) utf8.length).put(utf8);
        }
    }

    /**
     * Reads what {@link #toBytes} wrote.
     *
     * @throws IllegalArgumentException if it is of another version or torn
     */
    public static StreamState fromBytes(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length == 0 || in.get() != VERSION) {
            throw new IllegalArgumentException(
                    "a stream's state of " + bytes.length + " bytes is not of version " + VERSION);
        }
        try {
            StreamState state = read(in);
            if (!in.hasRemaining()) {
                return state;
            }
        } catch (BufferUnderflowException | NegativeArraySizeException e) {
            // As any length that does not fit.
        }
        throw new IllegalArgumentException("a stream's state of " + bytes.length + " bytes is torn");
    }

    private static StreamState read(ByteBuffer in) {
        int flags = in.get();
        String language = text(in, in.get());
        long position = in.getLong();
        long retainFrom = in.getLong();
        long segment = in.getLong();
        int preRoll = in.getInt();
        Memory none = Memory.none();
        Memory memory = new Memory(numbers(in, none.state().length), numbers(in, none.context().length));
        List<Said> said = new ArrayList<>();
        for (int left = in.get(); left > 0; left--) {
            said.add(said(in));
        }
        Optional<String> known = language.isEmpty() ? Optional.empty() : Optional.of(language);
        List<StableText> stable = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            stable.add(stableText(in));
        }
        return new StreamState(
                position,
                retainFrom,
                segment,
                (flags & CONTINUING) != 0,
                known,
                (flags & LANGUAGE_GIVEN) != 0,
                memory,
                preRoll,
                said,
                stable);
    }

    private static StableText stableText(ByteBuffer in) {
        long island = in.getLong();
        boolean over = in.get() != 0;
        int chars = in.getInt();
        long audioMillis = in.getLong();
        long endMillis = in.getLong();
        List<DecodedToken> tokens = new ArrayList<>();
        for (int left = in.getInt(); left > 0; left--) {
            tokens.add(new DecodedToken(in.getInt(), in.getFloat()));
        }
        return new StableText(island, over, tokens, chars, audioMillis, endMillis);
    }

    private static Said said(ByteBuffer in) {
        long start = in.getLong();
        int samples = in.getInt();
        List<Integer> tokens = new ArrayList<>();
        for (int left = in.getShort(); left > 0; left--) {
            tokens.add(in.getInt());
        }
        List<String> words = new ArrayList<>();
        for (int left = in.getShort(); left > 0; left--) {
            words.add(text(in, in.getShort()));
        }
        return new Said(start, samples, tokens, words);
    }

    private static String text(ByteBuffer in, int length) {
        byte[] utf8 = new byte[length];
        in.get(utf8);
        return new String(utf8, StandardCharsets.UTF_8);
    }

    private static float[] numbers(ByteBuffer in, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = in.getFloat();
        }
        return numbers;
    }
}
