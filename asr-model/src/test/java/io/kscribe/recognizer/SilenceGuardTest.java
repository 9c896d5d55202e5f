package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
}
