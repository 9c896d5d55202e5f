package io.kscribe.recognizer;

import io.kscribe.engine.DecodingRequest;
import io.kscribe.engine.Task;
import io.kscribe.engine.Transcription;
import io.kscribe.engine.WhisperEngine;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Plays a recording to streams, decodes what they ask for at some pace, and keeps what they say. */
final class Listener {
    /** When a task is decoded. */
    enum Pace {
        /** As soon as it is due. */
        AT_ONCE,
        /** Finals as soon as they are due, partials never. */
        FINALS_ONLY,
        /** Some time later, in any order. */
        LATE
    }

    private final WhisperEngine engine;
    private final VoiceActivityDetector detector;
    private final RecognizerSettings settings;
    private final Optional<String> language;
    private final Map<Asked, Transcription> answers = new HashMap<>();

    /** The engine gives the same answer to the same question; asking once is enough. */
    private record Asked(FloatBuffer mel, DecodingRequest request) {}

    Listener(
            WhisperEngine engine,
            VoiceActivityDetector detector,
            RecognizerSettings settings,
            Optional<String> language) {
        this.engine = engine;
        this.detector = detector;
        this.settings = settings;
        this.language = language;
    }

    RecognitionStream stream() {
        return stream(StreamState.start(language));
    }

    RecognitionStream stream(StreamState state) {
        return new RecognitionStream(
                settings, detector, engine.melBins(), engine.keepsWindowsApart(), Task.TRANSCRIBE, state);
    }

    Transcription decode(RecognitionTask task) {
        return answers.computeIfAbsent(
                new Asked(FloatBuffer.wrap(task.window().mel()), task.request()), asked -> task.decode(engine));
    }

    /** Everything that a stream says of a recording. */
    List<RecognitionResult> hear(float[] audio, int chunkSamples, Pace pace) {
        Session session = new Session(stream(), pace, new Random(chunkSamples));
        session.play(audio, 0, audio.length, chunkSamples);
        return session.end();
    }

    /** The finals of a recording that is heard in two parts, by two streams. */
    List<RecognitionResult> finalsInTwoParts(float[] audio, int split, int chunkSamples, Pace pace) {
        Session first = new Session(stream(), pace, new Random(split));
        first.play(audio, 0, split, chunkSamples);
        StreamState state = StreamState.fromBytes(first.stream.state().toBytes());
        Session second = new Session(stream(state), pace, new Random(split));
        second.play(audio, (int) state.retainFrom(), audio.length, chunkSamples);
        List<RecognitionResult> finals = new ArrayList<>(finals(first.results));
        finals.addAll(finals(second.end()));
        return finals;
    }

    static List<RecognitionResult> finals(List<RecognitionResult> results) {
        return results.stream().filter(RecognitionResult::isFinal).toList();
    }

    /** A stream, the tasks that wait, and what was said. */
    private final class Session {
        private final RecognitionStream stream;
        private final Pace pace;
        private final Random random;
        private final List<RecognitionTask> waiting = new ArrayList<>();
        private final List<RecognitionResult> results = new ArrayList<>();

        Session(RecognitionStream stream, Pace pace, Random random) {
            this.stream = stream;
            this.pace = pace;
            this.random = random;
        }

        void play(float[] audio, int from, int to, int chunkSamples) {
            for (int at = from; at < to; at += chunkSamples) {
                stream.accept(at, Arrays.copyOfRange(audio, at, Math.min(to, at + chunkSamples)));
                goOn();
            }
        }

        List<RecognitionResult> end() {
            stream.end();
            boolean busy = true;
            while (busy || !waiting.isEmpty()) {
                busy = goOn();
            }
            if (!stream.finished()) {
                throw new IllegalStateException("the stream has ended, wants nothing, and is not finished");
            }
            return results;
        }

        /** Takes what is due, and decodes some of it; true if there was any. */
        private boolean goOn() {
            boolean busy = false;
            for (Optional<RecognitionTask> due = stream.poll(); due.isPresent(); due = stream.poll()) {
                RecognitionTask task = due.get();
                busy = true;
                if (pace == Pace.LATE) {
                    waiting.add(task);
                } else if (task.isFinal() || pace == Pace.AT_ONCE) {
                    stream.apply(task, decode(task));
                } else {
                    stream.skip(task);
                }
            }
            if (!waiting.isEmpty() && random.nextInt(4) == 0) {
                busy = true;
                RecognitionTask task = waiting.remove(random.nextInt(waiting.size()));
                stream.apply(task, decode(task));
            }
            results.addAll(stream.takeResults());
            return busy;
        }
    }
}
