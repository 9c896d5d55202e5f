package io.kscribe.cli;

import io.kscribe.cli.ModelOptions.Models;
import io.kscribe.engine.Task;
import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.RecognitionStream;
import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.recognizer.RecognizerSettings;
import io.kscribe.recognizer.StreamState;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes channels for live audio, in the audio's own time: the finals are those that Kafka would give. */
record LiveRecognizer(Models models, RecognizerSettings settings, Task task) implements ChannelRecognizer {
    @Override
    public Channel begin(Optional<String> language, Consumer<RecognitionResult> finals) {
        RecognitionStream stream = new RecognitionStream(
                settings, models.detector(), models.engine().melBins(), task, StreamState.start(language));
        return new Channel() {
            @Override
            public void accept(float[] samples) {
                stream.accept(samples);
                decode();
            }

            @Override
            public void end() {
                stream.end();
                decode();
            }

            private void decode() {
                for (Optional<RecognitionTask> due = stream.poll(); due.isPresent(); due = stream.poll()) {
                    stream.apply(due.get(), due.get().decode(models.engine()));
                }
                stream.takeResults().stream().filter(RecognitionResult::isFinal).forEach(finals);
            }
        };
    }

    @Override
    public void finish() {}

    @Override
    public void close() {}
}
