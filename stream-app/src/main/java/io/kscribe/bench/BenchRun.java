package io.kscribe.bench;

import io.kscribe.bench.BenchResult.Traffic;
import io.kscribe.engine.Transcription;
import io.kscribe.recognizer.RecognitionStream;
import io.kscribe.recognizer.RecognitionTask;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.SteadyClock;
import io.kscribe.stream.SteadyClock.Sleeper;
import io.kscribe.stream.TopicAdmin;
import io.kscribe.stream.Topics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.IsolationLevel;
import org.jspecify.annotations.Nullable;

/**
 * A run against a service that is there: speaks, reads what comes of it, and takes stock.
 *
 * <p>One thread runs it; {@link #stop} is for any.
 */
public final class BenchRun implements AutoCloseable {
    /** How long a service may take to say the first word. */
    public static final Duration FIRST_WORD_LIMIT = Duration.ofSeconds(60);

    /** How long the finals that are still to come may take after the last chunk. */
    public static final Duration LAST_WORD_LIMIT = Duration.ofMinutes(5);

    /** Everything has been said if the service has committed all chunks and nothing has come for so long. */
    private static final Duration QUIET = Duration.ofSeconds(5);

    /** What is spoken until the service answers. */
    private static final Duration FIRST_WORDS = Duration.ofSeconds(4);

    /** Chunks that are due at the same moment go in one request. */
    private static final Duration LINGER = Duration.ofMillis(2);

    private static final Duration LOOK_ROUND = Duration.ofMillis(100);

    private final SteadyClock clock = new SteadyClock();
    private final LoadPlan plan;
    private final LoadPlan firstWord;
    private final KafkaConnection connection;
    private final Topics topics;
    private final String group;
    private final Producer<String, AudioChunk> producer;
    private final LoadGenerator generator;
    private final TopicReader finals;
    private final TopicReader partials;
    private volatile boolean stopped;

    /**
     * Connects.
     *
     * @param run names the run in its calls' ids, and is part of no other run's
     * @param group the service's consumer group: its application id
     * @throws io.kscribe.stream.KafkaFailure if Kafka does not answer, refuses, or lacks a topic
     */
    public BenchRun(
            BenchSettings settings,
            SpeechBank speech,
            String run,
            KafkaConnection connection,
            Topics topics,
            String group)
            throws InterruptedException {
        this.connection = connection;
        this.topics = topics;
        this.group = group;
        plan = LoadPlan.of(settings, speech, run);
        firstWord =
                LoadPlan.of(new BenchSettings(1, 0, Duration.ZERO, FIRST_WORDS, 0.8, 0), speech, run + "-first-word");
        try (TopicAdmin admin = new TopicAdmin(connection)) {
            for (String topic : topics.names()) {
                admin.require(topic);
            }
        }
        producer = connection.producer(new AudioChunkSerializer(), LINGER);
        generator = new LoadGenerator(producer, connection, topics.audio(), clock, Sleeper.system());
        finals = new TopicReader(connection, topics.transcripts(), IsolationLevel.READ_COMMITTED, run, clock);
        partials = new TopicReader(connection, topics.partials(), IsolationLevel.READ_UNCOMMITTED, run, clock);
    }

    /**
     * Waits until the service transcribes.
     *
     * @throws IOException in one sentence if it does not
     */
    public void awaitService() throws IOException, InterruptedException {
        Instant started = clock.instant();
        generator.speak(firstWord, started);
        while (finals.last() == null && !stopped) {
            if (Duration.between(started, clock.instant()).compareTo(FIRST_WORD_LIMIT) > 0) {
                throw new IOException("Nobody transcribed a call within " + FIRST_WORD_LIMIT.toSeconds()
                        + " s; is 'kscribe serve' running against Kafka at " + connection.bootstrapServers() + "?");
            }
            pause();
        }
    }

    /**
     * Speaks, and waits until everything has been said.
     *
     * @param processes to be watched meanwhile
     */
    public Heard speak(List<ProcessMeter> processes) throws InterruptedException {
        LogSizes before = LogSizes.ask(connection);
        Map<String, Duration> threadsBefore = serviceThreads(processes);
        Instant started = clock.instant();
        try (GroupLag lag = new GroupLag(connection, topics.audio(), group);
                Sampler sampler = new Sampler(lag, processes, clock, started)) {
            LoadGenerator.Sent sent = generator.speak(plan, started);
            Instant spoken = clock.instant();
            while (!stopped && !quiet(sampler, spoken)) {
                pause();
            }
            Instant last = finals.last();
            Instant ended = last == null || last.isBefore(spoken) ? spoken : last;
            LogSizes after = LogSizes.ask(connection);
            Map<String, Duration> threads = new TreeMap<>(serviceThreads(processes));
            threads.replaceAll((name, used) -> used.minus(threadsBefore.getOrDefault(name, Duration.ZERO)));
            return new Heard(
                    started,
                    sent,
                    new Traffic(after.grown(topics.audio(), before), after.changelogsGrown(group, before)),
                    Duration.between(started, ended),
                    partials.arrivals(),
                    finals.arrivals(),
                    sampler,
                    threads);
        }
    }

    private static Map<String, Duration> serviceThreads(List<ProcessMeter> processes) {
        return processes.stream()
                .filter(process -> process.name().equals(BenchResult.SERVICE))
                .findFirst()
                .map(ProcessMeter::threadTimes)
                .orElse(Map.of());
    }

    private boolean quiet(Sampler sampler, Instant since) {
        Instant now = clock.instant();
        sampler.samples();
        Instant last = later(finals.last(), later(partials.last(), since));
        return Duration.between(since, now).compareTo(LAST_WORD_LIMIT) > 0
                || (sampler.lastLag() == 0 && Duration.between(last, now).compareTo(QUIET) > 0);
    }

    private static Instant later(@Nullable Instant one, Instant other) {
        return one == null || one.isBefore(other) ? other : one;
    }

    private static void pause() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(LOOK_ROUND.toNanos());
    }

    /** What came of a run: to be taken stock of when nothing else runs any more. */
    public final class Heard {
        private final Instant started;
        private final LoadGenerator.Sent sent;
        private final Traffic traffic;
        private final Duration wall;
        private final List<Arrival> partialArrivals;
        private final List<Arrival> finalArrivals;
        private final Sampler sampler;
        private final Map<String, Duration> threads;

        private Heard(
                Instant started,
                LoadGenerator.Sent sent,
                Traffic traffic,
                Duration wall,
                List<Arrival> partialArrivals,
                List<Arrival> finalArrivals,
                Sampler sampler,
                Map<String, Duration> threads) {
            this.started = started;
            this.sent = sent;
            this.traffic = traffic;
            this.wall = wall;
            this.partialArrivals = partialArrivals;
            this.finalArrivals = finalArrivals;
            this.sampler = sampler;
            this.threads = threads;
        }

        /**
         * Hears the audio again, offline, and compares.
         *
         * @param islands gives streams that have heard nothing, as the service's but for partials, with a language given and without context
         * @param channels gives streams that have heard nothing, as the service's but for partials
         * @param engine the service's
         * @param compareTexts whether each final is decoded again and compared word by word, or only those channels that lack one
         */
        public BenchResult takeStock(
                Supplier<RecognitionStream> islands,
                Supplier<RecognitionStream> channels,
                Function<RecognitionTask, Transcription> engine,
                boolean compareTexts) {
            Finals finals = new Tally(new Expectation(islands, channels), engine, compareTexts).of(plan, finalArrivals);
            String model = finalArrivals.isEmpty()
                    ? ""
                    : finalArrivals.get(0).transcript().getModel();
            return BenchResult.of(
                    plan,
                    LiveMeasures.of(plan, started, partialArrivals, finalArrivals),
                    finals,
                    sent,
                    traffic,
                    model,
                    wall,
                    sampler.processorTime(),
                    threads,
                    sampler.samples());
        }
    }

    /** Ends the run soon; what was spoken is not taken stock of. May be called by any thread. */
    public void stop() {
        stopped = true;
        generator.stop();
    }

    /** Whether the run was ended before its time. */
    public boolean isStopped() {
        return stopped;
    }

    @Override
    public void close() {
        finals.close();
        partials.close();
        producer.close(connection.timeout());
    }
}
