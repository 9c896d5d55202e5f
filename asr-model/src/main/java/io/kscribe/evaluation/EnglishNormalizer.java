package io.kscribe.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Normalises English as published Whisper figures do (arXiv:2212.04356, appendix C; whisper/normalizers/english.py in
 * github.com/openai/whisper shows the order of steps and what happens at the edges).
 *
 * <p>Asides and fillers are left out, contractions and titles spelled out, numbers written in digits, symbols and diacritics removed,
 * British spellings made American. Where the reference behaves oddly, so does this class, since its purpose is comparison: an
 * ellipsis at the end of a text leaves a word ".", 1.5 becomes "one.5", and "ninth" stays a word where "eighth" becomes 8th.
 */
public final class EnglishNormalizer implements TextNormalizer {
    /** Symbols that say something about the number beside them. */
    private static final String NUMERIC_SYMBOLS = ".%$¢€£";

    private static final Rewriting FILLERS = new Rewriting("\\b(?:uh|um|hmm|mhm|mmm?)\\b", "");
    private static final Rewriting STRAY_APOSTROPHES = new Rewriting("\\s+'", "'");

    private static final List<Rewriting> LONG_FORMS = Stream.of(
                    Stream.of(
                            word("won't", "will not"),
                            word("can't", "can not"),
                            word("let's", "let us"),
                            word("ain't", "aint"),
                            word("y'all", "you all"),
                            word("wanna", "want to"),
                            word("gotta", "got to"),
                            word("gonna", "going to"),
                            word("i'ma", "i am going to"),
                            word("imma", "i am going to"),
                            word("woulda", "would have"),
                            word("coulda", "could have"),
                            word("shoulda", "should have"),
                            word("ma'am", "madam")),
                    Stream.of(
                                    "mr mister",
                                    "mrs missus",
                                    "st saint",
                                    "dr doctor",
                                    "prof professor",
                                    "capt captain",
                                    "gov governor",
                                    "ald alderman",
                                    "gen general",
                                    "sen senator",
                                    "rep representative",
                                    "pres president",
                                    "rev reverend",
                                    "hon honorable",
                                    "asst assistant",
                                    "assoc associate",
                                    "lt lieutenant",
                                    "col colonel",
                                    "jr junior",
                                    "sr senior",
                                    "esq esquire")
                            .map(title -> title.split(" "))
                            .map(title -> word(title[0], title[1] + " ")),
                    Stream.of(
                            ending("'d been", "had been"),
                            ending("'s been", "has been"),
                            ending("'d gone", "had gone"),
                            ending("'s gone", "has gone"),
                            ending("'d done", "had done"),
                            ending("'s got", "has got")),
                    Stream.of(
                            ending("n't", "not"),
                            ending("'re", "are"),
                            ending("'s", "is"),
                            ending("'d", "would"),
                            ending("'ll", "will"),
                            ending("'t", "not"),
                            ending("'ve", "have"),
                            ending("'m", "am")))
            .flatMap(forms -> forms)
            .toList();

    private static final Rewriting THOUSANDS_COMMAS = new Rewriting("(\\d),(\\d)", "$1$2");
    private static final Rewriting FULL_STOPS = new Rewriting("\\.([^0-9]|$)", " $1");
    private static final Rewriting SIGNS_BEFORE_NO_NUMBER = new Rewriting("[.$¢€£]([^0-9])", " $1");
    private static final Rewriting SIGNS_AFTER_NO_NUMBER = new Rewriting("([^0-9])%", "$1 ");

    private final Spellings spellings;

    /** @param spellings makes British spellings American */
    public EnglishNormalizer(Spellings spellings) {
        this.spellings = spellings;
    }

    private static Rewriting word(String shortForm, String longForm) {
        return new Rewriting("\\b" + shortForm + "\\b", longForm);
    }

    private static Rewriting ending(String shortForm, String longForm) {
        return new Rewriting(shortForm + "\\b", " " + longForm);
    }

    @Override
    public String normalize(String text) {
        String words = Cleaning.withoutAsides(text.toLowerCase(Locale.ROOT));
        words = FILLERS.apply(words);
        words = STRAY_APOSTROPHES.apply(words);
        for (Rewriting longForm : LONG_FORMS) {
            words = longForm.apply(words);
        }
        words = THOUSANDS_COMMAS.apply(words);
        words = FULL_STOPS.apply(words);
        words = Cleaning.withoutSymbolsAndDiacritics(words, c -> NUMERIC_SYMBOLS.indexOf(c) >= 0);
        words = EnglishNumbers.inDigits(words);
        words = Arrays.stream(words.split(" ")).map(spellings::american).collect(Collectors.joining(" "));
        words = SIGNS_BEFORE_NO_NUMBER.apply(words);
        words = SIGNS_AFTER_NO_NUMBER.apply(words);
        return Cleaning.singleSpaced(words);
    }

    /** Replaces what a regular expression finds; {@code \b}, {@code \d} and {@code \s} are Unicode's. */
    record Rewriting(Pattern pattern, String replacement) {
        Rewriting(String pattern, String replacement) {
            this(Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS), replacement);
        }

        String apply(String text) {
            Matcher matcher = pattern.matcher(text);
            return matcher.replaceAll(replacement);
        }
    }
}
