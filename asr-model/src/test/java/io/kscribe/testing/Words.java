package io.kscribe.testing;

import java.util.Locale;

/** Compares texts by their words. */
public final class Words {
    /** What is said in {@link io.kscribe.model.Sample#KENNEDY}. */
    public static final String KENNEDY = "and so my fellow americans ask not what your country can do for you"
            + " ask what you can do for your country";

    private Words() {}

    /** Lower case, without punctuation, single spaces. */
    public static String plain(String text) {
        return text.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}']+", " ")
                .strip();
    }
}
