package io.kscribe.recognizer;

import static io.kscribe.testing.Words.plain;
import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.evaluation.MonoAudio;
import io.kscribe.evaluation.TelephoneChannel;
import io.kscribe.recognizer.Listener.Pace;
import io.kscribe.testing.Models;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Single words between silences are still there, which a guard against invented words might take for invented. They are cut from corpora that
 * are not part of the project: {@value #CORPORA} says where those are.
 */
@EnabledIfEnvironmentVariable(
        named = ShortAnswersIT.CORPORA,
        matches = ".+",
        disabledReason = "KSCRIBE_SPEECH names no folder with AN4, Asterisk's prompts, LibriSpeech and SpokenWOZ")
@ExtendWith(Models.Provider.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ShortAnswersIT {
    static final String CORPORA = "KSCRIBE_SPEECH";

    private static final int MILLI = 16;
    private static final int SECOND = 1000 * MILLI;

    private final Listener live;

    ShortAnswersIT(Models models) throws Exception {
        live = new Listener(models.engine("tiny"), models.detector(), RecognizerSettings.live(), Optional.of("en"));
    }

    @ParameterizedTest
    @CsvSource({
        "an4/train/an22-flrp-b.sph, 0, 1000, yes",
        "librispeech-test-clean/1580/141084/1580-141084-0019.flac, 0, 860, yes",
        "librispeech-test-clean/1580/141084/1580-141084-0017.flac, 0, 680, no",
        "spokenwoz-sample/MUL1423.flac, 27100, 28400, okay",
        "asterisk-prompts-en-8k/en/priv-introsaved.wav, 0, 1050, thank you"
    })
    void shouldStillBeThere(String recording, int startMillis, int endMillis, String said) throws Exception {
        Path corpora = Path.of(System.getenv(CORPORA));
        float[] audio = MonoAudio.read(List.of(corpora.resolve(recording)));
        float[] alone = new float[SECOND + (endMillis - startMillis) * MILLI + SECOND];
        System.arraycopy(audio, startMillis * MILLI, alone, SECOND, (endMillis - startMillis) * MILLI);

        for (float[] heard : List.of(alone, TelephoneChannel.pass(alone, SECOND))) {
            assertThat(Listener.finals(live.hear(heard, 100 * MILLI, Pace.AT_ONCE)))
                    .singleElement()
                    .satisfies(result -> assertThat(plain(result.text())).isEqualTo(said));
        }
    }
}
