package io.kscribe.evaluation;

import java.text.Normalizer;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** The steps that the normalisers of all languages share. */
final class Cleaning {
    /** Asides: [noise], &lt;unk&gt;, and what stands in parentheses. */
    private static final Pattern BRACKETED = Pattern.compile("[<\\[][^>\\]]*[>\\]]");

    private static final Pattern PARENTHESISED = Pattern.compile("\\([^)]+\\)");

    private static final Pattern WHITE_SPACE = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    /** Letters that Unicode does not decompose into a plain one and a mark. */
    private static final Map<Integer, String> PLAIN_LETTERS = Map.ofEntries(
            Map.entry((int) 'œ', "oe"),
            Map.entry((int) 'Œ', "OE"),
            Map.entry((int) 'æ', "ae"),
            Map.entry((int) 'Æ', "AE"),
            Map.entry((int) 'ø', "o"),
            Map.entry((int) 'Ø', "O"),
            Map.entry((int) 'ß', "ss"),
            Map.entry((int) 'ẞ', "SS"),
            Map.entry((int) 'đ', "d"),
            Map.entry((int) 'Đ', "D"),
            Map.entry((int) 'ð', "d"),
            Map.entry((int) 'Ð', "D"),
            Map.entry((int) 'þ', "th"),
            Map.entry((int) 'Þ', "th"),
            Map.entry((int) 'ł', "l"),
            Map.entry((int) 'Ł', "L"));

    private Cleaning() {}

    static String withoutAsides(String text) {
        return PARENTHESISED.matcher(BRACKETED.matcher(text).replaceAll("")).replaceAll("");
    }

    /** Marks, symbols and punctuation become spaces; letters keep the diacritics that are part of them (NFKC). */
    static String withoutSymbols(String text) {
        StringBuilder clean = new StringBuilder();
        Normalizer.normalize(text, Normalizer.Form.NFKC)
                .codePoints()
                .forEach(c -> clean.appendCodePoint(isMark(c) || isSymbol(c) ? ' ' : c));
        return clean.toString();
    }

    /**
     * Symbols, punctuation and marks that take room become spaces, diacritics vanish (NFKD).
     *
     * @param kept symbols that stay
     */
    static String withoutSymbolsAndDiacritics(String text, IntPredicate kept) {
        StringBuilder clean = new StringBuilder();
        Normalizer.normalize(text, Normalizer.Form.NFKD).codePoints().forEach(c -> {
            String plain = PLAIN_LETTERS.get(c);
            if (kept.test(c)) {
                clean.appendCodePoint(c);
            } else if (plain != null) {
                clean.append(plain);
            } else if (isMark(c) || isSymbol(c)) {
                clean.append(Character.getType(c) == Character.NON_SPACING_MARK ? "" : " ");
            } else {
                clean.appendCodePoint(c);
            }
        });
        return clean.toString();
    }

    static String singleSpaced(String text) {
        return WHITE_SPACE.matcher(text).replaceAll(" ").strip();
    }

    /** Unicode's general category M. */
    private static boolean isMark(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK -> true;
            default -> false;
        };
    }

    /** Unicode's general categories S and P. */
    private static boolean isSymbol(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.MATH_SYMBOL,
                    Character.CURRENCY_SYMBOL,
                    Character.MODIFIER_SYMBOL,
                    Character.OTHER_SYMBOL,
                    Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION -> true;
            default -> false;
        };
    }
}
