package io.kscribe.evaluation;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/**
 * A number while its words are read: a quantity that further words add to or multiply ("two hundred" and "five"), or digits read out
 * one after another ("one oh one", "three point one"), which only grow at their end.
 *
 * @param digits what it is written as
 * @param readOut whether the digits were read out
 */
record Amount(String digits, boolean readOut) {
    private static final BigInteger THOUSAND = BigInteger.valueOf(1000);

    static Amount quantity(BigInteger value) {
        return new Amount(value.toString(), false);
    }

    static Amount quantity(long value) {
        return quantity(BigInteger.valueOf(value));
    }

    static Amount readOut(String digits) {
        return new Amount(digits, true);
    }

    private BigInteger value() {
        return new BigInteger(digits);
    }

    /** Reads out what follows; a quantity of zero has nothing to put before it. */
    Amount then(String following) {
        return readOut((isZero() ? "" : digits) + following);
    }

    private boolean isZero() {
        return !readOut && value().signum() == 0;
    }

    /** Puts another last digit. */
    Amount endingIn(long digit) {
        return readOut(digits.substring(0, digits.length() - 1) + digit);
    }

    /** Whether it is a quantity that ends in as many zeros as the number below a hundred has digits. */
    boolean hasRoomFor(long number) {
        BigInteger room = BigInteger.valueOf(number < 10 ? 10 : 100);
        return !readOut && value().mod(room).signum() == 0;
    }

    Amount plus(long number) {
        return quantity(value().add(BigInteger.valueOf(number)));
    }

    /**
     * Multiplies it, or what of it lies below a thousand if it is a quantity: "one thousand two" and "hundred" are 1200.
     *
     * @return empty if it is no number (such as an address) or the product not a whole one
     */
    Optional<Amount> times(BigInteger scale) {
        if (!readOut) {
            BigInteger[] parts = value().divideAndRemainder(THOUSAND);
            return Optional.of(quantity(parts[0].multiply(THOUSAND).add(parts[1].multiply(scale))));
        }
        try {
            BigDecimal product = new BigDecimal(digits).multiply(new BigDecimal(scale));
            return Optional.of(quantity(product.toBigIntegerExact()));
        } catch (ArithmeticException | NumberFormatException notWhole) {
            return Optional.empty();
        }
    }
}
