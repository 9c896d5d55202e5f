package io.kscribe.stream;

import io.kscribe.engine.Transcription;
import io.kscribe.evaluation.MonoAudio;
import io.kscribe.model.ConsoleProgress;
import io.kscribe.model.KscribeHome;
import io.kscribe.model.ModelStore;
import io.kscribe.model.Sample;
import io.kscribe.recognizer.RecognitionStream;
import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.recognizer.RecognitionTask.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Tasks of real channels, each of which hears the Kennedy sample from its beginning. */
final class Tasks {
    /** 10 ms. */
    private static final int STEP = 160;

    private final float[] samples;

    Tasks() throws Exception {
        ModelStore store = new ModelStore(KscribeHome.locate(), ConsoleProgress.onStandardError());
        samples = MonoAudio.read(List.of(store.sample(Sample.KENNEDY)));
    }

    /** A channel, and how far it has heard. */
    final class Channel {
        private final RecognitionStream stream = TinyModel.live().recognizer().open(Optional.of("en"));
        private int heard;

        RecognitionStream stream() {
            return stream;
        }

        void hear(int count) {
            stream.accept(heard, Arrays.copyOfRange(samples, heard, heard + count));
            heard += count;
        }

        /** Goes on until a task of a kind is asked for; partials before a final are skipped. */
        RecognitionTask next(Kind kind) {
            while (true) {
                hear(STEP);
                Optional<RecognitionTask> task = stream.poll();
                if (task.isPresent() && task.get().kind() == kind) {
                    return task.get();
                }
                task.ifPresent(stream::skip);
            }
        }

        /** Hears what comes of a task. */
        void write(RecognitionTask task) {
            stream.apply(task, task.decode(TinyModel.live().recognizer().engine()));
        }

        /** Goes on until a task has become obsolete. */
        void outlive(RecognitionTask task) {
            while (!task.isObsolete()) {
                hear(STEP);
            }
        }

        /** Goes on until a task is of a kind. */
        void hearUntil(RecognitionTask task, Kind kind) {
            while (task.kind() != kind) {
                hear(STEP);
            }
        }
    }

    Channel channel() {
        return new Channel();
    }

    RecognitionTask partial() {
        return channel().next(Kind.PARTIAL);
    }

    RecognitionTask speculative() {
        return channel().next(Kind.SPECULATIVE_FINAL);
    }

    RecognitionTask last() {
        Channel channel = channel();
        RecognitionTask task = channel.next(Kind.SPECULATIVE_FINAL);
        channel.hearUntil(task, Kind.FINAL);
        return task;
    }

    /** What nobody reads. */
    static Transcription nothing() {
        return new Transcription("en", 1, List.of(), "", List.of(), List.of(), 0, 0, 0, true);
    }
}
