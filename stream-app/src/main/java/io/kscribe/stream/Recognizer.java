package io.kscribe.stream;

import io.kscribe.recognizer.Cadence;
import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.RecognitionStream;
import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.recognizer.StreamState;
import io.kscribe.recognizer.StreamingRecognizer;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.Transcript;
import io.kscribe.stream.FlowMetrics.Count;
import io.kscribe.stream.InferencePool.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
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

    /** How long a chunk waits at most for the workers to come after: less than anybody waits for this thread. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

    private static final Headers NO_TRACE = new RecordHeaders();

    private static final Logger log = LoggerFactory.getLogger(Recognizer.class);

    private final Recognition recognition;
    private final InferencePool pool;
    private final StreamLimits limits;
    private final ChannelListener listener;
    private final Tracing tracing;
    private final InstantSource clock;
    private final String finals;
    private final String partials;
    private final Map<ChannelKey, ChannelSession> sessions = new HashMap<>();
    private final BlockingQueue<Done> done = new LinkedBlockingQueue<>();
    private @Nullable Wiring wiring;

    private record Wiring(
            ProcessorContext<String, Transcript> context,
            KeyValueStore<String, byte[]> states,
            KeyValueStore<String, KeptChunk> audio,
            FlowMetrics metrics) {}

    /** What came of a decoding, and which attempt it was, from 1. */
    private record Done(ChannelSession session, Outcome outcome, int attempt) {}

    Recognizer(
            Recognition recognition,
            InferencePool pool,
            StreamLimits limits,
            ChannelListener listener,
            Tracing tracing,
            InstantSource clock,
            String finals,
            String partials) {
        this.recognition = recognition;
        this.pool = pool;
        this.limits = limits;
        this.listener = listener;
        this.tracing = tracing;
        this.clock = clock;
        this.finals = finals;
        this.partials = partials;
    }

    @Override
    public void init(ProcessorContext<String, Transcript> context) {
        wiring = new Wiring(
                context,
                context.getStateStore(SESSIONS),
                context.getStateStore(Frontend.AUDIO),
                new FlowMetrics(context, "recognizer"));
        context.schedule(APPLY_RESULTS, PunctuationType.WALL_CLOCK_TIME, now -> applyResults());
    }

    @Override
    public void close() {
        if (wiring != null) {
            wiring.metrics().close();
        }
    }

    private Wiring wiring() {
        if (wiring == null) {
            throw new IllegalStateException("the recogniser has not been initialised");
        }
        return wiring;
    }

    @Override
    public void process(Record<String, ChannelAudio> record) {
        hear(record.value(), record.headers());
    }

    private void hear(ChannelAudio audio, Headers trace) {
        ChannelSession session = sessions.computeIfAbsent(audio.channel(), key -> open(key, audio.chunk()));
        session.trace().heard(trace);
        if (session.ended()) {
            session.later().add(audio);
            return;
        }
        awaitRoom(session);
        session.hear(audio);
        wiring().metrics().count(Count.AUDIO_MILLIS, millis(audio));
        goOn(session);
    }

    /** Of a chunk of samples that is no whole number of milliseconds the rest counts with another. */
    private static long millis(ChannelAudio audio) {
        long end = audio.position() + audio.samples().length;
        return end / ChannelSession.SAMPLES_A_MILLI - audio.position() / ChannelSession.SAMPLES_A_MILLI;
    }

    /**
     * Holds the partition back while a channel has too much audio that waits to be decoded, so that memory and state stay small: what was not
     * read waits on Kafka.
     */
    private void awaitRoom(ChannelSession session) {
        if (session.decoding() == 0 || session.unsaid().compareTo(limits.undecodedAudio()) <= 0) {
            return;
        }
        wiring().metrics().count(Count.OVERDUE_AUDIO);
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (session.decoding() > 0 && session.unsaid().compareTo(limits.undecodedAudio()) > 0) {
            Done next;
            try {
                next = done.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            if (next == null) {
                return;
            }
            apply(next);
        }
    }

    private ChannelSession open(ChannelKey key, AudioChunk first) {
        byte[] saved = wiring().states().get(key.storeKey());
        StreamState state = saved == null ? recognition.start(first.getLanguage()) : StreamState.fromBytes(saved);
        StreamingRecognizer recognizer = recognition.recognizer();
        String model = recognizer.modelName();
        return new ChannelSession(
                key, first.getRole(), model, recognizer.open(state), state, tracing.channel(key, model));
    }

    private void applyResults() {
        for (Done next = done.poll(); next != null; next = done.poll()) {
            apply(next);
        }
    }

    private void apply(Done next) {
        Outcome outcome = next.outcome();
        ChannelSession session = next.session();
        session.trace().done(outcome);
        if (outcome.task().isFinal()) {
            session.decoding(-1);
        }
        if (session.stream().finished()) {
            return; // a partial that was overtaken by the final of the channel's last segment
        }
        if (outcome.transcription() != null) {
            session.stream().apply(outcome.task(), outcome.transcription());
        } else if (outcome.failure() == null) {
            if (!outcome.task().isFinal()) {
                wiring().metrics().count(Count.PARTIALS_LEFT_OUT);
            }
            session.stream().skip(outcome.task());
        } else if (outcome.task().isFinal()) {
            failed(next);
        } else {
            wiring().metrics().count(Count.PARTIALS_FAILED);
            session.stream().skip(outcome.task());
        }
        goOn(session);
    }

    /** Tries a final again, or says that it cannot be had: one that always fails must not hold up the others. */
    private void failed(Done failed) {
        ChannelSession session = failed.session();
        RecognitionTask task = failed.outcome().task();
        if (task.isObsolete()) {
            session.stream().skip(task);
        } else if (failed.attempt() < limits.decodingAttempts()) {
            session.key()
                    .in(log.atWarn())
                    .addKeyValue("segment", task.segment())
                    .setCause(failed.outcome().failure())
                    .log("{}: attempt {} to decode a final failed", session.key(), failed.attempt());
            session.decoding(1);
            session.trace().asked(task);
            pool.submit(task, outcome -> done.add(new Done(session, outcome, failed.attempt() + 1)));
        } else {
            session.key()
                    .in(log.atError())
                    .addKeyValue("segment", task.segment())
                    .setCause(failed.outcome().failure())
                    .log(
                            "{}: a final could not be decoded in {} attempts and is published without text",
                            session.key(),
                            failed.attempt());
            session.stream().giveUp(task);
        }
    }

    /** Asks for what is due, says what is known, saves what has changed. */
    private void goOn(ChannelSession session) {
        askWhatIsDue(session);
        Instant now = clock.instant();
        for (RecognitionResult result : session.stream().takeResults()) {
            if (!result.isFinal() && result.text().isEmpty()) {
                wiring().metrics().count(Count.TAKEN_BACK);
            }
            Transcript transcript = session.transcript(result, now);
            wiring().context()
                    .forward(
                            new Record<>(
                                    session.key().callId(),
                                    transcript,
                                    Math.max(0, now.toEpochMilli()),
                                    session.trace().said(transcript)),
                            result.isFinal() ? finals : partials);
            listener.said(transcript);
        }
        if (session.stream().finished()) {
            session.keptChunks().forEach(wiring().audio()::delete);
            String key = session.key().storeKey();
            session.resumption()
                    .ifPresentOrElse(
                            state -> wiring().states().put(key, state.toBytes()),
                            () -> wiring().states().delete(key));
            sessions.remove(session.key());
            session.trace().ended();
            listener.finished(session.key().callId(), session.key().channel(), session.finals());
            session.later().forEach(later -> hear(later, NO_TRACE));
        } else {
            save(session);
        }
    }

    private void askWhatIsDue(ChannelSession session) {
        RecognitionStream stream = session.stream();
        Cadence cadence = cadence(stream);
        OptionalLong place = makeRoomForNewerPartial(session, cadence);
        while (session.decoding() < limits.finalsAtOnce()) {
            Optional<RecognitionTask> due = stream.poll(cadence);
            if (due.isEmpty()) {
                return;
            }
            RecognitionTask task = due.get();
            session.trace().asked(task);
            InferenceQueue.Done whenDone = outcome -> done.add(new Done(session, outcome, 1));
            if (task.isFinal()) {
                session.decoding(1);
                pool.submit(task, whenDone);
            } else if (place.isPresent()) {
                session.asked(task);
                pool.submit(task, whenDone, place.getAsLong());
            } else if (pool.backlog() < limits.partialBacklog()) {
                session.asked(task);
                pool.submit(task, whenDone);
            } else {
                wiring().metrics().count(Count.PARTIALS_LEFT_OUT);
                session.trace().leftOut(task);
                stream.skip(task);
            }
        }
    }

    /** Under load partials become fewer, then stop. */
    private Cadence cadence(RecognitionStream stream) {
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
            wiring().metrics().count(Count.PARTIALS_LEFT_OUT);
            session.trace().leftOut(waiting);
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
