package io.kscribe.recognizer;

import java.util.Locale;
import java.util.regex.Pattern;

/** The letters and digits of texts: what counts when two are compared; case, punctuation and spaces do not. */
final class Letters {
    private static final Pattern OTHERS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    private Letters() {}

    static String of(String text) {
        return OTHERS.matcher(text).replaceAll("").toLowerCase(Locale.ROOT);
    }
}
