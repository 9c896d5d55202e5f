package io.kscribe.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Takes from a transcript what is a matter of style, so that only differences of words count as errors.
 *
 * <p>Implementations are immutable and follow "Robust Speech Recognition via Large-Scale Weak Supervision" (arXiv:2212.04356),
 * appendix C, and the behaviour of its reference code, so that error rates can be compared with published ones.
 */
@FunctionalInterface
public interface TextNormalizer {
    /** Languages written without spaces, where the appendix counts characters: Chinese, Cantonese, Japanese, Thai, Lao, Burmese. */
    Set<String> UNSPACED = Set.of("zh", "yue", "ja", "th", "lo", "my");

    /**
     * The transcript in the form that is compared: lower case, its units apart by one space each, none at the ends.
     */
    String normalize(String text);

    /** The units of a transcript, words or characters, in order. */
    default List<String> units(String text) {
        String normal = normalize(text);
        return normal.isEmpty() ? List.of() : List.of(normal.split(" "));
    }

    /**
     * The normaliser for a language.
     *
     * @param language an ISO 639 code, possibly with a region after a hyphen; empty if it is not known
     * @param spellings for English
     */
    static TextNormalizer of(String language, Spellings spellings) {
        return switch (primary(language)) {
            case "en" -> new EnglishNormalizer(spellings);
            default -> isUnspaced(language) ? BasicNormalizer.ofCharacters() : BasicNormalizer.ofWords();
        };
    }

    /** Whether errors are counted in characters and not in words. */
    static boolean isUnspaced(String language) {
        return UNSPACED.contains(primary(language));
    }

    private static String primary(String language) {
        return language.replaceFirst("[-_].*", "").toLowerCase(Locale.ROOT);
    }
}
