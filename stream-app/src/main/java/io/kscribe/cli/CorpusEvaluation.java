package io.kscribe.cli;

import io.kscribe.cli.ChannelRecognizer.Channel;
import io.kscribe.evaluation.CorpusScore;
import io.kscribe.evaluation.LiveScore;
import io.kscribe.evaluation.Manifest;
import io.kscribe.evaluation.MonoAudio;
import io.kscribe.evaluation.Spellings;
import io.kscribe.evaluation.TelephoneChannel;
import io.kscribe.evaluation.Utterance;
import io.kscribe.evaluation.UtteranceScore;
import io.kscribe.recognizer.RecognitionResult;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Transcribes the utterances of corpora on threads of its own, and compares what comes of them with what was said. */
final class CorpusEvaluation implements AutoCloseable {
    /** How long the utterances that have begun may take when the evaluation is closed. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    /** The most utterances that a worker takes at once, so that they can be decoded together. */
    private static final int MOST_TOGETHER = 32;

    private static final int SAMPLES_A_PIECE = 16_000;

    private final Supplier<ChannelRecognizer> recognizers;
    private final Spellings spellings;
    private final Function<Utterance, Optional<String>> language;
    private final boolean telephone;
    private final int threads;
    private final ExecutorService workers;

    /**
     * Makes an evaluation.
     *
     * @param recognizers make text of utterances, on the thread that feeds them
     * @param language what is spoken in an utterance, among the model's languages; empty to detect it
     * @param telephone whether the audio passes a telephone channel first
     * @param workers how many threads
     */
    CorpusEvaluation(
            Supplier<ChannelRecognizer> recognizers,
            Spellings spellings,
            Function<Utterance, Optional<String>> language,
            boolean telephone,
            int workers) {
        this.recognizers = recognizers;
        this.spellings = spellings;
        this.language = language;
        this.telephone = telephone;
        this.threads = workers;
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
        List<Future<List<Outcome>>> running = new ArrayList<>();
        for (List<Utterance> group : groups(corpus.utterances())) {
            running.add(workers.submit(() -> new Group(group).outcomes()));
        }
        CorpusScore sum = CorpusScore.ZERO;
        for (Future<List<Outcome>> group : running) {
            for (Outcome outcome : outcomes(corpus, group)) {
                if (outcome.fault() != null) {
                    faults.accept(Failures.sentence(outcome.fault()));
                } else if (outcome.score() != null) {
                    sum = sum.plus(outcome.score()).plus(outcome.live());
                    scored.accept(outcome.score());
                }
            }
        }
        return sum.within(Duration.ofNanos(System.nanoTime() - started));
    }

    private static List<Outcome> outcomes(Manifest corpus, Future<List<Outcome>> group) throws InterruptedException {
        try {
            return group.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(corpus.corpus() + " cannot be transcribed: " + e.getCause(), e);
        }
    }

    private List<List<Utterance>> groups(List<Utterance> utterances) {
        int size = Math.min(MOST_TOGETHER, (utterances.size() + threads - 1) / threads);
        List<List<Utterance>> groups = new ArrayList<>();
        for (int from = 0; from < utterances.size(); from += size) {
            groups.add(utterances.subList(from, Math.min(from + size, utterances.size())));
        }
        return groups;
    }

    /** What became of an utterance: its score, or why it cannot be read. */
    private record Outcome(
            @Nullable UtteranceScore score,
            LiveScore live,
            @Nullable IOException fault) {}

    /** Utterances that are transcribed together. */
    private final class Group {
        private final List<Utterance> utterances;
        private final List<Said> said = new ArrayList<>();
        private long processingNanos;

        Group(List<Utterance> utterances) {
            this.utterances = utterances;
        }

        /** What is said in an utterance that can be read. */
        private record Said(
                Duration audio,
                List<RecognitionResult> results,
                LiveScore live,
                @Nullable IOException fault) {
            String text() {
                return results.stream().map(RecognitionResult::text).collect(Collectors.joining(" "));
            }

            /** "und" (ISO 639-2: undetermined) if nothing was said. */
            String language() {
                return results.isEmpty() ? "und" : results.get(0).language();
            }
        }

        List<Outcome> outcomes() {
            try (ChannelRecognizer recognizer = recognizers.get()) {
                for (Utterance utterance : utterances) {
                    said.add(hear(recognizer, utterance));
                }
                timed(recognizer::finish);
            }
            long audioNanos =
                    said.stream().mapToLong(one -> one.audio().toNanos()).sum();
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < said.size(); i++) {
                outcomes.add(
                        outcome(utterances.get(i), said.get(i), (double) processingNanos / Math.max(1, audioNanos)));
            }
            return outcomes;
        }

        /** Reading is not timed, recognising is. */
        private Said hear(ChannelRecognizer recognizer, Utterance utterance) {
            float[] samples;
            try {
                float[] read = MonoAudio.read(utterance.audio());
                samples = telephone ? TelephoneChannel.pass(read, MonoAudio.RATE_HZ) : read;
            } catch (IOException e) {
                return new Said(Duration.ZERO, List.of(), LiveScore.ZERO, e);
            }
            List<RecognitionResult> results = new ArrayList<>();
            Channel channel = recognizer.begin(language.apply(utterance), results::add);
            timed(() -> {
                for (int from = 0; from < samples.length; from += SAMPLES_A_PIECE) {
                    channel.accept(Arrays.copyOfRange(samples, from, Math.min(from + SAMPLES_A_PIECE, samples.length)));
                }
                channel.end();
            });
            return new Said(
                    Duration.ofMillis(samples.length * 1000L / MonoAudio.RATE_HZ), results, channel.score(), null);
        }

        private void timed(Runnable recognising) {
            long started = System.nanoTime();
            recognising.run();
            processingNanos += System.nanoTime() - started;
        }

        /** The time that the group took is shared out by length. */
        private Outcome outcome(Utterance utterance, Said said, double processingShare) {
            if (said.fault() != null) {
                return new Outcome(null, LiveScore.ZERO, said.fault());
            }
            Duration processing = Duration.ofNanos(Math.round(said.audio().toNanos() * processingShare));
            return new Outcome(
                    UtteranceScore.of(utterance, said.text(), said.language(), spellings, said.audio(), processing),
                    said.live(),
                    null);
        }
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
