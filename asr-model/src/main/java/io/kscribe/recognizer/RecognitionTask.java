package io.kscribe.recognizer;

import io.kscribe.engine.DecodingRequest;
import io.kscribe.engine.OngoingSpeech;
import io.kscribe.engine.SpeechWindow;
import io.kscribe.engine.Transcription;
import io.kscribe.engine.WhisperEngine;
import java.util.List;
import java.util.Optional;

/**
 * A piece of decoding that a stream asks for, to be run on any thread and handed back to the stream.
 *
 * <p>What is decoded never changes; how urgent it is may change while it waits, and can be asked on any thread. So a scheduler reads
 * {@link #kind} and {@link #isObsolete} when it chooses what to decode next, and does not sort by what they were.
 */
public final class RecognitionTask {
    /** Why something is decoded, the most urgent first. */
    public enum Kind {
        /** The island is over: what comes of it is said. Never to be left out. */
        FINAL,

        /** The island seems to be over: what comes of it is said once the silence has lasted. Never to be left out, unless obsolete. */
        SPECULATIVE_FINAL,

        /** The island is being spoken. May be left out: {@link RecognitionStream#skip}. */
        PARTIAL
    }

    private final Island island;
    private final boolean isFinal;
    private final int revision;
    private final SpeechWindow window;
    private final DecodingRequest request;
    private final Preface preface;
    private final long askedAt;

    /**
     * @param window the preface's audio and the island's
     * @param preface what is heard before the island
     * @param askedAt how far the stream had heard when it asked, in samples of the channel
     */
    RecognitionTask(
            Island island,
            boolean isFinal,
            int revision,
            SpeechWindow window,
            DecodingRequest request,
            Preface preface,
            long askedAt) {
        this.island = island;
        this.isFinal = isFinal;
        this.revision = revision;
        this.window = window;
        this.request = request;
        this.preface = preface;
        this.askedAt = askedAt;
    }

    /**
     * Decodes several tasks side by side, which costs less than one after the other.
     *
     * @return what comes of each, in order
     */
    public static List<Transcription> decode(WhisperEngine engine, List<RecognitionTask> tasks) {
        return engine.transcribe(
                tasks.stream().map(RecognitionTask::window).toList(),
                tasks.stream().map(RecognitionTask::request).toList(),
                tasks.stream().map(RecognitionTask::speech).toList());
    }

    /** Decodes; takes tens to hundreds of milliseconds. */
    public Transcription decode(WhisperEngine engine) {
        return engine.transcribe(window, request, speech());
    }

    /** A final depends on its audio alone. */
    private Optional<OngoingSpeech> speech() {
        return isFinal ? Optional.empty() : Optional.of(island.ongoing());
    }

    /** True if the result may become a final. */
    public boolean isFinal() {
        return isFinal;
    }

    /**
     * True if it may be decoded beside others: always, if a partial. Of a final of which something has been written,
     * that is checked in one pass, which is the cheaper way, and must not depend on who shares the batch.
     */
    public boolean isSociable() {
        return !isFinal || (request.prefix().isEmpty() && request.draft().isEmpty());
    }

    /** The number of the segment that it is about, as in its results. */
    public long segment() {
        return island.segment();
    }

    /** Why it is decoded, as of now: a speculative final becomes a final when its island is over. */
    public Kind kind() {
        if (!isFinal) {
            return Kind.PARTIAL;
        }
        return island.over() ? Kind.FINAL : Kind.SPECULATIVE_FINAL;
    }

    /**
     * True if decoding it is in vain: a final because speech went on, a partial because a final of the same island is
     * wanted. It may then be {@linkplain RecognitionStream#skip skipped} instead. A final stays obsolete once it is.
     */
    public boolean isObsolete() {
        return isFinal ? !island.wants(window) : island.seemsOver();
    }

    /** Where the audio of which the text is wanted begins, from the channel's first sample. */
    public long startMillis() {
        return island.start() / Island.SAMPLES_A_MILLI;
    }

    /** Where the audio of which the text is wanted ends, from the channel's first sample. */
    public long endMillis() {
        return (island.start() + samples()) / Island.SAMPLES_A_MILLI;
    }

    Island island() {
        return island;
    }

    int revision() {
        return revision;
    }

    /** How much of the island is decoded, in samples. */
    int samples() {
        return window.samples() - preface.samples().length;
    }

    Preface preface() {
        return preface;
    }

    /** The speech that is to be decoded. */
    public SpeechWindow window() {
        return window;
    }

    DecodingRequest request() {
        return request;
    }

    long askedAt() {
        return askedAt;
    }
}
