package io.kscribe.stream;

import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.recognizer.StreamState;
import io.kscribe.recognizer.StreamingRecognizer;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.Transcript;
import io.kscribe.stream.InferencePool.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Follows the channels of a partition: hands decoding to the workers, and says what came of it.
 *
 * <p>Workers put their results into a queue; a punctuator on the stream thread applies them. So a final, the state after it, the
 * release of its audio and the offset of the input are one transaction: after a crash a final has either been said, or will be said
 * again from the audio that was kept.
 */
final class Recognizer implements Processor<String, ChannelAudio, String, Transcript> {
    /** Where each channel can be continued, by {@link ChannelKey#storeKey}. */
    static final String SESSIONS = "recognizer-sessions";

    private static final Duration APPLY_RESULTS = Duration.ofMillis(10);

    private final Recognition recognition;
    private final InferencePool pool;
    private final StreamLimits limits;
    private final ChannelListener listener;
    private final String finals;
    private final String partials;
    private final Map<ChannelKey, ChannelSession> sessions = new HashMap<>();
    private final Queue<Done> done = new ConcurrentLinkedQueue<>();
    private @Nullable Wiring wiring;

    private record Wiring(
            ProcessorContext<String, Transcript> context,
            KeyValueStore<String, byte[]> states,
            KeyValueStore<String, KeptChunk> audio) {}

    private record Done(ChannelSession session, Outcome outcome) {}

    Recognizer(
            Recognition recognition,
            InferencePool pool,
            StreamLimits limits,
            ChannelListener listener,
            String finals,
            String partials) {
        this.recognition = recognition;
        this.pool = pool;
        this.limits = limits;
        this.listener = listener;
        this.finals = finals;
        this.partials = partials;
    }

    @Override
    public void init(ProcessorContext<String, Transcript> context) {
        wiring = new Wiring(context, context.getStateStore(SESSIONS), context.getStateStore(Frontend.AUDIO));
        context.schedule(APPLY_RESULTS, PunctuationType.WALL_CLOCK_TIME, now -> applyResults());
    }

    private Wiring wiring() {
        if (wiring == null) {
            throw new IllegalStateException("the recogniser has not been initialised");
        }
        return wiring;
    }

    @Override
    public void process(Record<String, ChannelAudio> record) {
        ChannelAudio audio = record.value();
        ChannelSession session = sessions.computeIfAbsent(audio.channel(), key -> open(key, audio.chunk()));
        session.hear(audio);
        goOn(session);
    }

    private ChannelSession open(ChannelKey key, AudioChunk first) {
        byte[] saved = wiring().states().get(key.storeKey());
        StreamState state = saved == null ? recognition.start(first.getLanguage()) : StreamState.fromBytes(saved);
        StreamingRecognizer recognizer = recognition.recognizer();
        return new ChannelSession(key, first.getRole(), recognizer.modelName(), recognizer.open(state), state);
    }

    private void applyResults() {
        for (Done next = done.poll(); next != null; next = done.poll()) {
            Outcome outcome = next.outcome();
            if (next.session().stream().finished()) {
                // A partial that was overtaken by the final of the channel's last segment.
                continue;
            }
            if (outcome.transcription() != null) {
                next.session().stream().apply(outcome.task(), outcome.transcription());
            } else if (outcome.task().isFinal()) {
                // The stream thread is replaced, and decodes it again from the audio that was kept.
                throw new StreamsException(next.session().key() + " could not be decoded", outcome.failure());
            } else {
                next.session().stream().skip(outcome.task());
            }
            goOn(next.session());
        }
    }

    /** Asks for what is due, says what is known, saves what has changed. */
    private void goOn(ChannelSession session) {
        for (Optional<RecognitionTask> due = session.stream().poll();
                due.isPresent();
                due = session.stream().poll()) {
            RecognitionTask task = due.get();
            if (task.isFinal() || pool.backlog() < limits.partialBacklog()) {
                pool.submit(task, outcome -> done.add(new Done(session, outcome)));
            } else {
                session.stream().skip(task);
            }
        }
        Instant now = Instant.ofEpochMilli(wiring().context().currentSystemTimeMs());
        for (RecognitionResult result : session.stream().takeResults()) {
            Transcript transcript = session.transcript(result, now);
            wiring().context()
                    .forward(
                            new Record<>(session.key().callId(), transcript, now.toEpochMilli()),
                            result.isFinal() ? finals : partials);
        }
        if (session.stream().finished()) {
            session.keptChunks().forEach(wiring().audio()::delete);
            wiring().states().delete(session.key().storeKey());
            sessions.remove(session.key());
            listener.finished(session.key().callId(), session.key().channel(), session.finals());
        } else {
            save(session);
        }
    }

    private void save(ChannelSession session) {
        StreamState state = session.stream().state();
        if (session.shouldSave(state)) {
            wiring().states().put(session.key().storeKey(), state.toBytes());
            session.save(state).forEach(wiring().audio()::delete);
        }
    }
}
