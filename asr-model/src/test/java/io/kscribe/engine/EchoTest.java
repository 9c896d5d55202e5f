package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EchoTest {
    @Test
    void shouldNoticeWhatIsSaidAgainInNoTime() {
        assertThat(Echo.length(words("Fail again.", 300, "Fail again.", 0))).isEqualTo(2);
        assertThat(Echo.length(words("L-A-M-P-S-O-N.", 900, "L-A-M-P-S-O-N.", 0)))
                .isEqualTo(1);
        assertThat(Echo.length(words("Try again. Lobsters and lobsters,", 400, "lobsters and Lobsters.", 20)))
                .isEqualTo(3);
    }

    @Test
    void shouldLetPeopleRepeatThemselves() {
        assertThat(Echo.length(words("Fail again.", 300, "Fail again.", 100))).isZero();
        assertThat(Echo.length(words("No,", 200, "no.", 200))).isZero();
    }

    @Test
    void shouldKeepShortWordsThatAreNoRepetition() {
        assertThat(Echo.length(words("followed when it", 200, "was prepared.", 0)))
                .isZero();
        assertThat(Echo.length(List.of())).isZero();
    }

    private static List<TimedWord> words(String first, int millisOfEach, String then, int millisOfEachThen) {
        List<TimedWord> words = new ArrayList<>();
        add(words, first, millisOfEach);
        add(words, then, millisOfEachThen);
        return words;
    }

    private static void add(List<TimedWord> words, String text, int millisOfEach) {
        for (String word : List.of(text.split(" ", -1))) {
            long start = words.isEmpty() ? 0 : words.get(words.size() - 1).endMillis();
            words.add(new TimedWord(word, start, start + millisOfEach, 1, 0, 0));
        }
    }
}
