package io.kscribe.recognizer;

import io.kscribe.engine.DecodingRequest;
import io.kscribe.engine.Task;
import io.kscribe.engine.Transcription;
import io.kscribe.engine.WhisperEngine;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Writes down recordings of any length, as fast as they can be read, in memory that does not grow with them.
 *
 * <p>A {@link RecognitionStream} cuts each recording into islands of speech, and successive ones are {@linkplain PackedWindow packed} into
 * windows. The windows of one or several recordings are decoded side by side, on threads of the recogniser's own, while reading goes
 * on; when {@link OfflineSettings#ahead} windows are on their way, reading waits. While a recording's language is unknown its windows are
 * decoded one after another, since the text of one may settle it. Each recording's results come in the order of time, and depend on
 * its audio alone: not on the number of threads, on what is decoded beside it, or on how the samples were cut into pieces.
 *
 * <p>Not thread-safe: recordings are fed, and results come, on one thread.
 */
public final class OfflineRecognizer implements AutoCloseable {
    private static final int SAMPLES_A_MILLI = 16;

    private final WhisperEngine engine;
    private final VoiceActivityDetector detector;
    private final RecognizerSettings policy;
    private final OfflineSettings settings;
    private final ExecutorService workers;
    private final Deque<Window> waiting = new ArrayDeque<>();
    private final Deque<Batch> running = new ArrayDeque<>();

    /** Windows that wait for their recording's language. */
    private int held;

    /** A recording's window and how it is to be decoded. */
    private record Window(Recording recording, PackedWindow islands, DecodingRequest request) {}

    /** Windows that are decoded together; of each, the texts of its islands. */
    private record Batch(List<Window> windows, CompletableFuture<List<List<Transcription>>> texts) {}

    /**
     * Makes a recogniser.
     *
     * @param policy where islands begin and end; usually {@link RecognizerSettings#offline}
     */
    public OfflineRecognizer(
            WhisperEngine engine, VoiceActivityDetector detector, RecognizerSettings policy, OfflineSettings settings) {
        this.engine = engine;
        this.detector = detector;
        this.policy = policy.toBuilder().partialInterval(Duration.ZERO).build();
        this.settings = settings;
        this.workers = Executors.newFixedThreadPool(Math.max(1, settings.workers()));
    }

    /**
     * Begins a recording, or one channel of it.
     *
     * @param language ISO 639-1; empty: detect it
     * @param results told of each final, in the order of time, while this or another recording is fed or {@link #finish} runs
     */
    public Recording begin(Optional<String> language, Task task, Consumer<RecognitionResult> results) {
        return new Recording(language, task, results);
    }

    /** A recording on its way to text. */
    public final class Recording {
        private final RecognitionStream stream;
        private final Consumer<RecognitionResult> results;
        private final List<Island> pack = new ArrayList<>();
        private final Deque<PackedWindow> packed = new ArrayDeque<>();
        private int underway;

        private Recording(Optional<String> language, Task task, Consumer<RecognitionResult> results) {
            this.stream = new RecognitionStream(
                    policy, detector, engine.melBins(), engine.keepsWindowsApart(), task, StreamState.start(language));
            this.results = results;
        }

        /**
         * Hears the next samples, mono at 16 kHz, full scale at -1 and 1; waits for decoding if it is far behind.
         *
         * @throws io.kscribe.engine.EngineException if decoding fails, of this recording or another
         */
        public void accept(float[] samples) {
            stream.accept(stream.nextSample(), samples);
            pack();
            proceed();
        }

        /** Hears the end; the last results may come later, at the latest with {@link OfflineRecognizer#finish}. */
        public void end() {
            stream.end();
            pack();
            close();
            proceed();
        }

        private void pack() {
            for (Island island : stream.takeClosed()) {
                int length = pack.stream().mapToInt(Island::finalLength).sum() + island.finalLength();
                if (length > settings.longestWindow().toMillis() * SAMPLES_A_MILLI) {
                    close();
                }
                pack.add(island);
            }
        }

        private void close() {
            if (!pack.isEmpty()) {
                packed.add(new PackedWindow(pack));
                pack.clear();
                held++;
                release();
            }
        }

        private void release() {
            while (!packed.isEmpty() && (stream.knowsLanguage() || underway == 0)) {
                PackedWindow next = packed.remove();
                waiting.add(new Window(this, next, stream.request(next.length())));
                held--;
                underway++;
            }
        }

        private void take(PackedWindow window, List<Transcription> texts) {
            for (int i = 0; i < texts.size(); i++) {
                stream.settle(window.islands().get(i), texts.get(i));
            }
            stream.takeResults().forEach(results);
            underway--;
            release();
        }
    }

    /** Decodes what there is; afterwards every recording that has ended has all its results. */
    public void finish() {
        while (underway() > 0) {
            if (waiting.isEmpty() && running.isEmpty()) {
                throw new IllegalStateException(held + " windows wait for a decoding that has failed");
            } else if (waiting.isEmpty()) {
                takeOldest();
            } else {
                start((waiting.size() + threads() - 1) / threads());
            }
        }
    }

    /** How many windows wait for decoding or are being decoded. */
    int underway() {
        return held
                + waiting.size()
                + running.stream().mapToInt(batch -> batch.windows().size()).sum();
    }

    /** Keeps every worker busy, even if it is with less than a batch, and what is underway within its limit. */
    private void proceed() {
        while (!running.isEmpty() && running.getFirst().texts().isDone()) {
            takeOldest();
        }
        while (waiting.size() >= settings.batch() || (!waiting.isEmpty() && running.size() < settings.workers())) {
            start(settings.batch());
        }
        while (underway() > settings.ahead()) {
            if (running.isEmpty()) {
                start(settings.batch());
            }
            takeOldest();
        }
    }

    private int threads() {
        return Math.max(1, settings.workers());
    }

    /** Has the windows decoded that have waited longest. */
    private void start(int most) {
        List<Window> batch = new ArrayList<>();
        while (!waiting.isEmpty() && batch.size() < Math.min(most, settings.batch())) {
            batch.add(waiting.remove());
        }
        CompletableFuture<List<List<Transcription>>> texts = settings.workers() == 0
                ? CompletableFuture.completedFuture(decode(batch))
                : CompletableFuture.supplyAsync(() -> decode(batch), workers);
        running.add(new Batch(batch, texts));
    }

    /** The texts of each window's islands; a window of which the model leaves out an island is decoded in halves. */
    private List<List<Transcription>> decode(List<Window> windows) {
        List<Transcription> whole = engine.transcribe(
                windows.stream()
                        .map(window -> window.islands().window(engine.melBins()))
                        .toList(),
                windows.stream().map(Window::request).toList());
        List<List<Transcription>> texts = new ArrayList<>();
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            texts.add(window.islands().split(whole.get(i)).orElseGet(() -> decodeHalves(window)));
        }
        return texts;
    }

    private List<Transcription> decodeHalves(Window window) {
        List<Window> halves = window.islands().halves().stream()
                .map(half -> new Window(window.recording(), half, window.request()))
                .toList();
        return decode(halves).stream().flatMap(List::stream).toList();
    }

    private void takeOldest() {
        Batch batch = running.removeFirst();
        List<List<Transcription>> texts = result(batch.texts());
        for (int i = 0; i < texts.size(); i++) {
            Window window = batch.windows().get(i);
            window.recording().take(window.islands(), texts.get(i));
        }
    }

    private static <T> T result(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Waits for what is being decoded, since it uses the engine, and drops it. */
    @Override
    public void close() {
        waiting.clear();
        running.forEach(batch -> batch.texts().handle((done, failure) -> true).join());
        running.clear();
        workers.shutdown();
    }
}
