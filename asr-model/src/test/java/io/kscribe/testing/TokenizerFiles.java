package io.kscribe.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes {@code tokenizer.json} and {@code generation_config.json} of a vocabulary small enough to be read by eye. */
public final class TokenizerFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<byte[]> tokens = new ArrayList<>();
    private final List<String> special = new ArrayList<>();
    private final ObjectNode generation = JSON.createObjectNode();

    /** An empty vocabulary. */
    public TokenizerFiles() {}

    /** A multilingual vocabulary of these tokens, then Whisper's special ones: English, German and Chinese, no time stamps. */
    public static TokenizerFiles multilingual(String... tokens) {
        TokenizerFiles files = new TokenizerFiles();
        for (String token : tokens) {
            files.token(token);
        }
        return files.special("<|endoftext|>")
                .special("<|startoftranscript|>")
                .language("en")
                .language("de")
                .language("zh")
                .special("<|translate|>")
                .special("<|transcribe|>")
                .special("<|nocaptions|>")
                .special("<|notimestamps|>");
    }

    /** An English-only vocabulary. */
    public static TokenizerFiles englishOnly(String... tokens) {
        TokenizerFiles files = new TokenizerFiles();
        for (String token : tokens) {
            files.token(token);
        }
        files.generation.put("is_multilingual", false);
        return files.special("<|endoftext|>")
                .special("<|startoftranscript|>")
                .special("<|nocaptions|>")
                .special("<|notimestamps|>");
    }

    /** Adds an ordinary token; all of them come before the special ones. */
    public TokenizerFiles token(String text) {
        return token(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds an ordinary token of any bytes. */
    public TokenizerFiles token(byte... bytes) {
        if (!special.isEmpty()) {
            throw new IllegalStateException("ordinary tokens come before special ones");
        }
        tokens.add(bytes.clone());
        return this;
    }

    /** Adds a special token. */
    public TokenizerFiles special(String name) {
        special.add(name);
        return this;
    }

    /** Adds a language's special token. */
    public TokenizerFiles language(String code) {
        special("<|" + code + "|>");
        generation.withObjectProperty("lang_to_id").put("<|" + code + "|>", size() - 1);
        return this;
    }

    /** The tokens never to be written. */
    public TokenizerFiles suppress(int... ids) {
        return ids("suppress_tokens", ids);
    }

    /** The tokens that must not begin a text. */
    public TokenizerFiles suppressAtBegin(int... ids) {
        return ids("begin_suppress_tokens", ids);
    }

    private TokenizerFiles ids(String field, int... ids) {
        ArrayNode array = generation.putArray(field);
        for (int id : ids) {
            array.add(id);
        }
        return this;
    }

    /** Names a decoder head that follows the audio. */
    public TokenizerFiles alignmentHead(int layer, int head) {
        ArrayNode heads = generation.withArrayProperty("alignment_heads");
        heads.addArray().add(layer).add(head);
        return this;
    }

    /** How many tokens there are. */
    public int size() {
        return tokens.size() + special.size();
    }

    /** Writes both files. */
    public void write(Path directory) throws IOException {
        ObjectNode tokenizer = JSON.createObjectNode();
        ObjectNode vocabulary = tokenizer.putObject("model").putObject("vocab");
        for (int id = 0; id < tokens.size(); id++) {
            vocabulary.put(printable(tokens.get(id)), id);
        }
        ArrayNode added = tokenizer.putArray("added_tokens");
        for (int i = 0; i < special.size(); i++) {
            added.addObject().put("id", tokens.size() + i).put("content", special.get(i));
        }
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("tokenizer.json"), tokenizer.toString());
        Files.writeString(directory.resolve("generation_config.json"), generation.toString());
    }

    /** Bytes as GPT-2's tokenizer files have them: those without a face of their own move to U+0100 and up. */
    private static String printable(byte[] bytes) {
        StringBuilder written = new StringBuilder();
        for (byte b : bytes) {
            int value = b & 0xFF;
            int moved;
            if (value <= 0x20) {
                moved = 0x100 + value;
            } else if (value >= 0x7F && value <= 0xA0) {
                moved = 0x121 + value - 0x7F;
            } else {
                moved = value == 0xAD ? 0x143 : value;
            }
            written.append((char) moved);
        }
        return written.toString();
    }
}
