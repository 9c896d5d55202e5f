package io.kscribe.cli;

import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.RecognitionStream;
import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.recognizer.StreamingRecognizer;
import java.util.Optional;
import java.util.function.Consumer;

/** Takes channels for live audio, in the audio's own time: the finals are those that Kafka would give. */
record LiveRecognizer(StreamingRecognizer recognizer) implements ChannelRecognizer {
    @Override
    public Channel begin(Optional<String> language, Consumer<RecognitionResult> finals) {
        RecognitionStream stream = recognizer.open(language);
        return new Channel() {
            @Override
            public void accept(float[] samples) {
                stream.accept(stream.nextSample(), samples);
                decode();
            }

            @Override
            public void end() {
                stream.end();
                decode();
            }

            private void decode() {
                for (Optional<RecognitionTask> due = stream.poll(); due.isPresent(); due = stream.poll()) {
                    stream.apply(due.get(), recognizer.decode(due.get()));
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
