package io.kscribe.evaluation;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Knows the English words of which numbers are made. */
final class NumberWords {
    private static final Set<String> ZEROS = Set.of("zero", "oh", "o");

    /** One to nineteen. */
    private static final Map<String, Long> UNITS = numbered(
            1,
            1,
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
                    + " nineteen");

    private static final Map<String, Long> TENS =
            numbered(20, 10, "twenty thirty forty fifty sixty seventy eighty ninety");

    private static final Map<String, BigInteger> SCALES = scales();
    private static final Map<String, Inflected<Long>> INFLECTED_SMALL = inflectedSmall();
    private static final Map<String, Inflected<BigInteger>> INFLECTED_SCALES = inflectedScales();

    private static final Map<String, String> SIGNS =
            Map.of("minus", "-", "negative", "-", "plus", "+", "positive", "+");

    private static final Map<String, String> CURRENCIES = Map.of(
            "pound", "£", "pounds", "£", "euro", "€", "euros", "€", "dollar", "$", "dollars", "$", "cent", "¢", "cents",
            "¢");

    private static final Map<String, Integer> REPEATS = Map.of("double", 2, "triple", 3);

    /** Words that belong to a number only beside others. */
    private static final Set<String> PARTICLES = Set.of("and", "point", "per", "percent");

    private static final Set<String> ALL = all();
    private static final Pattern DIGITS = Pattern.compile("\\d+(?:\\.\\d+)?", Pattern.UNICODE_CHARACTER_CLASS);

    private NumberWords() {}

    /**
     * A plural or an ordinal.
     *
     * @param number what it counts
     * @param suffix what is written after the digits: s, st, nd, rd, th
     */
    record Inflected<T>(T number, String suffix) {}

    /** Whether a word can be part of a number: one of the words here, or digits. */
    static boolean isNumeric(String word) {
        return ALL.contains(word) || isDigits(word);
    }

    /** Whether it is a number written in digits, without a sign. */
    static boolean isDigits(String word) {
        return DIGITS.matcher(word).matches();
    }

    static boolean isZero(String word) {
        return ZEROS.contains(word);
    }

    /** One to nineteen. */
    static boolean isUnit(String word) {
        return UNITS.containsKey(word);
    }

    /** Twenty, thirty, to ninety. */
    static boolean isTens(String word) {
        return TENS.containsKey(word);
    }

    /** A zero, a unit or tens: what can be read out after a point. */
    static boolean isSmall(String word) {
        return isZero(word) || isUnit(word) || isTens(word);
    }

    static boolean isScale(String word) {
        return SCALES.containsKey(word);
    }

    /** What a {@linkplain #isSmall small} number counts. */
    static long small(String word) {
        return UNITS.getOrDefault(word, TENS.getOrDefault(word, 0L));
    }

    /** Hundred, thousand, to decillion. */
    static Optional<BigInteger> scale(String word) {
        return find(SCALES, word);
    }

    /** First, twos, sixtieth, nineties. */
    static Optional<Inflected<Long>> inflectedSmall(String word) {
        return find(INFLECTED_SMALL, word);
    }

    /** Hundreds, millionth. */
    static Optional<Inflected<BigInteger>> inflectedScale(String word) {
        return find(INFLECTED_SCALES, word);
    }

    /** What is written for a word before a number, such as minus. */
    static Optional<String> sign(String word) {
        return find(SIGNS, word);
    }

    /** What is written before a number for a word after it, such as dollars. */
    static Optional<String> currency(String word) {
        return find(CURRENCIES, word);
    }

    /** How often a word has the next one read: twice for double. */
    static Optional<Integer> repeats(String word) {
        return find(REPEATS, word);
    }

    private static <T> Optional<T> find(Map<String, T> table, String word) {
        @Nullable T found = table.get(word);
        return Optional.ofNullable(found);
    }

    private static Map<String, Long> numbered(long first, long step, String words) {
        Map<String, Long> numbers = new HashMap<>();
        long number = first;
        for (String word : words.split(" ", -1)) {
            numbers.put(word, number);
            number += step;
        }
        return Map.copyOf(numbers);
    }

    private static Map<String, BigInteger> scales() {
        Map<String, BigInteger> scales = new HashMap<>(Map.of("hundred", BigInteger.valueOf(100)));
        BigInteger scale = BigInteger.ONE;
        for (String word :
                ("thousand million billion trillion quadrillion quintillion sextillion septillion octillion nonillion"
                                + " decillion")
                        .split(" ", -1)) {
            scale = scale.multiply(BigInteger.valueOf(1000));
            scales.put(word, scale);
        }
        return Map.copyOf(scales);
    }

    private static Map<String, Inflected<Long>> inflectedSmall() {
        Map<String, String> irregular =
                Map.of("one", "first", "two", "second", "three", "third", "five", "fifth", "twelve", "twelfth");
        List<String> suffixes = List.of("th", "st", "nd", "rd");
        Map<String, Inflected<Long>> inflected = new HashMap<>(Map.of("zeroth", new Inflected<>(0L, "th")));
        UNITS.forEach((word, number) -> {
            String ordinal = irregular.getOrDefault(word, word + (word.endsWith("t") ? "h" : "th"));
            inflected.put(ordinal, new Inflected<>(number, suffixes.get(number > 3 ? 0 : number.intValue())));
            inflected.put(word + (word.endsWith("x") ? "es" : "s"), new Inflected<>(number, "s"));
        });
        TENS.forEach((word, number) -> {
            String stem = word.substring(0, word.length() - 1);
            inflected.put(stem + "ieth", new Inflected<>(number, "th"));
            inflected.put(stem + "ies", new Inflected<>(number, "s"));
        });
        return Map.copyOf(inflected);
    }

    private static Map<String, Inflected<BigInteger>> inflectedScales() {
        Map<String, Inflected<BigInteger>> inflected = new HashMap<>();
        SCALES.forEach((word, scale) -> {
            inflected.put(word + "th", new Inflected<>(scale, "th"));
            inflected.put(word + "s", new Inflected<>(scale, "s"));
        });
        return Map.copyOf(inflected);
    }

    private static Set<String> all() {
        Set<String> words = Stream.of(
                        UNITS, TENS, SCALES, INFLECTED_SMALL, INFLECTED_SCALES, SIGNS, CURRENCIES, REPEATS)
                .flatMap(table -> table.keySet().stream())
                .collect(Collectors.toCollection(HashSet::new));
        words.addAll(ZEROS);
        words.addAll(PARTICLES);
        return Set.copyOf(words);
    }
}
