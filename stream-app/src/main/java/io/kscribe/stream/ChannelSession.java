package io.kscribe.stream;

import io.kscribe.recognizer.RecognitionResult;
import io.kscribe.recognizer.RecognitionStream;
import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.recognizer.StreamState;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.Role;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import io.kscribe.schema.Word;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** A channel while it is followed: its recognition stream, and what turns the stream's results into transcripts. */
final class ChannelSession {
    static final int SAMPLES_A_MILLI = Frontend.RATE_HZ / 1000;

    private final ChannelKey key;
    private final Role role;
    private final String model;
    private final RecognitionStream stream;
    private final ChannelTrace trace;
    private final Deque<Heard> heard = new ArrayDeque<>();
    private StreamState saved;
    private boolean ended;
    private @Nullable String endedBy;

    /** The first whole second after its end. */
    private long endSecond;

    private long finals;
    private int decoding;
    private final Queue<ChannelAudio> later = new ArrayDeque<>();

    /** The partial that was asked for last. */
    private @Nullable RecognitionTask partial;

    /**
     * A chunk that has been heard.
     *
     * @param storeKey where it is kept
     * @param from its first sample, at 16 kHz
     * @param to the sample after its last
     * @param endSecond the first whole second after it
     * @param capturedAtMillis when its last sample was captured
     */
    private record Heard(String storeKey, long from, long to, long endSecond, long capturedAtMillis, boolean gap) {}

    ChannelSession(
            ChannelKey key, Role role, String model, RecognitionStream stream, StreamState state, ChannelTrace trace) {
        this.trace = trace;
        this.key = key;
        this.role = role;
        this.model = model;
        this.stream = stream;
        this.saved = state;
    }

    RecognitionStream stream() {
        return stream;
    }

    ChannelTrace trace() {
        return trace;
    }

    ChannelKey key() {
        return key;
    }

    /** Notes that a partial has been asked for. */
    void asked(RecognitionTask task) {
        partial = task;
    }

    /** The partial that was asked for last, decoded or not; null if there was none. */
    @Nullable
    RecognitionTask partial() {
        return partial;
    }

    /** Hears a chunk's audio; what lies before the stream's state is skipped. */
    void hear(ChannelAudio audio) {
        AudioChunk chunk = audio.chunk();
        float[] samples = audio.samples();
        long end = audio.position() + samples.length;
        int skipped = (int) Math.min(samples.length, Math.max(0, stream.nextSample() - audio.position()));
        if (skipped < samples.length) {
            stream.accept(
                    audio.position() + skipped,
                    skipped == 0 ? samples : Arrays.copyOfRange(samples, skipped, samples.length));
        }
        heard.add(new Heard(
                key.kept(chunk),
                audio.position(),
                end,
                audio.endSecond(),
                chunk.getCapturedAt().toEpochMilli(),
                audio.gap()));
        if (chunk.getEndOfStream()) {
            ended = true;
            endedBy = chunk.getAttributes().get(Sequencer.ENDED_BY);
            endSecond = audio.endSecond();
            stream.end();
        }
    }

    /** Whether the channel has ended; what comes of it after that is for {@link #later}. */
    boolean ended() {
        return ended;
    }

    /** What came of the channel after its silence, for the session that follows this one. */
    Queue<ChannelAudio> later() {
        return later;
    }

    /** Where the channel goes on should it be heard of again; empty if it has ended for good. */
    Optional<StreamState> resumption() {
        if (!Sequencer.TIMEOUT.equals(endedBy)) {
            return Optional.empty();
        }
        long second = Frontend.resumptionSecond(endSecond);
        return Optional.of(stream.state().laterAt(second * Frontend.RATE_HZ));
    }

    /** Whether so much has happened since the state was saved that it should be saved again. */
    boolean shouldSave(StreamState state) {
        return state.segment() != saved.segment()
                || !state.language().equals(saved.language())
                || !state.stable().equals(saved.stable())
                || state.position() - saved.position() >= Frontend.RATE_HZ;
    }

    /**
     * Notes that a state has been saved.
     *
     * @return the store keys of chunks that a stream continued from there does not need
     */
    List<String> save(StreamState state) {
        saved = state;
        // A resampler started a whole second early gives the same samples; see Frontend.
        long neededSecond = Math.max(0, state.retainFrom() / Frontend.RATE_HZ - 1);
        List<String> released = new ArrayList<>();
        while (!heard.isEmpty() && heard.peek().endSecond() <= neededSecond) {
            released.add(heard.remove().storeKey());
        }
        return released;
    }

    /** The store keys of all chunks that are still kept. */
    List<String> keptChunks() {
        return heard.stream().map(Heard::storeKey).toList();
    }

    /** How much audio has been heard of which not everything has been said. */
    Duration unsaid() {
        return Duration.ofMillis((stream.nextSample() - saved.position()) / SAMPLES_A_MILLI);
    }

    /** Finals that are being decoded. */
    int decoding() {
        return decoding;
    }

    /** Takes note that the decoding of a final begins (1) or is over (-1). */
    void decoding(int more) {
        decoding += more;
    }

    /** How many finals there have been since the channel was taken up. */
    long finals() {
        return finals;
    }

    /** A result as the contract has it. */
    Transcript transcript(RecognitionResult result, Instant now) {
        finals += result.isFinal() ? 1 : 0;
        return Transcript.newBuilder()
                .setCallId(key.callId())
                .setChannel(key.channel())
                .setRole(role)
                .setSegmentId(result.segment())
                .setRevision(result.revision())
                .setStatus(result.isFinal() ? TranscriptStatus.FINAL : TranscriptStatus.PARTIAL)
                .setText(result.text())
                .setStableChars(result.stableChars())
                .setWords(result.words().stream()
                        .map(word -> Word.newBuilder()
                                .setText(word.text())
                                .setStartMillis(word.startMillis())
                                .setEndMillis(word.endMillis())
                                .setConfidence(word.confidence())
                                .setStable(word.stable() || result.isFinal())
                                .build())
                        .toList())
                .setStartMillis(result.startMillis())
                .setEndMillis(result.endMillis())
                .setLanguage(result.language())
                .setConfidence(result.confidence())
                .setModel(model)
                .setCapturedAt(capturedAt(result.endMillis() * SAMPLES_A_MILLI))
                .setEmittedAt(now)
                .setFlags(flags(result))
                .build();
    }

    /** When a sample was captured, by the chunk that holds it. */
    private Instant capturedAt(long sample) {
        for (Heard chunk : heard) {
            if (chunk.to() >= sample) {
                return Instant.ofEpochMilli(chunk.capturedAtMillis() - (chunk.to() - sample) / SAMPLES_A_MILLI);
            }
        }
        return heard.isEmpty()
                ? Instant.EPOCH
                : Instant.ofEpochMilli(heard.getLast().capturedAtMillis());
    }

    private List<String> flags(RecognitionResult result) {
        List<String> flags = new ArrayList<>();
        long from = result.startMillis() * SAMPLES_A_MILLI;
        long to = result.endMillis() * SAMPLES_A_MILLI;
        if (heard.stream().anyMatch(chunk -> chunk.gap() && chunk.from() < to && chunk.to() > from)) {
            flags.add("gap");
        }
        if (result.truncated()) {
            flags.add("truncated");
        }
        if (result.isFinal() && (Sequencer.TIMEOUT.equals(endedBy) || Sequencer.EVICTED.equals(endedBy))) {
            flags.add(endedBy);
        }
        if (result.failed()) {
            flags.add("failed");
        }
        return flags;
    }
}
