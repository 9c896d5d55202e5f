package io.kscribe.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.recognizer.SpokenWord;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SubtitleTest {

    @Test
    void shouldShowAShortSegmentAtOnce() {
        assertThat(Subtitle.of(Speech.segment(0, 1000, 300, "Ask not what")))
                .containsExactly(new Subtitle(1000, 1900, "Ask not what"));
    }

    @Test
    void shouldEndWithTheSentence() {
        assertThat(Subtitle.of(Speech.segment(0, 0, 500, "Who is it? It is me. Well")))
                .containsExactly(
                        new Subtitle(0, 1500, "Who is it?"),
                        new Subtitle(1500, 3000, "It is me."),
                        new Subtitle(3000, 3500, "Well"));
    }

    @Test
    void shouldEndAtAPause() {
        List<SpokenWord> words =
                List.of(Speech.word("One,", 0, 500), Speech.word("two,", 1199, 1500), Speech.word("three", 2200, 2500));

        assertThat(Subtitle.of(Speech.segment(0, "One, two, three", words)))
                .containsExactly(new Subtitle(0, 1500, "One, two,"), new Subtitle(2200, 2500, "three"));
    }

    @Test
    void shouldFitIntoTwoLines() {
        String text = "word ".repeat(40).strip();

        List<Subtitle> subtitles = Subtitle.of(Speech.segment(0, 0, 100, text));

        assertThat(subtitles)
                .allSatisfy(subtitle -> assertThat(subtitle.text().length()).isLessThanOrEqualTo(84));
        assertThat(subtitles.get(0).text()).hasSize(84);
        assertThat(joined(subtitles)).isEqualTo(text);
    }

    @Test
    void shouldNotStayLongerThanSevenSeconds() {
        String text = "so very slow a speaker that he is";

        List<Subtitle> subtitles = Subtitle.of(Speech.segment(0, 0, 2000, text));

        assertThat(subtitles)
                .allSatisfy(subtitle -> assertThat(subtitle.endMillis() - subtitle.startMillis())
                        .isLessThanOrEqualTo(7000));
        assertThat(joined(subtitles)).isEqualTo(text);
    }

    /** Chinese and Japanese are written without spaces. */
    @Test
    void shouldKeepTextWithoutSpacesWhole() {
        List<SpokenWord> words =
                List.of(Speech.word("你", 0, 200), Speech.word("好。", 200, 400), Speech.word("我", 400, 600));

        assertThat(Subtitle.of(Speech.segment(0, "你好。我", words)))
                .containsExactly(new Subtitle(0, 400, "你好。"), new Subtitle(400, 600, "我"));
    }

    /** WebVTT wants an end after its start, and players show nothing of a subtitle without a length. */
    @Test
    void shouldLastEvenIfItsWordWasGivenNoTime() {
        assertThat(Subtitle.of(Speech.segment(
                        0,
                        "Yes. No. Well.",
                        List.of(
                                Speech.word("Yes.", 700, 700),
                                Speech.word("No.", 720, 720),
                                Speech.word("Well.", 2000, 2000)))))
                .containsExactly(
                        new Subtitle(700, 720, "Yes."),
                        new Subtitle(720, 920, "No."),
                        new Subtitle(2000, 2200, "Well."));
    }

    private static String joined(List<Subtitle> subtitles) {
        return subtitles.stream().map(Subtitle::text).collect(Collectors.joining(" "));
    }
}
