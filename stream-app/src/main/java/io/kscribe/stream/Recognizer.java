package io.kscribe.stream;

import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.recognizer.StreamState;
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
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger log = LoggerFactory.getLogger(Recognizer.class);

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

    /** What came of a decoding, and which try it was, from 1. */
    private record Done(ChannelSession session, Outcome outcome, int attempt) {}

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
        hear(record.value());
    }

    private void hear(ChannelAudio audio) {
        ChannelSession session = sessions.computeIfAbsent(audio.channel(), key -> open(key, audio.chunk()));
        if (session.ended()) {
            session.later().add(audio);
            return;
        }
        session.hear(audio);
        goOn(session);
    }

    private ChannelSession open(ChannelKey key, AudioChunk first) {
        byte[] saved = wiring().states().get(key.storeKey());
        StreamState state = saved == null
                ? StreamState.start(recognition.known(first.getLanguage()))
                : StreamState.fromBytes(saved);
        return new ChannelSession(key, first.getRole(), recognition.modelName(), recognition.stream(state), state);
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
                failed(next);
            } else {
                next.session().stream().skip(outcome.task());
            }
            goOn(next.session());
        }
    }

    /** Tries a final again, or says that it cannot be had: one that always fails must not hold up the others. */
    private void failed(Done done) {
        ChannelSession session = done.session();
        if (done.attempt() < limits.decodingAttempts()) {
            log.warn(
                    "{}: attempt {} to decode a final failed",
                    session.key(),
                    done.attempt(),
                    done.outcome().failure());
            submit(session, done.outcome().task(), done.attempt() + 1);
        } else {
            log.error(
                    "{}: a final could not be decoded in {} attempts and is published without text",
                    session.key(),
                    done.attempt(),
                    done.outcome().failure());
            session.stream().giveUp(done.outcome().task());
        }
    }

    private void submit(ChannelSession session, RecognitionTask task, int attempt) {
        pool.submit(task, outcome -> done.add(new Done(session, outcome, attempt)));
    }

    /** Asks for what is due, says what is known, saves what has changed. */
    private void goOn(ChannelSession session) {
        for (Optional<RecognitionTask> due = session.stream().poll();
                due.isPresent();
                due = session.stream().poll()) {
            RecognitionTask task = due.get();
            if (task.isFinal() || pool.backlog() < limits.partialBacklog()) {
                submit(session, task, 1);
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
            String key = session.key().storeKey();
            session.resumption()
                    .ifPresentOrElse(
                            state -> wiring().states().put(key, state.toBytes()),
                            () -> wiring().states().delete(key));
            sessions.remove(session.key());
            listener.finished(session.key().callId(), session.key().channel(), session.finals());
            session.later().forEach(this::hear);
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
