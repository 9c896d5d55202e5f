package io.kscribe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BasicNormalizerTest {
    @Test
    void shouldKeepWordsWithTheirDiacritics() {
        assertThat(BasicNormalizer.ofWords().units("Grüße, l'été – ¡olé! 3,5 %"))
                .containsExactly("grüße", "l", "été", "olé", "3", "5");
    }

    @Test
    void shouldComposeWhatIsTheSameLetter() {
        assertThat(BasicNormalizer.ofWords().normalize("e\u0301te\u0301 \uff21"))
                .isEqualTo("été a");
    }

    @Test
    void shouldRemoveDiacriticsOnDemand() {
        assertThat(BasicNormalizer.ofWords().withoutDiacritics().normalize("Łukasz ißt Crème brûlée"))
                .isEqualTo("lukasz isst creme brulee");
    }

    @Test
    void shouldLeaveOutAsides() {
        assertThat(BasicNormalizer.ofWords().normalize("ja [Lachen] gut (leise) <br> so"))
                .isEqualTo("ja gut so");
    }

    @Test
    void shouldCountCharactersWhereThereAreNoSpaces() {
        assertThat(BasicNormalizer.ofCharacters().units("今日は、 晴れ。")).containsExactly("今", "日", "は", "晴", "れ");
        assertThat(BasicNormalizer.ofCharacters().units("が\u0304x")).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"zh", "ja", "th", "lo", "my", "yue", "zh-TW", "JA"})
    void shouldCompareUnspacedLanguagesByCharacters(String language) {
        assertThat(TextNormalizer.isUnspaced(language)).isTrue();
        assertThat(TextNormalizer.of(language, Spellings.none()).units("ab")).containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"de", "fr", "ko", ""})
    void shouldCompareOtherLanguagesByWords(String language) {
        assertThat(TextNormalizer.isUnspaced(language)).isFalse();
        assertThat(TextNormalizer.of(language, Spellings.none()).units("Ab don't"))
                .containsExactly("ab", "don", "t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "en-GB", "EN_us"})
    void shouldKnowEnglishInEveryRegion(String language) {
        assertThat(TextNormalizer.of(language, Spellings.none()).units("don't")).containsExactly("do", "not");
    }
}
