package io.kscribe.evaluation;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a text word by word and writes its numbers in digits. While a number's words come, it is an {@link Amount}; the first word
 * that cannot go on with it has it written. For one text.
 */
final class NumberReader {
    private static final String WRITTEN_SIGNS = "-+£€$¢";

    private final List<String> written = new ArrayList<>();
    private @Nullable Amount amount;

    /** Goes before whatever is written next. */
    private String sign = "";

    /** The words of a text, numbers in digits. */
    List<String> read(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String before = i == 0 ? "" : words.get(i - 1);
            String after = i + 1 == words.size() ? "" : words.get(i + 1);
            boolean bothRead = read(words.get(i), before, after);
            i += bothRead ? 1 : 0;
        }
        finish();
        return written;
    }

    /**
     * Reads a word.
     *
     * @param before the word before it; empty if there is none, as {@code after}
     * @return whether the word after it was read with it
     */
    private boolean read(String word, String before, String after) {
        String unsigned = WRITTEN_SIGNS.indexOf(word.charAt(0)) >= 0 ? word.substring(1) : word;
        if (NumberWords.isDigits(unsigned)) {
            readDigits(word, unsigned);
            return false;
        }
        if (readPair(word, after)) {
            return true;
        }
        if (!readNumber(word, before)) {
            readParticle(word, before, after);
        }
        return false;
    }

    private void readDigits(String word, String unsigned) {
        if (amount != null && amount.readOut() && amount.digits().endsWith(".")) {
            amount = amount.then(word);
            return;
        }
        finish();
        if (unsigned.length() < word.length()) {
            sign = word.substring(0, 1);
        }
        BigDecimal value = new BigDecimal(unsigned);
        boolean whole = value.stripTrailingZeros().scale() <= 0;
        amount = whole ? Amount.quantity(value.toBigIntegerExact()) : Amount.readOut(unsigned);
    }

    /** Reads two words that mean something together: "double seven", "per cent" after a number. */
    private boolean readPair(String word, String after) {
        if (NumberWords.repeats(word).isPresent() && (NumberWords.isUnit(after) || NumberWords.isZero(after))) {
            String digits = String.valueOf(NumberWords.small(after));
            amount = readOut(digits.repeat(NumberWords.repeats(word).get()));
            return true;
        }
        if (amount != null && word.equals("per") && after.equals("cent")) {
            write(amount.digits() + "%");
            return true;
        }
        return false;
    }

    /** Reads a word that is a number by itself; false if it is none. */
    private boolean readNumber(String word, String before) {
        if (NumberWords.isZero(word)) {
            amount = readOut("0");
        } else if (NumberWords.isSmall(word)) {
            amount = joined(NumberWords.small(word), before);
        } else if (NumberWords.isScale(word)) {
            amount = multiplied(NumberWords.scale(word).orElseThrow());
        } else if (NumberWords.inflectedSmall(word).isPresent()) {
            var inflected = NumberWords.inflectedSmall(word).get();
            write(joined(inflected.number(), before).digits() + inflected.suffix());
        } else if (NumberWords.inflectedScale(word).isPresent()) {
            var inflected = NumberWords.inflectedScale(word).get();
            write(multiplied(inflected.number()).digits() + inflected.suffix());
        } else {
            return false;
        }
        return true;
    }

    /** Reads a word that is part of a number only beside one, or of none. */
    private void readParticle(String word, String before, String after) {
        boolean goesOn = NumberWords.isNumeric(after);
        if (goesOn && NumberWords.sign(word).isPresent()) {
            finish();
            sign = NumberWords.sign(word).get();
        } else if (amount != null && NumberWords.currency(word).isPresent()) {
            sign = NumberWords.currency(word).get();
            finish();
        } else if (amount != null && word.equals("percent")) {
            write(amount.digits() + "%");
        } else if (goesOn && word.equals("point")) {
            boolean fraction = NumberWords.isSmall(after) || NumberWords.isDigits(after);
            amount = fraction ? readOut(".") : amount;
        } else if (!(goesOn && word.equals("and") && NumberWords.isScale(before))) {
            finish();
            write(word);
        }
    }

    private Amount readOut(String digits) {
        return amount == null ? Amount.readOut(digits) : amount.then(digits);
    }

    /** A number below a hundred after what was read so far: "twenty" and "one", "nineteen" and "sixty". */
    private Amount joined(long number, String before) {
        if (amount == null) {
            return Amount.quantity(number);
        }
        if (amount.readOut() && NumberWords.isTens(before) && number < 10) {
            return amount.endingIn(number);
        }
        boolean adds = !NumberWords.isUnit(before) && amount.hasRoomFor(number);
        return adds ? amount.plus(number) : amount.then(String.valueOf(number));
    }

    private Amount multiplied(BigInteger scale) {
        Optional<Amount> product = amount == null ? Optional.of(Amount.quantity(scale)) : amount.times(scale);
        if (product.isEmpty()) {
            finish();
        }
        return product.orElseGet(() -> Amount.quantity(scale));
    }

    /** Writes the number that was read so far, if any. */
    private void finish() {
        if (amount != null) {
            write(amount.digits());
        }
    }

    private void write(String word) {
        written.add(sign + word);
        sign = "";
        amount = null;
    }
}
