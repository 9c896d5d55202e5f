package io.kscribe.recognizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.kscribe.engine.DecodingSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecognizerSettingsTest {
    @Test
    void shouldHaveTheseDefaultsForLiveAudio() {
        RecognizerSettings live = RecognizerSettings.live();
        assertThat(live.loudnessFloorDbfs()).isEqualTo(-70);
        assertThat(live.strict()).isFalse();
        assertThat(live.multilingual()).isFalse();
        assertThat(live.speechThreshold()).isEqualTo(0.5f);
        assertThat(live.silenceThreshold()).isEqualTo(0.35f);
        assertThat(live.shortestSpeech()).isEqualTo(Duration.ofMillis(96));
        assertThat(live.preRoll()).isEqualTo(Duration.ofMillis(300));
        assertThat(live.postRoll()).isEqualTo(Duration.ofMillis(240));
        assertThat(live.endpoint()).isEqualTo(Duration.ofMillis(500));
        assertThat(live.longestIsland()).isEqualTo(Duration.ofSeconds(15));
        assertThat(live.patience()).isEqualTo(Duration.ofSeconds(8));
        assertThat(live.context()).isEqualTo(Duration.ofSeconds(8));
        assertThat(live.partialInterval()).isEqualTo(Duration.ofMillis(500));
        assertThat(live.displayMargin()).isEqualTo(Duration.ofMillis(800));
        assertThat(live.stabilityMargin()).isEqualTo(Duration.ofMillis(400));
        assertThat(live.stabilityProbability()).isEqualTo(0.35f);
        assertThat(live.decoding()).isEqualTo(DecodingSettings.live());
    }

    @Test
    void shouldHaveTheseDefaultsForRecordings() {
        RecognizerSettings offline = RecognizerSettings.offline();
        assertThat(offline.loudnessFloorDbfs()).isEqualTo(-70);
        assertThat(offline.strict()).isFalse();
        assertThat(offline.multilingual()).isFalse();
        assertThat(offline.speechThreshold()).isEqualTo(0.5f);
        assertThat(offline.silenceThreshold()).isEqualTo(0.35f);
        assertThat(offline.shortestSpeech()).isEqualTo(Duration.ofMillis(96));
        assertThat(offline.preRoll()).isEqualTo(Duration.ofMillis(300));
        assertThat(offline.postRoll()).isEqualTo(Duration.ofMillis(500));
        assertThat(offline.endpoint()).isEqualTo(Duration.ofMillis(500));
        assertThat(offline.longestIsland()).isEqualTo(Duration.ofSeconds(28));
        assertThat(offline.patience()).isEqualTo(Duration.ofSeconds(28));
        assertThat(offline.context()).isZero();
        assertThat(offline.partialInterval()).isZero();
        assertThat(offline.stabilityMargin()).isEqualTo(Duration.ofMillis(400));
        assertThat(offline.decoding()).isEqualTo(DecodingSettings.recordings());
    }

    @Test
    void shouldChangeOnlyWhatIsAskedFor() {
        assertThat(RecognizerSettings.offline().toBuilder().build()).isEqualTo(RecognizerSettings.offline());
        RecognizerSettings changed = RecognizerSettings.offline().toBuilder()
                .loudnessFloorDbfs(-50)
                .speechThreshold(0.6f)
                .silenceThreshold(0.4f)
                .shortestSpeech(Duration.ofMillis(100))
                .preRoll(Duration.ofMillis(200))
                .postRoll(Duration.ofMillis(260))
                .endpoint(Duration.ofMillis(700))
                .longestIsland(Duration.ofSeconds(20))
                .patience(Duration.ofSeconds(10))
                .context(Duration.ofSeconds(5))
                .partialInterval(Duration.ofMillis(300))
                .displayMargin(Duration.ofMillis(150))
                .stabilityMargin(Duration.ofMillis(800))
                .stabilityProbability(0.4f)
                .strict(true)
                .multilingual(true)
                .decoding(DecodingSettings.live())
                .build();

        assertThat(changed)
                .isEqualTo(new RecognizerSettings(
                        -50,
                        0.6f,
                        0.4f,
                        Duration.ofMillis(100),
                        Duration.ofMillis(200),
                        Duration.ofMillis(260),
                        Duration.ofMillis(700),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(300),
                        Duration.ofMillis(150),
                        Duration.ofMillis(800),
                        0.4f,
                        true,
                        true,
                        DecodingSettings.live()));
        assertThat(changed.toBuilder().build()).isEqualTo(changed);
    }

    @ParameterizedTest
    @ValueSource(floats = {-100.5f, 0.5f, Float.NaN})
    void shouldRefuseAFloorThatNoSoundReachesOrAnySoundDoes(float floor) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecognizerSettings.live().toBuilder()
                        .loudnessFloorDbfs(floor)
                        .build())
                .withMessage("loudnessFloorDbfs must lie between -100 and 0 dBFS but was " + floor);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.35, speechThreshold must lie between 0 and 1 but was 0.0",
        "1, 0.35, speechThreshold must lie between 0 and 1 but was 1.0",
        "NaN, 0.35, speechThreshold must lie between 0 and 1 but was NaN",
        "0.5, 0, silenceThreshold must lie between 0 and speechThreshold but was 0.0",
        "0.5, 0.6, silenceThreshold must lie between 0 and speechThreshold but was 0.6",
        "0.5, NaN, silenceThreshold must lie between 0 and speechThreshold but was NaN"
    })
    void shouldRefuseThresholdsThatAreNoProbabilities(float speech, float silence, String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(speech, silence, 96, 300, 240, 500, 15_000, 8000, 12_000, 500, 500))
                .withMessage(sentence);
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 300, 240, 500, 15000, 8000, 12000, 500, 500, shortestSpeech must lie between 0 and 15000 ms but was -1 ms",
        "15001, 300, 240, 500, 15000, 8000, 12000, 500, 500, shortestSpeech must lie between 0 and 15000 ms but was 15001 ms",
        "96, -1, 240, 500, 15000, 8000, 12000, 500, 500, preRoll must lie between 0 and 15000 ms but was -1 ms",
        "96, 300, -1, 500, 15000, 8000, 12000, 500, 500, postRoll must lie between 0 and 15000 ms but was -1 ms",
        "96, 300, 240, 239, 15000, 8000, 12000, 500, 500, endpoint must lie between 240 and 15000 ms but was 239 ms",
        "96, 300, 240, 500, 29001, 8000, 12000, 500, 500, longestIsland must lie between 1000 and 29000 ms but was 29001 ms",
        "96, 300, 240, 500, 999, 8000, 12000, 500, 500, longestIsland must lie between 1000 and 29000 ms but was 999 ms",
        "96, 300, 240, 500, 15000, 799, 12000, 500, 500, patience must lie between 800 and 15000 ms but was 799 ms",
        "96, 300, 240, 500, 15000, 15001, 12000, 500, 500, patience must lie between 800 and 15000 ms but was 15001 ms",
        "96, 300, 240, 500, 15000, 8000, -1, 500, 500, context must lie between 0 and 29000 ms but was -1 ms",
        "96, 300, 240, 500, 15000, 8000, 29001, 500, 500, context must lie between 0 and 29000 ms but was 29001 ms",
        "96, 300, 240, 500, 15000, 8000, 12000, -1, 500, partialInterval must lie between 0 and 29000 ms but was -1 ms",
        "96, 300, 240, 500, 15000, 8000, 12000, 29001, 500, partialInterval must lie between 0 and 29000 ms but was 29001 ms",
        "96, 300, 240, 500, 15000, 8000, 12000, 500, -1, stabilityMargin must lie between 0 and 29000 ms but was -1 ms",
        "96, 300, 240, 500, 15000, 8000, 12000, 500, 29001, stabilityMargin must lie between 0 and 29000 ms but was 29001 ms"
    })
    void shouldRefuseDurationsThatDoNotFitTogether(
            long shortestSpeech,
            long preRoll,
            long postRoll,
            long endpoint,
            long longestIsland,
            long patience,
            long context,
            long partialInterval,
            long stabilityMargin,
            String sentence) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings(
                        0.5f,
                        0.35f,
                        shortestSpeech,
                        preRoll,
                        postRoll,
                        endpoint,
                        longestIsland,
                        patience,
                        context,
                        partialInterval,
                        stabilityMargin))
                .withMessage(sentence);
    }

    @ParameterizedTest
    @ValueSource(floats = {-0.1f, 1.1f, Float.NaN})
    void shouldRefuseAStabilityThatIsNoProbability(float stability) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RecognizerSettings.live().toBuilder()
                        .stabilityProbability(stability)
                        .build())
                .withMessage("stabilityProbability must lie between 0 and 1 but was " + stability);
    }

    private static RecognizerSettings settings(
            float speechThreshold,
            float silenceThreshold,
            long shortestSpeech,
            long preRoll,
            long postRoll,
            long endpoint,
            long longestIsland,
            long patience,
            long context,
            long partialInterval,
            long stabilityMargin) {
        return RecognizerSettings.live().toBuilder()
                .speechThreshold(speechThreshold)
                .silenceThreshold(silenceThreshold)
                .shortestSpeech(Duration.ofMillis(shortestSpeech))
                .preRoll(Duration.ofMillis(preRoll))
                .postRoll(Duration.ofMillis(postRoll))
                .endpoint(Duration.ofMillis(endpoint))
                .longestIsland(Duration.ofMillis(longestIsland))
                .patience(Duration.ofMillis(patience))
                .context(Duration.ofMillis(context))
                .partialInterval(Duration.ofMillis(partialInterval))
                .stabilityMargin(Duration.ofMillis(stabilityMargin))
                .displayMargin(Duration.ZERO)
                .build();
    }
}
