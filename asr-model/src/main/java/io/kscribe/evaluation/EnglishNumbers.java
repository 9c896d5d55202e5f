package io.kscribe.evaluation;

import io.kscribe.evaluation.EnglishNormalizer.Rewriting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the numbers of an English text in digits: "twenty one" as 21, "one oh one" as 101, "double oh seven" as 007, "two and a half
 * million" as 2500000, "sixties" as 60s, "twenty dollars" as $20, "five percent" as 5%.
 *
 * <p>The text is lower case, and its only symbols are those of numbers.
 */
final class EnglishNumbers {
    private static final Pattern AND_A_HALF =
            Pattern.compile("\\band\\s+a\\s+half\\b", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Rewriting DIGIT_AFTER_LETTER = new Rewriting("(?<=[a-z])(?=[0-9])", " ");
    private static final Rewriting LETTER_AFTER_DIGIT = new Rewriting("(?<=[0-9])(?=[a-z])", " ");
    private static final Rewriting SPACE_BEFORE_SUFFIX = new Rewriting("(?<=[0-9])\\s+(?=(?:st|nd|rd|th|s)\\b)", "");

    private static final Pattern WITH_CENTS =
            Pattern.compile("([€£$][0-9]+) (?:and )?¢([0-9]{1,2})\\b", Pattern.UNICODE_CHARACTER_CLASS);
    /** The reference accepts any character where a point is meant. */
    private static final Pattern CENTS_ONLY =
            Pattern.compile("[€£$]0.([0-9]{1,2})\\b", Pattern.UNICODE_CHARACTER_CLASS);

    private static final Rewriting ONE = new Rewriting("\\b1(s?)\\b", "one$1");

    private EnglishNumbers() {}

    /** The text with its numbers in digits, words apart by one space. */
    static String inDigits(String text) {
        String prepared = SPACE_BEFORE_SUFFIX.apply(LETTER_AFTER_DIGIT.apply(DIGIT_AFTER_LETTER.apply(halves(text))));
        return currencies(String.join(" ", new NumberReader().read(words(prepared))));
    }

    /** "Two and a half" counts as "two point five". */
    private static String halves(String text) {
        List<String> parts = new ArrayList<>();
        String[] segments = AND_A_HALF.split(text, -1);
        for (int i = 0; i < segments.length; i++) {
            List<String> words = words(segments[i]);
            if (words.isEmpty()) {
                continue;
            }
            parts.add(segments[i]);
            if (i < segments.length - 1) {
                String last = words.get(words.size() - 1);
                parts.add(NumberWords.isSmall(last) || NumberWords.isScale(last) ? "point five" : "and a half");
            }
        }
        return String.join(" ", parts);
    }

    /** "$2 and ¢7" becomes "$2.07", "$0.07" becomes "¢7"; the number 1 is the word "one". */
    private static String currencies(String text) {
        String cents = WITH_CENTS
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(
                        String.format(Locale.ROOT, "%s.%02d", match.group(1), Integer.parseInt(match.group(2)))));
        return ONE.apply(CENTS_ONLY.matcher(cents).replaceAll(match -> "¢" + Integer.parseInt(match.group(1))));
    }

    private static List<String> words(String text) {
        String single = Cleaning.singleSpaced(text);
        return single.isEmpty() ? List.of() : List.of(single.split(" "));
    }
}
