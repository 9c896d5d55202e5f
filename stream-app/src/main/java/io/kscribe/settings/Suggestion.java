package io.kscribe.settings;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what was probably meant: the name that the fewest changed letters turn into another (Levenshtein, 1966; two that changed places count once). */
final class Suggestion {

    private Suggestion() {}

    /**
     * The name that is most like another.
     *
     * @param most changes that may lie between them
     */
    static Optional<String> of(String meant, Collection<String> names, int most) {
        return names.stream()
                .filter(name -> distance(meant, name) <= most)
                .min(Comparator.comparingInt(name -> distance(meant, name)));
    }

    /** How many letters have to be left out, put in, replaced, or exchanged with the next. */
    static int distance(String from, String to) {
        int[] beforeLast = new int[to.length() + 1];
        int[] last = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int[] row = new int[to.length() + 1];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int replaced = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(last[j], row[j - 1]));
                boolean exchanged = i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
                if (exchanged) {
                    row[j] = Math.min(row[j], 1 + beforeLast[j - 2]);
                }
            }
            beforeLast = last;
            last = row;
        }
        return last[to.length()];
    }
}
