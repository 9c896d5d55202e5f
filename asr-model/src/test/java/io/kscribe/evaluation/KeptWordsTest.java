package io.kscribe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.recognizer.SpokenWord;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

class KeptWordsTest {
    private static final int GONE = KeptWords.GONE;

    @Example
    void shouldFindWordsBesideOnesThatCameGoAndChange() {
        assertThat(places("ask not what", "ask not what your country")).containsExactly(0, 1, 2);
        assertThat(places("ask what", "ask not what")).containsExactly(0, 2);
        assertThat(places("ask knot what", "ask not what")).containsExactly(0, GONE, 2);
        assertThat(places("ask uh not", "ask not")).containsExactly(0, GONE, 1);
        assertThat(places("ask", "")).containsExactly(GONE);
        assertThat(places("", "ask")).isEmpty();
    }

    @Example
    void shouldNotTakeALaterWordForAnEarlierOne() {
        assertThat(places("for your", "for you ask what your")).containsExactly(0, GONE);
        assertThat(places("ask", "ask not ask")).containsExactly(0);
    }

    @Example
    void shouldTakeNoNoticeOfCaseAndPunctuation() {
        assertThat(places("fellow americans", "Fellow Americans:")).containsExactly(0, 1);
        assertThat(places("\u00c9t\u00e9 don't", "\u00e9t\u00e9, Don\u2019t")).containsExactly(0, 1);
        assertThat(places("20", "21")).containsExactly(GONE);
    }

    @Property
    void shouldKeepOrderAndTakeOnlyTheSameWords(
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 8) String earlier,
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 8) String later) {
        int[] kept = Arrays.stream(places(spaced(earlier), spaced(later)))
                .filter(place -> place != GONE)
                .toArray();

        assertThat(kept).isSorted().doesNotHaveDuplicates();
        int[] places = places(spaced(earlier), spaced(later));
        IntStream.range(0, places.length)
                .filter(i -> places[i] != GONE)
                .forEach(i -> assertThat(later.charAt(places[i])).isEqualTo(earlier.charAt(i)));
    }

    @Property
    void shouldKeepAllOfATextThatGoesOn(
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 8) String text,
            @ForAll @CharRange(from = 'a', to = 'c') @StringLength(max = 8) String more) {
        assertThat(places(spaced(text), spaced(text + more)))
                .isEqualTo(IntStream.range(0, text.length()).toArray());
    }

    private static String spaced(String letters) {
        return String.join(" ", letters.split(""));
    }

    private static int[] places(String earlier, String later) {
        return KeptWords.places(words(earlier), words(later));
    }

    private static List<SpokenWord> words(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(" "))
                        .map(word -> new SpokenWord(word, 0, 0, 1, false))
                        .toList();
    }
}
