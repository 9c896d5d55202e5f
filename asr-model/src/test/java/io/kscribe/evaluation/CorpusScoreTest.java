package io.kscribe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.evaluation.CorpusScore.Silence;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CorpusScoreTest {
    private static final Duration AUDIO = Duration.ofSeconds(30);
    private static final Duration PROCESSING = Duration.ofSeconds(1);

    @Test
    void shouldSumErrorsOverUtterances() {
        CorpusScore sum = CorpusScore.ZERO
                .plus(score("en", "It's forty two.", "it is 42"))
                .plus(score("en", "the red kite", "the bed kite flies"));

        assertThat(sum.utterances()).isEqualTo(2);
        assertThat(sum.words()).isEqualTo(new ErrorRate(6, 1, 0, 1));
        assertThat(sum.characters()).isEqualTo(ErrorRate.ZERO);
        assertThat(sum.silence()).isEqualTo(Silence.ZERO);
        assertThat(sum.audio()).isEqualTo(AUDIO.multipliedBy(2));
        assertThat(sum.processing()).isEqualTo(PROCESSING.multipliedBy(2));
    }

    @Test
    void shouldKeepCharactersApartFromWords() {
        CorpusScore sum = CorpusScore.ZERO.plus(score("ja", "今日は", "今日")).plus(score("de", "guten Tag", "guten Tag"));

        assertThat(sum.characters()).isEqualTo(new ErrorRate(3, 0, 1, 0));
        assertThat(sum.words()).isEqualTo(new ErrorRate(2, 0, 0, 0));
    }

    @Test
    void shouldCountWhatWasInventedWhereNobodySpeaks() {
        CorpusScore sum = CorpusScore.ZERO
                .plus(score(null, "", "Thank you. Thank you."))
                .plus(score(null, "", "..."))
                .plus(score(null, "", ""));

        assertThat(sum.silence()).isEqualTo(new Silence(3, 2, 5, AUDIO.multipliedBy(3)));
        assertThat(sum.silence().inventedPerMinute().getAsDouble()).isEqualTo(5 / 1.5);
        assertThat(sum.words()).isEqualTo(ErrorRate.ZERO);
    }

    @Test
    void shouldCountInsertionsWhereOnlyAFillerWasSaid() {
        assertThat(CorpusScore.ZERO.plus(score("en", "um", "thank you")).words())
                .isEqualTo(new ErrorRate(0, 0, 0, 2));
    }

    @Test
    void shouldOnlyTimeWhatHasNoReference() {
        CorpusScore sum = CorpusScore.ZERO.plus(score("en", null, "who knows")).within(Duration.ofSeconds(2));

        assertThat(sum.utterances()).isEqualTo(1);
        assertThat(sum.words()).isEqualTo(ErrorRate.ZERO);
        assertThat(sum.silence()).isEqualTo(Silence.ZERO);
        assertThat(sum.speed()).hasValue(15);
    }

    @Test
    void shouldAddTheTimeOfCorporaThatFollowOneAnother() {
        CorpusScore first = CorpusScore.ZERO.plus(score("en", "a", "a")).within(Duration.ofSeconds(1));
        CorpusScore second = CorpusScore.ZERO.plus(score("en", "b", "b")).within(Duration.ofSeconds(3));

        assertThat(first.plus(second).wall()).isEqualTo(Duration.ofSeconds(4));
        assertThat(first.plus(second).speed()).hasValue(15);
        assertThat(CorpusScore.ZERO.speed()).isEmpty();
    }

    @Test
    void shouldKeepWhatWasMeasuredOfLiveTranscripts() {
        LiveScore live = LiveScore.of(List.of(), Duration.ofMillis(100), AUDIO, PROCESSING);
        CorpusScore sum = CorpusScore.ZERO
                .plus(live)
                .plus(score("en", "a", "a"))
                .within(PROCESSING)
                .plus(CorpusScore.ZERO.plus(live));

        assertThat(sum.live()).isEqualTo(live.plus(live));
        assertThat(sum.live().load().audio()).isEqualTo(AUDIO.multipliedBy(2));
        assertThat(sum.words().reference()).isOne();
    }

    private static UtteranceScore score(@Nullable String language, @Nullable String reference, String hypothesis) {
        Utterance utterance = new Utterance(
                "one", List.of(Path.of("one.wav")), Optional.ofNullable(reference), Optional.ofNullable(language));
        return UtteranceScore.of(utterance, hypothesis, "en", Spellings.none(), AUDIO, PROCESSING);
    }
}
