package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.engine.Vocabulary.Piece;
import io.kscribe.model.ModelException;
import io.kscribe.testing.TokenizerFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyTest {
    @TempDir
    Path directory;

    @Test
    void shouldTurnTokensIntoText() throws Exception {
        Vocabulary vocabulary = read(TokenizerFiles.multilingual(" And", " so", "\n", "¿qué?", "\u00AD", "~"));
        assertThat(vocabulary.text(tokens(0, 1, 2, 3, 4, 5))).isEqualTo(" And so\n¿qué?\u00AD~");
    }

    @Test
    void shouldKnowEveryByte() throws Exception {
        byte[] all = new byte[256];
        TokenizerFiles files = new TokenizerFiles();
        for (int b = 0; b < 256; b++) {
            all[b] = (byte) b;
            files.token((byte) b);
        }
        Vocabulary vocabulary = read(withSpecials(files));
        String latin = new String(all, 0, 128, StandardCharsets.UTF_8);
        int[] ascii = new int[128];
        Arrays.setAll(ascii, i -> i);
        assertThat(vocabulary.text(tokens(ascii))).isEqualTo(latin);
        assertThat(vocabulary.text(tokens(0xE2, 0x82, 0xAC))).isEqualTo("€");
        assertThat(vocabulary.text(tokens(0xC2, 0xAD, 0xC2, 0xA0))).isEqualTo("\u00AD\u00A0");
    }

    @Test
    void shouldHoldACharacterThatIsSplitOverTokensUntilItIsWhole() throws Exception {
        byte[] euro = "€".getBytes(StandardCharsets.UTF_8);
        TokenizerFiles files = new TokenizerFiles()
                .token(" a")
                .token(euro[0])
                .token(euro[1], euro[2])
                .token("b");
        Vocabulary vocabulary = read(withSpecials(files));
        assertThat(vocabulary.pieces(tokens(0, 1, 2, 3)))
                .containsExactly(new Piece(" a", 0, 1), new Piece("€", 1, 3), new Piece("b", 3, 4));
    }

    @Test
    void shouldHoldBackACharacterOfWhichTheEndIsMissing() throws Exception {
        Vocabulary vocabulary =
                read(withSpecials(new TokenizerFiles().token("a").token((byte) 0xE2, (byte) 0x82)));
        assertThat(vocabulary.text(tokens(0, 1))).isEqualTo("a");
        assertThat(vocabulary.pieces(tokens(0, 1))).containsExactly(new Piece("a", 0, 1), new Piece("", 1, 2));
    }

    @Test
    void shouldGiveWhatCannotBecomeACharacterAsAReplacement() throws Exception {
        Vocabulary vocabulary = read(
                withSpecials(new TokenizerFiles().token("a").token((byte) 0xE2).token((byte) 0x82)));
        assertThat(vocabulary.text(tokens(1, 0, 2))).isEqualTo("\uFFFDa\uFFFD");
        assertThat(vocabulary.pieces(tokens(1, 0, 2)))
                .containsExactly(new Piece("\uFFFDa", 0, 2), new Piece("\uFFFD", 2, 3));
    }

    @Test
    void shouldTellOfTheEndOfAnEarlierText() throws Exception {
        TokenizerFiles files =
                TokenizerFiles.multilingual("a", "b", " ", " a", " b").special("<|startofprev|>");
        Vocabulary vocabulary = read(files);
        int start = files.size() - 1;
        assertThat(vocabulary.previous("a b a", 10)).containsExactly(start, 3, 4, 3);
        assertThat(vocabulary.previous("  a b a ", 3)).containsExactly(start, 4, 3);
        assertThat(vocabulary.previous(" ", 10)).isEmpty();
    }

    @Test
    void shouldRefuseAnEarlierTextThatTheModelDoesNotTake() throws Exception {
        Vocabulary vocabulary = read(TokenizerFiles.multilingual("a", " "));
        assertThat(vocabulary.previous("", 10)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> vocabulary.previous("a", 10))
                .withMessage("the model takes no earlier text");
    }

    @Test
    void shouldPromptForLanguageAndTask() throws Exception {
        Vocabulary vocabulary = read(TokenizerFiles.multilingual(" a", " b"));
        // endoftext 2, start 3, en 4, de 5, zh 6, translate 7, transcribe 8, nocaptions 9, notimestamps 10
        assertThat(vocabulary.prompt("de", Task.TRANSCRIBE, false)).containsExactly(3, 5, 8, 10);
        assertThat(vocabulary.prompt("zh", Task.TRANSLATE, false)).containsExactly(3, 6, 7, 10);
        assertThat(vocabulary.prompt("zh", Task.TRANSLATE, true)).containsExactly(3, 6, 7);
        assertThat(vocabulary.languages()).containsExactlyInAnyOrder("en", "de", "zh");
        assertThat(vocabulary.noSpeech()).isEqualTo(9);
        assertThat(vocabulary.endOfText()).isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> vocabulary.prompt("fr", Task.TRANSCRIBE, false))
                .withMessage("the model does not know the language 'fr'");
    }

    @Test
    void shouldPromptAnEnglishOnlyModelWithoutLanguageAndTask() throws Exception {
        Vocabulary vocabulary = read(TokenizerFiles.englishOnly(" a", " b"));
        assertThat(vocabulary.prompt("en", Task.TRANSCRIBE, false)).containsExactly(3, 5);
        assertThat(vocabulary.languages()).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> vocabulary.prompt("de", Task.TRANSCRIBE, false))
                .withMessage("the model does not know the language 'de'");
    }

    @Test
    void shouldNeverWriteSpecialTokensButTheEnd() throws Exception {
        Vocabulary vocabulary = read(
                TokenizerFiles.multilingual(" a", " b", " c").suppress(1, -1).suppressAtBegin(0, 3));
        assertThat(vocabulary.suppressed().stream()).containsExactly(1, 4, 5, 6, 7, 8, 9, 10, 11);
        assertThat(vocabulary.suppressedAtBegin().stream()).containsExactly(0, 3);
    }

    @Test
    void shouldWriteNothingForSpecialTokens() throws Exception {
        Vocabulary vocabulary = read(TokenizerFiles.multilingual(" a"));
        assertThat(vocabulary.text(tokens(2, 3, 0, 1))).isEqualTo(" a");
    }

    @Test
    void shouldRefuseATokenizerWithoutTheTokensThatSteerDecoding() throws Exception {
        TokenizerFiles files = new TokenizerFiles().special("<|endoftext|>").special("<|startoftranscript|>");
        files.write(directory);
        assertThatThrownBy(() -> Vocabulary.read(directory, files.size()))
                .isInstanceOf(ModelException.class)
                .hasMessage(directory.resolve("tokenizer.json") + " has no token <|notimestamps|>");
    }

    @Test
    void shouldRefuseAMultilingualModelThatNamesNoLanguage() throws Exception {
        TokenizerFiles files = new TokenizerFiles();
        for (String name : List.of("endoftext", "startoftranscript", "translate", "transcribe", "notimestamps")) {
            files.special("<|" + name + "|>");
        }
        files.write(directory);
        assertThatThrownBy(() -> Vocabulary.read(directory, files.size()))
                .isInstanceOf(ModelException.class)
                .hasMessage(directory.resolve("generation_config.json")
                        + " names no language in 'lang_to_id', though its model is multilingual");
    }

    @Test
    void shouldRefuseATornTokenizer() throws Exception {
        TokenizerFiles.multilingual(" a").write(directory);
        Files.writeString(directory.resolve("tokenizer.json"), "{\"model\": {");
        assertThatThrownBy(() -> Vocabulary.read(directory, 10))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith(directory.resolve("tokenizer.json") + " cannot be read as JSON: ");
    }

    private static TokenizerFiles withSpecials(TokenizerFiles files) {
        return files.special("<|endoftext|>")
                .special("<|startoftranscript|>")
                .language("en")
                .special("<|translate|>")
                .special("<|transcribe|>")
                .special("<|notimestamps|>");
    }

    private Vocabulary read(TokenizerFiles files) throws Exception {
        files.write(directory);
        return Vocabulary.read(directory, files.size());
    }

    private static List<DecodedToken> tokens(int... ids) {
        return Arrays.stream(ids).mapToObj(id -> new DecodedToken(id, -0.1f)).toList();
    }
}
