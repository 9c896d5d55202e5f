package io.kscribe.cli;

import io.kscribe.cli.ModelOptions.Models;
import io.kscribe.cli.RecordingTranscriber.Transcribed;
import io.kscribe.engine.Task;
import io.kscribe.evaluation.CorpusScore;
import io.kscribe.evaluation.Manifest;
import io.kscribe.evaluation.MonoAudio;
import io.kscribe.evaluation.Spellings;
import io.kscribe.evaluation.TelephoneChannel;
import io.kscribe.evaluation.Utterance;
import io.kscribe.evaluation.UtteranceScore;
import io.kscribe.recognizer.RecognizerSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/** Transcribes the utterances of corpora on threads of its own, and compares what comes of them with what was said. */
final class CorpusEvaluation implements AutoCloseable {
    /** How long the utterances that have begun may take when the evaluation is closed. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final Models models;
    private final Spellings spellings;
    private final RecognizerSettings settings;
    private final Function<Utterance, Optional<String>> language;
    private final boolean telephone;
    private final ExecutorService workers;

    /**
     * Makes an evaluation.
     *
     * @param language what is spoken in an utterance, among the model's languages; empty to detect it
     * @param telephone whether the audio passes a telephone channel first
     * @param workers how many threads, each with one utterance at a time
     */
    CorpusEvaluation(
            Models models,
            Spellings spellings,
            RecognizerSettings settings,
            Function<Utterance, Optional<String>> language,
            boolean telephone,
            int workers) {
        this.models = models;
        this.spellings = spellings;
        this.settings = settings;
        this.language = language;
        this.telephone = telephone;
        this.workers = Executors.newFixedThreadPool(workers);
    }

    /**
     * Transcribes a corpus.
     *
     * @param scored told of each utterance, in the manifest's order
     * @param faults told in one sentence of each utterance that cannot be read, and is left out
     */
    CorpusScore run(Manifest corpus, Consumer<UtteranceScore> scored, Consumer<String> faults)
            throws InterruptedException {
        long started = System.nanoTime();
        List<Future<UtteranceScore>> running = new ArrayList<>();
        for (Utterance utterance : corpus.utterances()) {
            running.add(workers.submit(() -> score(utterance)));
        }
        CorpusScore sum = CorpusScore.ZERO;
        for (int i = 0; i < running.size(); i++) {
            try {
                UtteranceScore score = running.get(i).get();
                sum = sum.plus(score);
                scored.accept(score);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof IOException unreadable)) {
                    throw new IllegalStateException(
                            corpus.utterances().get(i).id() + " cannot be transcribed: " + e.getCause(), e);
                }
                faults.accept(Failures.sentence(unreadable));
            }
        }
        return sum.within(Duration.ofNanos(System.nanoTime() - started));
    }

    private UtteranceScore score(Utterance utterance) throws IOException {
        float[] samples = MonoAudio.read(utterance.audio());
        float[] heard = telephone ? TelephoneChannel.pass(samples, MonoAudio.RATE_HZ) : samples;
        long started = System.nanoTime();
        Transcribed transcribed = new RecordingTranscriber(
                        models, language.apply(utterance), settings, Task.TRANSCRIBE, false)
                .transcribe(heard);
        Duration processing = Duration.ofNanos(System.nanoTime() - started);
        return UtteranceScore.of(
                utterance, transcribed.text(), transcribed.language(), spellings, transcribed.duration(), processing);
    }

    /** Waits for the utterances that are being transcribed, since they use the models; those that have not begun are dropped. */
    @Override
    public void close() {
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IllegalStateException("an utterance is still being transcribed after " + PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
