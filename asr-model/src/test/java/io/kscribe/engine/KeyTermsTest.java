package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kscribe.engine.KeyTerms.Progress;
import io.kscribe.testing.TokenizerFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyTermsTest {
    private static final float BONUS = 1.5f;

    @TempDir
    Path directory;

    private Vocabulary vocabulary;

    @BeforeEach
    void readVocabulary() throws Exception {
        List<String> tokens = new ArrayList<>();
        for (char c = 'a'; c <= 'z'; c++) {
            tokens.add(String.valueOf(c));
        }
        tokens.addAll(List.of("A", "K", "N", "Y", " ", "-", ".", " a", " k", " K", " A", " N", " Y", " n", " y"));
        tokens.addAll(List.of("an", " an", " An", " Ann", "no", "pp", "ork", "ew"));
        TokenizerFiles files = new TokenizerFiles();
        tokens.forEach(files::token);
        for (byte b : "東京".getBytes(StandardCharsets.UTF_8)) {
            files.token(b);
        }
        files.special("<|endoftext|>")
                .special("<|startoftranscript|>")
                .language("en")
                .special("<|translate|>")
                .special("<|transcribe|>")
                .special("<|notimestamps|>");
        files.write(directory);
        vocabulary = Vocabulary.read(directory, files.size());
    }

    @Test
    void shouldFavourEveryTokenOfATerm() {
        assertThat(gains(terms("Knopp"), " Knopp")).containsExactly(BONUS, BONUS, BONUS);
    }

    @Test
    void shouldLeaveATermThatIsComplete() {
        assertThat(sum(terms("Knopp"), " Knopp a")).isEqualTo(3 * BONUS);
        assertThat(sum(terms("Knopp"), " Knopp.")).isEqualTo(3 * BONUS);
        assertThat(sum(terms("Knopp"), " Knopp")).isEqualTo(3 * BONUS);
        assertThat(sum(terms("Knopp"), " Knopp Knopp a")).isEqualTo(6 * BONUS);
    }

    @Test
    void shouldTakeBackWhatATermWasFavouredByWhereItIsLeft() {
        assertThat(gains(terms("Knopp"), " Knox")).containsExactly(BONUS, BONUS, -2 * BONUS);
        assertThat(sum(terms("Knopp"), " Kno a")).isZero();
    }

    @Test
    void shouldTakeBackATermThatIsTheBeginningOfALongerWord() {
        assertThat(gains(terms("Ann"), " Annex")).containsExactly(BONUS, -BONUS, 0f);
    }

    @Test
    void shouldBeginATermWhereAnotherIsLeft() {
        assertThat(sum(terms("New York", "York"), " New York a")).isEqualTo(tokens(" New York") * BONUS);
        assertThat(sum(terms("New York", "York"), " N York a")).isEqualTo(tokens(" York") * BONUS);
    }

    @Test
    void shouldPayForATermWithinALongerOneOnce() {
        KeyTerms terms = terms("New", "New York");
        assertThat(sum(terms, " New a")).isEqualTo(tokens(" New") * BONUS);
        assertThat(sum(terms, " New York a")).isEqualTo(tokens(" New York") * BONUS);
        assertThat(sum(terms, " New Yo a")).as("the shorter one stays").isEqualTo(tokens(" New") * BONUS);
    }

    @Test
    void shouldKnowATermWithACapitalAndInSmallLetters() {
        assertThat(sum(terms("knopp"), " Knopp a")).isEqualTo(tokens(" Knopp") * BONUS);
        assertThat(sum(terms("Knopp"), " knopp a")).isEqualTo(tokens(" knopp") * BONUS);
    }

    @Test
    void shouldKnowATermWithoutASpaceWhereNoWordIsBeingWritten() {
        assertThat(sum(terms("knopp"), "knopp a")).isEqualTo(tokens("knopp") * BONUS);
        assertThat(sum(terms("knopp"), " a-knopp a")).isEqualTo(tokens("knopp") * BONUS);
        assertThat(sum(terms("knopp"), " aknopp a")).isZero();
    }

    @Test
    void shouldKnowATermOfAScriptWithoutSpacesAnywhere() {
        assertThat(sum(terms("京"), "東京東")).isEqualTo(3 * BONUS);
    }

    @Test
    void shouldRefuseTermsThatMeanNothing() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> terms("Knopp", " "))
                .withMessage("a key term is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyTerms.of(vocabulary, List.of("knopp"), 0))
                .withMessage("the bonus of key terms must be above 0 but was 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> terms("7"))
                .withMessage("the model has no tokens to write ' 7'");
    }

    private KeyTerms terms(String... terms) {
        return KeyTerms.of(vocabulary, List.of(terms), BONUS);
    }

    private int tokens(String text) {
        return vocabulary.tokens(text).size();
    }

    private float sum(KeyTerms terms, String text) {
        return (float) gains(terms, text).stream().mapToDouble(gain -> gain).sum();
    }

    private List<Float> gains(KeyTerms terms, String text) {
        List<Float> gains = new ArrayList<>();
        Progress progress = Progress.NONE;
        for (int token : vocabulary.tokens(text)) {
            Progress after = terms.after(progress, token);
            gains.add(terms.gain(progress, token, after));
            progress = after;
        }
        return gains;
    }
}
