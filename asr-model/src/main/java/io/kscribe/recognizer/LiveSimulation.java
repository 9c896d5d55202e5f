package io.kscribe.recognizer;

import io.kscribe.engine.Transcription;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Plays a recording to a stream as if it were spoken now, to a processor that does nothing else, and says when each result would be known.
 *
 * <p>Time is simulated, work is real: a chunk of audio arrives when its last sample is spoken; what the processor does with it takes as long
 * as it did here. One task is decoded at a time, audio goes on arriving meanwhile, and hearing it goes first: it holds the task up by
 * as long as it takes. A partial that is due while another task is decoded waits, and makes room for a later one, as in the service. So it
 * runs as fast as the machine can and waits for nothing.
 *
 * <p>Not thread-safe.
 */
public final class LiveSimulation {
    private static final long NANOS_A_SAMPLE = 1_000_000_000L / 16_000;

    private final RecognitionStream stream;
    private final Function<RecognitionTask, Transcription> engine;
    private final LongSupplier computingNanos;
    private final Consumer<ShownResult> shown;
    private final float[] chunk;
    private int filled;
    private long arrivedSamples;

    /** The simulated time, from the moment at which the first sample was spoken. */
    private long nowNanos;

    private long computedNanos;
    private @Nullable Decoding decoding;

    /** A task whose text will be known at some time. */
    private record Decoding(RecognitionTask task, Transcription text, long knownNanos) {
        Decoding heldUp(long nanos) {
            return new Decoding(task, text, knownNanos + nanos);
        }
    }

    /**
     * Makes a simulation of a stream that has heard nothing.
     *
     * @param engine decodes
     * @param computingNanos the processor time that the calling thread has taken so far, in nanoseconds from any origin
     * @param chunkSamples how many samples at 16 kHz arrive together, from 1 on
     * @param shown told of each result, in the order of time
     */
    public LiveSimulation(
            RecognitionStream stream,
            Function<RecognitionTask, Transcription> engine,
            LongSupplier computingNanos,
            int chunkSamples,
            Consumer<ShownResult> shown) {
        if (chunkSamples < 1) {
            throw new IllegalArgumentException("a chunk holds from 1 sample on, not " + chunkSamples);
        }
        this.stream = stream;
        this.engine = engine;
        this.computingNanos = computingNanos;
        this.shown = shown;
        this.chunk = new float[chunkSamples];
    }

    /** Plays the next samples, mono at 16 kHz, full scale at -1 and 1. */
    public void accept(float[] samples) {
        int from = 0;
        while (from < samples.length) {
            int n = Math.min(chunk.length - filled, samples.length - from);
            System.arraycopy(samples, from, chunk, filled, n);
            filled += n;
            from += n;
            if (filled == chunk.length) {
                arrive();
            }
        }
    }

    /** Ends the recording, and waits in simulated time until everything has been said. */
    public void end() {
        if (filled > 0) {
            arrive();
        }
        hear(stream::end);
        decodeUntil(Long.MAX_VALUE);
    }

    /** The processor time that hearing and decoding took. */
    public Duration computed() {
        return Duration.ofNanos(computedNanos);
    }

    private void arrive() {
        float[] samples = Arrays.copyOf(chunk, filled);
        filled = 0;
        arrivedSamples += samples.length;
        long arrivalNanos = arrivedSamples * NANOS_A_SAMPLE;
        decodeUntil(arrivalNanos);
        nowNanos = Math.max(nowNanos, arrivalNanos);
        hear(() -> stream.accept(stream.nextSample(), samples));
    }

    private void hear(Runnable hearing) {
        long before = computingNanos.getAsLong();
        hearing.run();
        long tookNanos = tookSince(before);
        nowNanos += tookNanos;
        if (decoding != null) {
            decoding = decoding.heldUp(tookNanos);
        }
        show();
        decodeNext();
    }

    private void decodeUntil(long untilNanos) {
        for (Decoding next = decoding; next != null && next.knownNanos() <= untilNanos; next = decoding) {
            nowNanos = next.knownNanos();
            decoding = null;
            stream.apply(next.task(), next.text());
            show();
            decodeNext();
        }
    }

    private void decodeNext() {
        if (decoding != null) {
            return;
        }
        long before = computingNanos.getAsLong();
        Optional<RecognitionTask> due = stream.poll();
        if (due.isPresent()) {
            Transcription text = engine.apply(due.get());
            decoding = new Decoding(due.get(), text, nowNanos + tookSince(before));
        }
    }

    private long tookSince(long beforeNanos) {
        long tookNanos = computingNanos.getAsLong() - beforeNanos;
        computedNanos += tookNanos;
        return tookNanos;
    }

    private void show() {
        for (RecognitionResult result : stream.takeResults()) {
            shown.accept(new ShownResult(result, Duration.ofNanos(nowNanos)));
        }
    }
}
