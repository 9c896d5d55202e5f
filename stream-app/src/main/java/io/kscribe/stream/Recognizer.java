package io.kscribe.stream;

import io.kscribe.recognizer.Cadence;
import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.RecognitionStream;
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
import java.util.OptionalLong;
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

    /** Times the records of a poll, less than the shortest transaction may last. */
    private static final Duration LONGEST_HOLD = Duration.ofMillis(50);

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
        holdBack();
        ChannelAudio audio = record.value();
        ChannelSession session = sessions.computeIfAbsent(audio.channel(), key -> open(key, audio.chunk()));
        session.hear(audio);
        goOn(session);
    }

    /** If the workers cannot even keep up with finals, audio is read no faster than they do: Kafka keeps it better than this process. */
    private void holdBack() {
        try {
            pool.awaitRoom(LONGEST_HOLD);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
            } else if (outcome.failure() != null && outcome.task().isFinal()) {
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
        askWhatIsDue(session);
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

    private void askWhatIsDue(ChannelSession session) {
        RecognitionStream stream = session.stream();
        Cadence cadence = cadence(stream);
        OptionalLong place = makeRoomForNewerPartial(session, cadence);
        for (Optional<RecognitionTask> due = stream.poll(cadence); due.isPresent(); due = stream.poll(cadence)) {
            RecognitionTask task = due.get();
            InferenceQueue.Done whenDone = outcome -> done.add(new Done(session, outcome));
            if (!task.isFinal()) {
                session.asked(task);
            }
            if (!task.isFinal() && place.isPresent()) {
                pool.submit(task, whenDone, place.getAsLong());
            } else {
                pool.submit(task, whenDone);
            }
        }
    }

    /** Under load partials become fewer, then stop. */
    private Cadence cadence(RecognitionStream stream) {
        if (pool.backlog() >= limits.partialBacklog()) {
            return Cadence.FINALS_ONLY;
        }
        Duration age = pool.age();
        Duration behind = stream.behind();
        return Cadence.at(age.compareTo(behind) > 0 ? age : behind);
    }

    /**
     * Takes a partial back that still waits although a newer one of the same island is due.
     *
     * @return its place in the queue, which the newer one gets
     */
    private OptionalLong makeRoomForNewerPartial(ChannelSession session, Cadence cadence) {
        RecognitionTask waiting = session.partial();
        if (waiting == null || !session.stream().hasNewerPartial(cadence)) {
            return OptionalLong.empty();
        }
        OptionalLong place = pool.withdraw(waiting);
        if (place.isPresent()) {
            session.stream().skip(waiting);
        }
        return place;
    }

    private void save(ChannelSession session) {
        StreamState state = session.stream().state();
        if (session.shouldSave(state)) {
            wiring().states().put(session.key().storeKey(), state.toBytes());
            session.save(state).forEach(wiring().audio()::delete);
        }
    }
}
