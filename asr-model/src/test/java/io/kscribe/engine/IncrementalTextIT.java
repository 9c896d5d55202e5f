package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.testing.Models;
import java.text.DateFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real words of every language, written token by token with the real vocabulary. */
@ExtendWith(Models.Provider.class)
class IncrementalTextIT {
    private final Vocabulary vocabulary;

    IncrementalTextIT(Models models) throws Exception {
        vocabulary = models.engine("tiny").vocabulary();
    }

    @Test
    void shouldOnlyGrowByWholeCharactersInEveryLanguage() {
        int split = 0;
        for (String language : vocabulary.languages()) {
            String text = words(Locale.forLanguageTag(language));
            List<DecodedToken> tokens = tokens(text);
            String before = "";
            for (int n = 1; n <= tokens.size(); n++) {
                List<DecodedToken> first = tokens.subList(0, n);
                String shown = vocabulary.text(first);
                assertThat(shown).as(language).startsWith(before).doesNotContain("\uFFFD");
                assertThat(text).startsWith(shown);
                assertThat(joined(vocabulary.pieces(first))).isEqualTo(shown);
                assertThat(Character.isHighSurrogate(shown.isEmpty() ? ' ' : shown.charAt(shown.length() - 1)))
                        .isFalse();
                split += shown.equals(before) ? 1 : 0;
                before = shown;
            }
            assertThat(before).isEqualTo(text);
        }
        assertThat(split).as("tokens that end within a character").isGreaterThan(500);
    }

    @Test
    void shouldKeepTheTokensOfEveryPieceTogether() {
        for (String language : vocabulary.languages()) {
            List<DecodedToken> tokens = tokens(words(Locale.forLanguageTag(language)));
            int at = 0;
            for (Vocabulary.Piece piece : vocabulary.pieces(tokens)) {
                assertThat(piece.from()).isEqualTo(at);
                assertThat(piece.text())
                        .as(language)
                        .isNotEmpty()
                        .isEqualTo(vocabulary.text(tokens.subList(piece.from(), piece.to())));
                at = piece.to();
            }
            assertThat(at).isEqualTo(tokens.size());
        }
    }

    private List<DecodedToken> tokens(String text) {
        List<DecodedToken> tokens = new ArrayList<>();
        vocabulary.tokens(text).forEach(id -> tokens.add(new DecodedToken(id, -1)));
        return tokens;
    }

    private static String joined(List<Vocabulary.Piece> pieces) {
        return String.join("", pieces.stream().map(Vocabulary.Piece::text).toList());
    }

    /** Its own name, months and days, the names of countries, and what no token holds whole. */
    private static String words(Locale locale) {
        DateFormatSymbols calendar = DateFormatSymbols.getInstance(locale);
        Stream<String> countries = Stream.of("DE", "CN", "EG", "IN", "GE")
                .map(country -> new Locale("", country).getDisplayCountry(locale));
        Stream<String> words = Stream.of(
                        Stream.of(locale.getDisplayLanguage(locale)),
                        Stream.of(calendar.getMonths()),
                        Stream.of(calendar.getWeekdays()),
                        countries,
                        Stream.of("𐍈", "👩🏽‍🚀"))
                .flatMap(all -> all);
        return " " + String.join(" ", words.toList());
    }
}
