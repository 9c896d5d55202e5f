package io.kscribe.engine;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Notices what a decoder says once more after the audio is over.
 *
 * <p>Some texts begin again when everything has been said, mostly sentences that fill their window. {@link LoopGuard} needs more repeats,
 * and has to, as people do say things twice; but then the second time takes time. An echo has none: its words have nothing left to
 * attend to, so that the alignment puts them all at the end of the audio.
 */
final class Echo {
    /** What words without audio take at most, a rounding of their times. */
    private static final int WORD_MILLIS = 30;

    private static final Pattern MARKS = Pattern.compile("[^\\p{L}\\p{M}\\p{N}]+");

    private Echo() {}

    /** How many words at the end repeat those before them in no time; 0 if there is no echo. */
    static int length(List<TimedWord> words) {
        for (int length = words.size() / 2; length > 0; length--) {
            List<TimedWord> last = words.subList(words.size() - length, words.size());
            if (takesNoTime(last) && repeats(words, length)) {
                return length;
            }
        }
        return 0;
    }

    private static boolean takesNoTime(List<TimedWord> words) {
        long millis = words.get(words.size() - 1).endMillis() - words.get(0).startMillis();
        return millis <= (long) WORD_MILLIS * words.size();
    }

    private static boolean repeats(List<TimedWord> words, int length) {
        for (int i = words.size() - length; i < words.size(); i++) {
            if (!letters(words.get(i)).equals(letters(words.get(i - length)))) {
                return false;
            }
        }
        return true;
    }

    private static String letters(TimedWord word) {
        return MARKS.matcher(word.text()).replaceAll("").toLowerCase(Locale.ROOT);
    }
}
