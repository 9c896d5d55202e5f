package io.kscribe.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.kscribe.model.ModelException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint's tokens: the bytes that each stands for, and the special ones that steer decoding.
 *
 * <p>Read from {@code tokenizer.json} (a byte-level vocabulary, in which every byte is written as a printable character, after
 * GPT-2) and {@code generation_config.json}; what older fine-tuned checkpoints lack there is taken from {@code config.json} and from
 * the tokens themselves. A token may hold a part of a character: only bytes joined over tokens are text.
 */
final class Vocabulary {
    /** How many tokens OpenAI's English-only models score; the multilingual ones have at least one more. */
    private static final int ENGLISH_ONLY_TOKENS = 51_864;

    private static final Pattern LANGUAGE = Pattern.compile("<\\|([a-z]{2,3})\\|>");

    private static final String END = "<|endoftext|>";
    private static final String START = "<|startoftranscript|>";
    private static final String PREVIOUS = "<|startofprev|>";
    private static final String NO_TIMESTAMPS = "<|notimestamps|>";
    private static final String TRANSCRIBE = "<|transcribe|>";
    private static final String TRANSLATE = "<|translate|>";
    private static final String ENGLISH = "en";

    private final byte[][] bytes;
    private final Map<String, Integer> special;
    private final Map<String, Integer> languages;
    private final boolean multilingual;
    private final BitSet suppressed;
    private final BitSet suppressedAtBegin;
    private @Nullable TokenEncoder encoder;

    private Vocabulary(
            byte[][] bytes,
            Map<String, Integer> special,
            Map<String, Integer> languages,
            boolean multilingual,
            BitSet suppressed,
            BitSet suppressedAtBegin) {
        this.bytes = bytes;
        this.special = special;
        this.languages = languages;
        this.multilingual = multilingual;
        this.suppressed = suppressed;
        this.suppressedAtBegin = suppressedAtBegin;
    }

    /**
     * Reads a checkpoint's vocabulary.
     *
     * @param size tokens that the model scores
     */
    static Vocabulary read(Path directory, int size) throws ModelException {
        JsonNode tokenizer = json(directory.resolve("tokenizer.json"));
        JsonNode generation = json(directory.resolve("generation_config.json"));
        Path configFile = directory.resolve("config.json");
        JsonNode config = Files.exists(configFile) ? json(configFile) : MissingNode.getInstance();
        byte[][] bytes = new byte[size][0];
        int[] byteOf = byteOfCharacter();
        tokenizer.path("model").path("vocab").properties().forEach(entry -> {
            int id = entry.getValue().asInt();
            if (id < size) {
                bytes[id] = bytesOf(entry.getKey(), byteOf);
            }
        });
        Map<String, Integer> special = new TreeMap<>();
        Map<String, Integer> languages = new TreeMap<>();
        for (JsonNode added : tokenizer.path("added_tokens")) {
            int id = added.path("id").asInt();
            if (id < size) {
                special.put(added.path("content").asText(), id);
                bytes[id] = new byte[0];
            }
        }
        boolean multilingual = generation.path("is_multilingual").asBoolean(size != ENGLISH_ONLY_TOKENS);
        if (multilingual) {
            languages.putAll(languages(generation.path("lang_to_id"), special, size));
        }
        Vocabulary vocabulary = new Vocabulary(
                bytes,
                special,
                languages,
                multilingual,
                set(either(generation, config, "suppress_tokens")),
                set(either(generation, config, "begin_suppress_tokens")));
        List<String> needed = new ArrayList<>(List.of(END, START, NO_TIMESTAMPS));
        if (multilingual) {
            needed.addAll(List.of(TRANSCRIBE, TRANSLATE));
        }
        for (String name : needed) {
            if (!special.containsKey(name)) {
                throw new ModelException(directory.resolve("tokenizer.json") + " has no token " + name);
            }
        }
        if (multilingual && languages.isEmpty()) {
            throw new ModelException(directory.resolve("generation_config.json")
                    + " names no language in 'lang_to_id', though its model is multilingual");
        }
        vocabulary.suppressed.set(vocabulary.endOfText() + 1, size);
        return vocabulary;
    }

    private static JsonNode json(Path file) throws ModelException {
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new ModelException(file + " cannot be read as JSON: " + e.getMessage(), e);
        }
    }

    /** A field of {@code generation_config.json}, or of {@code config.json}, where it was until the former came up. */
    private static JsonNode either(JsonNode generation, JsonNode config, String field) {
        return generation.path(field).isArray() ? generation.path(field) : config.path(field);
    }

    /** The languages' codes and tokens: as named, or else the special tokens that look like a code, as {@code <|en|>}. */
    private static Map<String, Integer> languages(JsonNode named, Map<String, Integer> special, int size) {
        Map<String, Integer> tokens = new TreeMap<>();
        named.properties()
                .forEach(entry -> tokens.put(entry.getKey(), entry.getValue().asInt()));
        Map<String, Integer> languages = new TreeMap<>();
        (tokens.isEmpty() ? special : tokens).forEach((token, id) -> {
            Matcher code = LANGUAGE.matcher(token);
            if (code.matches() && id < size) {
                languages.put(code.group(1), id);
            }
        });
        return languages;
    }

    private static BitSet set(JsonNode ids) {
        BitSet set = new BitSet();
        ids.forEach(id -> {
            if (id.asInt() >= 0) {
                set.set(id.asInt());
            }
        });
        return set;
    }

    /** GPT-2's table: printable Latin-1 stands for itself, every other byte for a character from U+0100 on. */
    private static int[] byteOfCharacter() {
        int[] table = new int[512];
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            table[printable ? b : next++] = b;
        }
        return table;
    }

    private static byte[] bytesOf(String written, int[] byteOf) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        written.chars().forEach(c -> out.write(c < byteOf.length ? byteOf[c] : '?'));
        return out.toByteArray();
    }

    /** How many tokens there are. */
    int size() {
        return bytes.length;
    }

    /** The languages that the model knows, as ISO 639-1 codes; none for an English-only model. */
    Set<String> languages() {
        return languages.keySet();
    }

    Map<String, Integer> languageTokens() {
        return languages;
    }

    /** The language that a token stands for. */
    String languageOf(int token) {
        return languages.entrySet().stream()
                .filter(entry -> entry.getValue() == token)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("token " + token + " is no language"));
    }

    int endOfText() {
        return special(END);
    }

    int startOfTranscript() {
        return special(START);
    }

    int noSpeech() {
        return special.getOrDefault("<|nospeech|>", special.getOrDefault("<|nocaptions|>", endOfText()));
    }

    /** The time stamp 0.00, the others of a window after it in steps of 20 ms; empty if the model writes none. */
    OptionalInt firstTimestamp() {
        int first = special(NO_TIMESTAMPS) + 1;
        return first < size() ? OptionalInt.of(first) : OptionalInt.empty();
    }

    /**
     * What comes before the start to tell of an earlier text: a token that says so, and the last of the text's; nothing if it is blank.
     *
     * @param most how many tokens there may be
     * @throws IllegalArgumentException if the model takes no earlier text
     */
    int[] previous(String text, int most) {
        if (text.isBlank()) {
            return new int[0];
        }
        Integer start = special.get(PREVIOUS);
        if (start == null) {
            throw new IllegalArgumentException("the model takes no earlier text");
        }
        List<Integer> all = tokens(" " + text.strip());
        List<Integer> last = all.subList(Math.max(0, all.size() - most + 1), all.size());
        return IntStream.concat(IntStream.of(start), last.stream().mapToInt(Integer::intValue))
                .toArray();
    }

    /**
     * What comes before the text: start, language, task, and that no time stamps are wanted; English-only models have neither language nor
     * task.
     */
    int[] prompt(String language, Task task, boolean timestamps) {
        Integer spoken = languages.get(language);
        IntStream.Builder prompt = IntStream.builder().add(startOfTranscript());
        if (spoken != null) {
            prompt.add(spoken).add(special(task == Task.TRANSCRIBE ? TRANSCRIBE : TRANSLATE));
        } else if (multilingual || !language.equals(ENGLISH)) {
            throw new IllegalArgumentException("the model does not know the language '" + language + "'");
        }
        if (!timestamps) {
            prompt.add(special(NO_TIMESTAMPS));
        }
        return prompt.build().toArray();
    }

    private int special(String name) {
        Integer id = special.get(name);
        if (id == null) {
            throw new IllegalStateException("the vocabulary has no token " + name);
        }
        return id;
    }

    /** Tokens that are never written: the checkpoint's list, and every special token but the end of the text. */
    BitSet suppressed() {
        return (BitSet) suppressed.clone();
    }

    /** Tokens that do not begin a text: a blank, the end. */
    BitSet suppressedAtBegin() {
        return (BitSet) suppressedAtBegin.clone();
    }

    /**
     * The tokens of a text.
     *
     * @throws IllegalArgumentException if there is a byte that no token stands for
     */
    synchronized List<Integer> tokens(String text) {
        if (encoder == null) {
            encoder = new TokenEncoder(bytes);
        }
        return encoder.encode(text);
    }

    /** True if a token begins within a word: with a letter, a digit, or a part of a character beyond ASCII. */
    boolean beginsInWord(int token) {
        return bytes[token].length > 0 && ofWord(bytes[token][0]);
    }

    /** True if a token ends within a word. */
    boolean endsInWord(int token) {
        return bytes[token].length > 0 && ofWord(bytes[token][bytes[token].length - 1]);
    }

    private static boolean ofWord(byte utf8) {
        return utf8 < 0 || Character.isLetterOrDigit(utf8);
    }

    /** The text of tokens; bytes that are not UTF-8 become U+FFFD, a character of which the end is missing is held back. */
    String text(List<DecodedToken> tokens) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        tokens.forEach(token -> out.writeBytes(bytes[token.id()]));
        return characters(ByteBuffer.wrap(out.toByteArray()));
    }

    /** Tokens joined until each piece is whole characters; the last may lack the end of one, which is held back. */
    List<Piece> pieces(List<DecodedToken> tokens) {
        List<Piece> pieces = new ArrayList<>();
        ByteArrayOutputStream pending = new ByteArrayOutputStream();
        int from = 0;
        for (int i = 0; i < tokens.size(); i++) {
            pending.writeBytes(bytes[tokens.get(i).id()]);
            ByteBuffer utf8 = ByteBuffer.wrap(pending.toByteArray());
            String text = characters(utf8);
            if (!utf8.hasRemaining() || i == tokens.size() - 1) {
                pieces.add(new Piece(text, from, i + 1));
                pending.reset();
                from = i + 1;
            }
        }
        return pieces;
    }

    /** Reads whole characters; what remains is the beginning of another. */
    private static String characters(ByteBuffer utf8) {
        CharBuffer characters = CharBuffer.allocate(utf8.remaining());
        StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE)
                .decode(utf8, characters, false);
        return characters.flip().toString();
    }

    /**
     * Whole characters and the tokens that make them.
     *
     * @param text the characters
     * @param from the first token
     * @param to the token after the last
     */
    record Piece(String text, int from, int to) {}
}
