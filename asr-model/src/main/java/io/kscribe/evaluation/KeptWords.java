package io.kscribe.evaluation;

import io.kscribe.recognizer.SpokenWord;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Finds the words of a text again in a later text of the same speech, which may go on further.
 *
 * <p>The earlier text is aligned with that beginning of the later one from which it differs by the fewest substitutions, deletions and
 * insertions (Sellers, "The theory and computation of evolutionary distances", 1980). Letters and digits count; case and punctuation do not.
 */
final class KeptWords {
    /** What {@link #places} says of a word that is not in the later text. */
    static final int GONE = -1;

    private static final Pattern STYLE = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    private KeptWords() {}

    /** For each word of the earlier text its index in the later one, or {@link #GONE}. */
    static int[] places(List<SpokenWord> earlier, List<SpokenWord> later) {
        List<String> from = plain(earlier);
        List<String> to = plain(later);
        int[][] costs = costs(from, to);
        int i = from.size();
        int j = cheapest(costs[i]);
        int[] places = new int[from.size()];
        Arrays.fill(places, GONE);
        while (i > 0 && j > 0) {
            boolean same = from.get(i - 1).equals(to.get(j - 1));
            if (costs[i][j] == costs[i - 1][j - 1] + (same ? 0 : 1)) {
                i--;
                j--;
                places[i] = same ? j : GONE;
            } else if (costs[i][j] == costs[i - 1][j] + 1) {
                i--;
            } else {
                j--;
            }
        }
        return places;
    }

    /** How many words of the earlier text are in the later one. */
    static long count(List<SpokenWord> earlier, List<SpokenWord> later) {
        return Arrays.stream(places(earlier, later))
                .filter(place -> place != GONE)
                .count();
    }

    /** {@code [earlier + 1, later + 1]}: the errors between the first words of both. */
    private static int[][] costs(List<String> from, List<String> to) {
        int[][] costs = new int[from.size() + 1][to.size() + 1];
        Arrays.setAll(costs[0], j -> j);
        for (int i = 1; i <= from.size(); i++) {
            costs[i][0] = i;
            for (int j = 1; j <= to.size(); j++) {
                int replaced = costs[i - 1][j - 1] + (from.get(i - 1).equals(to.get(j - 1)) ? 0 : 1);
                costs[i][j] = Math.min(replaced, 1 + Math.min(costs[i - 1][j], costs[i][j - 1]));
            }
        }
        return costs;
    }

    /** The longest beginning of the later text with the fewest errors. */
    private static int cheapest(int[] costs) {
        int best = 0;
        for (int j = 1; j < costs.length; j++) {
            if (costs[j] <= costs[best]) {
                best = j;
            }
        }
        return best;
    }

    private static List<String> plain(List<SpokenWord> words) {
        return words.stream()
                .map(word -> STYLE.matcher(word.text()).replaceAll("").toLowerCase(Locale.ROOT))
                .toList();
    }
}
