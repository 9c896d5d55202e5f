package io.kscribe.cli;

import io.kscribe.cli.ModelOptions.Models;
import io.kscribe.engine.Task;
import io.kscribe.recognizer.OfflineRecognizer;
import io.kscribe.recognizer.OfflineSettings;
import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.RecognizerSettings;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes channels for recordings, of which nobody waits for the next word. */
final class RecordingRecognizer implements ChannelRecognizer {
    private final OfflineRecognizer recognizer;
    private final Task task;

    RecordingRecognizer(Models models, RecognizerSettings policy, OfflineSettings settings, Task task) {
        this.recognizer = new OfflineRecognizer(models.engine(), models.detector(), policy, settings);
        this.task = task;
    }

    @Override
    public Channel begin(Optional<String> language, Consumer<RecognitionResult> finals) {
        OfflineRecognizer.Recording recording = recognizer.begin(language, task, finals);
        return new Channel() {
            @Override
            public void accept(float[] samples) {
                recording.accept(samples);
            }

            @Override
            public void end() {
                recording.end();
            }
        };
    }

    @Override
    public void finish() {
        recognizer.finish();
    }

    @Override
    public void close() {
        recognizer.close();
    }
}
