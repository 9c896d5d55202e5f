package io.kscribe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.audio.LogMelSpectrogram;
import io.kscribe.audio.ReferenceLogMel;
import io.kscribe.model.Sample;
import io.kscribe.testing.Models;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Models.Provider.class)
class LogMelIT {
    private static final float TOLERANCE = 1e-4f;

    private final Models models;

    LogMelIT(Models models) {
        this.models = models;
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 128})
    void shouldAgreeWithTheReferenceFormulaOnRealSpeech(int melBins) throws Exception {
        float[] speech = models.audio(Sample.KENNEDY);
        double[][] reference = ReferenceLogMel.compute(speech, melBins);
        LogMelSpectrogram spectrogram = new LogMelSpectrogram(melBins);
        spectrogram.accept(speech, 0, speech.length);
        float[] window = spectrogram.window(LogMelSpectrogram.WINDOW_FRAMES);
        double largest = 0;
        for (int bin = 0; bin < melBins; bin++) {
            for (int frame = 0; frame < LogMelSpectrogram.WINDOW_FRAMES; frame++) {
                double difference = window[bin * LogMelSpectrogram.WINDOW_FRAMES + frame] - reference[bin][frame];
                largest = Math.max(largest, Math.abs(difference));
            }
        }
        assertThat(largest).isLessThan(TOLERANCE);
    }
}
