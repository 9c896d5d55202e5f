package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.engine.TimedWord;
import io.kscribe.engine.Transcription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SilenceGuardTest {
    private static final Duration WORD = Duration.ofMillis(300);

    @Test
    void shouldKeepAClearWordThatTheModelDoubts() {
        assertThat(SilenceGuard.isSilence(WORD, 0.95, -1.3f, 0.8f)).isFalse();
        assertThat(SilenceGuard.isSilence(WORD, 0.95, -2.5f, 0.5f)).isFalse();
    }

    @Test
    void shouldDropAClearNoiseThatTheModelDoubtsMuch() {
        assertThat(SilenceGuard.isSilence(WORD, 0.95, -1.4f, 0.7f)).isTrue();
    }

    @Test
    void shouldDropWhatIsUnclearAndUnlikely() {
        assertThat(SilenceGuard.isSilence(WORD, 0.8, -1.1f, 0.1f)).isTrue();
    }

    @Test
    void shouldKeepWhatIsUnclearButLikely() {
        assertThat(SilenceGuard.isSilence(WORD, 0.8, -0.9f, 0.9f)).isFalse();
    }

    @Test
    void shouldKeepASecondOfSpeechWhateverTheModelThinks() {
        assertThat(SilenceGuard.isSilence(Duration.ofSeconds(1), 0.6, -3, 0.99f))
                .isFalse();
    }

    @Test
    void shouldDropASentenceThatNobodyCouldHaveSaidInTheTime() {
        assertThat(SilenceGuard.isMoreThanSayable("Thanks for watching!", Duration.ofMillis(128)))
                .isTrue();
        assertThat(SilenceGuard.isMoreThanSayable("Thank you.", Duration.ofMillis(128)))
                .isFalse();
        assertThat(SilenceGuard.isMoreThanSayable("Thanks for watching!", Duration.ofMillis(450)))
                .isFalse();
        assertThat(SilenceGuard.isMoreThanSayable("x".repeat(200), Duration.ofSeconds(1)))
                .isFalse();
    }

    @Test
    void shouldDoubtShortSpeechThatTheModelIsNotSureOf() {
        assertThat(SilenceGuard.isDoubtful(island(0.95f, WORD), text("Fix", -1.1f)))
                .isTrue();
        assertThat(SilenceGuard.isDoubtful(island(0.95f, WORD), text("Fix", -0.9f)))
                .isFalse();
        assertThat(SilenceGuard.isDoubtful(island(0.7f, WORD), text("Fix", -0.9f)))
                .isTrue();
        assertThat(SilenceGuard.isDoubtful(island(0.7f, WORD), text("Fix", -0.7f)))
                .isFalse();
        assertThat(SilenceGuard.isDoubtful(island(0.95f, Duration.ofSeconds(1)), text("Fix", -1.1f)))
                .isFalse();
    }

    @Test
    void shouldNotHearAgainWhatIsSilence() {
        assertThat(SilenceGuard.isDoubtful(island(0.7f, WORD), text("you", -1.1f)))
                .isFalse();
        assertThat(SilenceGuard.isDoubtful(island(0.95f, WORD), text("", -1.1f)))
                .isFalse();
    }

    @Test
    void shouldTakeTheHearingThatTheModelIsSureOf() {
        Transcription sure = text("six", -0.54f);
        assertThat(SilenceGuard.judge(island(0.95f, WORD), text("Fix", -1.2f), sure))
                .isSameAs(sure);
    }

    @Test
    void shouldKeepWhatIsHeardTwice() {
        Transcription first = text("Furo.", -1.2f);
        assertThat(SilenceGuard.judge(island(0.95f, WORD), first, text("furo?", -1.25f)))
                .isSameAs(first);
    }

    @Test
    void shouldDropWhatIsHeardOtherwiseTheSecondTime() {
        Transcription judged = SilenceGuard.judge(island(0.95f, WORD), text("Hahaha.", -1.25f), text("Haha.", -1.6f));
        assertThat(judged.text()).isEmpty();
        assertThat(judged.words()).isEmpty();
    }

    @Test
    void shouldDropWhatIsHeardTwiceButUnlikelyInTheMean() {
        assertThat(SilenceGuard.judge(island(0.7f, WORD), text("Come!", -0.9f), text("Come!", -1.2f))
                        .text())
                .isEmpty();
    }

    private static Island island(float clarity, Duration speech) {
        StreamState start = StreamState.start(Optional.of("en"));
        Island island = new Island(start, new float[0], 80, new Hypothesis());
        long frames = (speech.toMillis() + 31) / 32;
        for (int i = 0; i < frames; i++) {
            island.hear(
                    new float[VoiceActivityDetector.FRAME_SAMPLES], clarity, start.memory(), RecognizerSettings.live());
        }
        return island;
    }

    private static Transcription text(String text, float averageLogProbability) {
        List<TimedWord> words = text.isEmpty() ? List.of() : List.of(new TimedWord(text, 0, 300, 1, 1, text.length()));
        return new Transcription("en", 1, List.of(), text, words, List.of(), averageLogProbability, 0.5f, 0, true);
    }
}
