package io.kscribe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnglishNormalizerTest {
    private final EnglishNormalizer normalizer =
            new EnglishNormalizer(new Spellings(Map.of("harbour", "harbor", "realise", "realize")));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The ferry LEAVES at dawn!|the ferry leaves at dawn",
                "yes [door slams] come in <unk> please|yes come in please",
                "the pump (the old one) broke|the pump broke",
                "um, the, uh, hmm key mm is mhm here|the key is here",
                "a summer hum|a summer hum",
            })
    void shouldKeepOnlyTheWords(String text, String normal) {
        assertThat(normalizer.normalize(text)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "I won't and she can't|i will not and she can not",
                "let's go, y'all|let us go you all",
                "we ain't late|we aint late",
                "gonna wanna gotta|going to want to got to",
                "I'ma stay, imma stay|i am going to stay i am going to stay",
                "coulda woulda shoulda|could have would have should have",
                "yes, ma'am|yes madam",
                "they'd been here, it's been long|they had been here it has been long",
                "he'd gone, she's gone|he had gone she has gone",
                "I'd done it|i had done it",
                "it's got legs|it has got legs",
                "don't, isn't|do not is not",
                "we're, you've, I'm|we are you have i am",
                "he'd like what she'll bring|he would like what she will bring",
                "that's Anna's|that is anna is",
                "'t was|not was",
                "the cats 'd sleep|the cats would sleep",
            })
    void shouldExpandContractions(String text, String normal) {
        assertThat(normalizer.normalize(text)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource({
        "Mr. Ito and Mrs. Ito, mister ito and missus ito",
        "Dr Weiss of St. Gallen, doctor weiss of saint gallen",
        "Prof. Gen. Col. Lt. Capt., professor general colonel lieutenant captain",
        "Gov. Sen. Rep. Pres., governor senator representative president",
        "Rev. Hon. Ald. Esq., reverend honorable alderman esquire",
        "Asst. and Assoc. Jr. Sr., assistant and associate junior senior",
        "the first street, the 1st street",
    })
    void shouldSpellOutTitles(String text, String normal) {
        assertThat(normalizer.normalize(text)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seven|7",
                "one and ones|one and ones",
                "forty two boats|42 boats",
                "twelve hundred|1200",
                "three hundred and six|306",
                "two thousand four hundred nineteen|2419",
                "six million two thousand|6002000",
                "one hundred thousand|100000",
                "nineteen eighty four|1984",
                "twenty ten|2010",
                "one oh three|103",
                "room two oh four|room 204",
                "five five five one two|55512",
                "ten five|105",
                "cats and five dogs|cats and 5 dogs",
                "five and six|5 and 6",
                "1,250 sheep|1250 sheep",
                "4 hundred|400",
                "007|7",
            })
    void shouldWriteCardinalsInDigits(String text, String normal) {
        assertThat(normalizer.normalize(text)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "first second third fourth|1st 2nd 3rd 4th",
                "the twenty first day|the 21st day",
                "fifth eighth twelfth twentieth|5th 8th 12th 20th",
                "two hundredth|200th",
                "one hundred and eleventh|111th",
                "zeroth|0th",
                "the nineteen sixties|the 1960s",
                "sixes and sevens|6s and 7s",
                "three millions|3000000s",
                "1970 s|1970s",
                "the 3 rd|the 3rd",
            })
    void shouldWriteOrdinalsAndPlurals(String text, String normal) {
        assertThat(normalizer.normalize(text)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "three point one four|3.14",
                "point five|.5",
                "two point twenty one|2.21",
                "a good point was made|a good point was made",
                "two and a half|2.5",
                "four and a half million|4500000",
                "a day and a half|a day and a half",
                "2.5 thousand|2500",
                "1.5 billion|1500000000",
                "ten point two point zero point three|10.2.0.3",
            })
    void shouldWriteFractions(String text, String normal) {
        assertThat(normalizer.normalize(text)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "double seven|77",
                "triple oh four|0004",
                "double oh seven|007",
                "double trouble|double trouble",
            })
    void shouldReadRepeatedDigits(String text, String normal) {
        assertThat(normalizer.normalize(text)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "twenty dollars|$20",
                "five pounds and ten euros|£5 and €10",
                "three dollars and five cents|$3.05",
                "three dollars fifty cents|$3.50",
                "fifty cents|¢50",
                "$0.75|¢75",
                "$20 million|$20000000",
                "dollars and cents|dollars and cents",
                "$ signs|signs",
                "minus four|-4",
                "negative feedback|negative feedback",
                "plus ten|+10",
                "sixty percent|60%",
                "sixty per cent|60%",
                "100%|100%",
                "five per person|5 per person",
                "percent|percent",
            })
    void shouldWriteCurrenciesSignsAndPercents(String text, String normal) {
        assertThat(normalizer.normalize(text)).isEqualTo(normal);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Zoë's café|zoe is cafe",
                "Łódź, Øresund, Straße, œuvre, Þór|lodz oresund strasse oeuvre thor",
                "rock & roll @ nine|rock roll 9",
                "well-known; (so) \"called\"|well known called",
                "b2b|b 2 b",
                "Stop. Go. 3.5|stop go 3.5",
            })
    void shouldRemoveSymbolsAndDiacritics(String text, String normal) {
        assertThat(normalizer.normalize(text)).isEqualTo(normal);
    }

    @Test
    void shouldMakeBritishSpellingsAmerican() {
        assertThat(normalizer.normalize("Realise: the Harbour's near")).isEqualTo("realize the harbor is near");
        assertThat(new EnglishNormalizer(Spellings.none()).normalize("Harbour")).isEqualTo("harbour");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "and then...|and then .",
                "1.5 miles|one.5 miles",
                "the ninth wave|the ninth wave",
            })
    void shouldBeAsOddAsTheReference(String text, String normal) {
        assertThat(normalizer.normalize(text)).isEqualTo(normal);
    }

    @Test
    void shouldLeaveNothingOfATextWithoutWords() {
        assertThat(normalizer.units("[music] Hmm?")).isEmpty();
        assertThat(normalizer.units("")).isEmpty();
    }
}
