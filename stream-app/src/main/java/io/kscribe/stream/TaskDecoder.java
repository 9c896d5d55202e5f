package io.kscribe.stream;

import io.kscribe.engine.Transcription;
import io.kscribe.engine.WhisperEngine;
import io.kscribe.recognizer.RecognitionTask;
import java.util.List;
import java.util.function.Function;

/** Decodes tasks side by side; called by several threads. */
@FunctionalInterface
interface TaskDecoder {
    /** What comes of each task, in order. */
    List<Transcription> decode(List<RecognitionTask> tasks);

    /** Decodes with an engine: one task by itself as it always was, several together. */
    static TaskDecoder of(WhisperEngine engine) {
        return tasks ->
                tasks.size() == 1 ? List.of(tasks.get(0).decode(engine)) : RecognitionTask.decode(engine, tasks);
    }

    /** Decodes one after another. */
    static TaskDecoder each(Function<RecognitionTask, Transcription> decoder) {
        return tasks -> tasks.stream().map(decoder).toList();
    }
}
