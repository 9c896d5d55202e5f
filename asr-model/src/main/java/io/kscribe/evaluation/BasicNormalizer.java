package io.kscribe.evaluation;

import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Normalises text of any language: lower case, asides in brackets left out, symbols and punctuation to spaces.
 *
 * <p>As in the reference, combining marks that Unicode composes with no letter become spaces too, which cuts the words of Indic
 * scripts in pieces; error rates there compare with published ones, not with a reader's idea of a word.
 */
public final class BasicNormalizer implements TextNormalizer {
    private static final Pattern GRAPHEME = Pattern.compile("\\X");

    private final UnaryOperator<String> cleaning;
    private final boolean characters;

    private BasicNormalizer(UnaryOperator<String> cleaning, boolean characters) {
        this.cleaning = cleaning;
        this.characters = characters;
    }

    /** Compares words, with their diacritics. */
    public static BasicNormalizer ofWords() {
        return new BasicNormalizer(Cleaning::withoutSymbols, false);
    }

    /** Compares characters as readers see them (extended grapheme clusters, Unicode Standard Annex 29), for scripts without spaces. */
    public static BasicNormalizer ofCharacters() {
        return new BasicNormalizer(Cleaning::withoutSymbols, true);
    }

    /** The same, diacritics aside. */
    public BasicNormalizer withoutDiacritics() {
        return new BasicNormalizer(text -> Cleaning.withoutSymbolsAndDiacritics(text, kept -> false), characters);
    }

    @Override
    public String normalize(String text) {
        String words = cleaning.apply(Cleaning.withoutAsides(text.toLowerCase(Locale.ROOT)))
                .toLowerCase(Locale.ROOT);
        return Cleaning.singleSpaced(
                characters
                        ? GRAPHEME.matcher(words)
                                .results()
                                .map(MatchResult::group)
                                .collect(Collectors.joining(" "))
                        : words);
    }
}
