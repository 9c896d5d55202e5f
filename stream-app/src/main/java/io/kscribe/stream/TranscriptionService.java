package io.kscribe.stream;

import io.kscribe.engine.WhisperEngine;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service: the topology at work against a Kafka, with its workers. */
public final class TranscriptionService implements MeterBinder, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TranscriptionService.class);

    /** How long an orderly end may take: what is being decoded is given up, what was said is committed. */
    public static final Duration STOP_LIMIT = Duration.ofSeconds(8);

    /** Stream threads that fail more often than this, within {@link #FAILURES_WITHIN}, end the service; each failure starts a new one. */
    static final int MOST_FAILURES = 5;

    static final Duration FAILURES_WITHIN = Duration.ofMinutes(10);

    /** How long a record waits for others to be sent with it; a commit does not wait. Kafka Streams' own 100 ms are long for partials. */
    static final Duration LINGER = Duration.ofMillis(5);

    /**
     * How much audio Kafka gathers before it answers, and for how long at most: a request, and a turn of the stream thread, for each chunk
     * would cost more than what is done with it.
     */
    static final int FETCH_BYTES = 32 * 1024;

    static final Duration FETCH_WAIT = Duration.ofMillis(20);

    /** How soon an instance hears that the group shares its calls out anew. */
    static final Duration HEARTBEAT = Duration.ofMillis(100);

    /** How long Kafka may wait for something to come onto a changelog before it says that nothing has. */
    static final Duration RESTORE_WAIT = Duration.ofMillis(50);

    private final KafkaStreams streams;
    private final InferencePool pool;
    private final InstanceWatch watch;
    private final List<Closeable> formats;
    private final Topics topics;
    private final FlowTotals totals;
    private final KafkaStreamsMetrics kafkaMeters;
    private final WhisperEngine engine;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch running = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;
    private final RecentFailures failures = new RecentFailures(MOST_FAILURES, FAILURES_WITHIN, InstantSource.system());

    /** What this instance's own clients know. */
    private record OwnUpstream(InstanceClients clients, InstanceWatch watch) implements Upstream {
        @Override
        public boolean answers() {
            return watch.hearsItself();
        }

        @Override
        public boolean isRead(TopicPartition partition, long next) {
            return clients.isRead(partition, next);
        }
    }

    private TranscriptionService(
            KafkaStreams streams,
            InferencePool pool,
            InstanceWatch watch,
            List<Closeable> formats,
            Topics topics,
            FlowTotals totals,
            WhisperEngine engine) {
        this.topics = topics;
        this.totals = totals;
        this.engine = engine;
        this.streams = streams;
        this.pool = pool;
        this.watch = watch;
        this.formats = formats;
        kafkaMeters = new KafkaStreamsMetrics(streams);
    }

    /** Lets a schema registry know what is going to be written, so that it is no longer needed for that. */
    private static void announce(KafkaConnection connection, Serializer<Transcript> transcripts, Topics topics) {
        Transcript nothing = Transcript.newBuilder()
                .setCallId("")
                .setChannel(0)
                .setSegmentId(0)
                .setRevision(0)
                .setStatus(TranscriptStatus.PARTIAL)
                .setText("")
                .setStableChars(0)
                .setStartMillis(0)
                .setEndMillis(0)
                .setLanguage("")
                .setConfidence(0)
                .setModel("")
                .setCapturedAt(Instant.EPOCH)
                .setEmittedAt(Instant.EPOCH)
                .build();
        try {
            transcripts.serialize(topics.partials(), nothing);
            transcripts.serialize(topics.transcripts(), nothing);
        } catch (KafkaException failed) {
            transcripts.close();
            throw failed instanceof TimeoutException
                    ? new KafkaFailure(String.valueOf(failed.getMessage()))
                    : KafkaFailure.of(failed, connection);
        }
    }

    /** The same without traces. */
    public static TranscriptionService start(
            KafkaConnection connection,
            Topics topics,
            ServiceSettings settings,
            StreamLimits limits,
            Recognition recognition,
            ChannelListener listener) {
        return start(connection, topics, settings, limits, recognition, listener, Tracing.off());
    }

    /**
     * Starts the service; it is {@linkplain #awaitRunning running} some seconds later.
     *
     * @param connection the Kafka to serve
     * @param topics all of which must exist
     * @param recognition stays open for as long as the service runs; closed by the caller
     * @param listener is told of what happens, on the service's threads
     * @param tracing stays open for as long as the service runs; closed by the caller
     * @throws KafkaFailure if Kafka does not answer, refuses, or lacks a topic
     */
    public static TranscriptionService start(
            KafkaConnection connection,
            Topics topics,
            ServiceSettings settings,
            StreamLimits limits,
            Recognition recognition,
            ChannelListener listener,
            Tracing tracing) {
        try (TopicAdmin admin = new TopicAdmin(connection)) {
            admin.requireFit(topics, settings.streamThreads()).forEach(log::warn);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
        WireFormat format = connection.wireFormat();
        Serde<AudioChunk> chunks = Serdes.serdeFrom(format.chunkSerializer(), format.chunkDeserializer());
        Serializer<Transcript> transcripts = format.transcriptSerializer();
        announce(connection, transcripts, topics);
        WhisperEngine engine = recognition.recognizer().engine();
        InferencePool pool = new InferencePool(
                TaskDecoder.of(engine), settings.workers(), InferenceLimits.standard(engine), InstantSource.system());
        SteadyClock clock = new SteadyClock();
        String instance = UUID.randomUUID().toString();
        InstanceClients clients = new InstanceClients();
        InstanceWatch watch = InstanceWatch.start(connection, settings.applicationId(), instance, clients, clock);
        Topology topology = TranscriptionTopology.build(
                topics,
                limits,
                recognition,
                pool,
                listener,
                InstantSource.system(),
                chunks,
                transcripts,
                new OwnUpstream(clients, watch),
                tracing);
        Duration sessionTimeout;
        try {
            sessionTimeout = SessionTimeout.allowed(connection, watch.awaitHeard());
        } catch (InterruptedException e) {
            watch.close();
            pool.close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
        Properties config = config(connection, settings, instance, sessionTimeout);
        FlowTotals totals = new FlowTotals();
        config.putAll(totals.config());
        KafkaStreams streams = new KafkaStreams(topology, config, clients, new SteadyTime(clock));
        TranscriptionService service =
                new TranscriptionService(streams, pool, watch, List.of(chunks, transcripts), topics, totals, engine);
        service.start();
        return service;
    }

    private void start() {
        streams.setStateListener((state, before) -> {
            log.info("The service is {}", state.name().toLowerCase(Locale.ROOT));
            if (state == KafkaStreams.State.RUNNING) {
                running.countDown();
            }
            if (state.hasCompletedShutdown() || state == KafkaStreams.State.PENDING_ERROR) {
                running.countDown();
                ended.countDown();
            }
        });
        streams.setUncaughtExceptionHandler(this::onFailure);
        streams.start();
    }

    private StreamThreadExceptionResponse onFailure(Throwable cause) {
        if (failures.addedOneTooMany()) {
            failure = cause;
            log.error("Stream threads keep failing; the service ends", cause);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        log.error("A stream thread failed and is replaced", cause);
        watch.forget(Thread.currentThread().getName());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /**
     * Kafka Streams' settings; DESIGN says why each is what it is.
     *
     * @param instance what the group knows this instance by
     * @param sessionTimeout unless the connection's settings have another
     */
    static Properties config(
            KafkaConnection connection, ServiceSettings settings, String instance, Duration sessionTimeout) {
        Properties config = new Properties();
        config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) sessionTimeout.toMillis());
        config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) HEARTBEAT.toMillis());
        config.putAll(connection.clientConfig());
        config.putAll(Map.of(
                StreamsConfig.APPLICATION_ID_CONFIG,
                settings.applicationId(),
                StreamsConfig.STATE_DIR_CONFIG,
                settings.stateDirectory().toString(),
                StreamsConfig.NUM_STREAM_THREADS_CONFIG,
                settings.streamThreads(),
                StreamsConfig.PROCESSING_GUARANTEE_CONFIG,
                StreamsConfig.EXACTLY_ONCE_V2,
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                settings.commitInterval().toMillis(),
                StreamsConfig.POLL_MS_CONFIG,
                10L,
                StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG,
                0L,
                StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG,
                true));
        // A task has one partition: there is no other to wait for, nor to ask about for each record.
        config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        // A static member is one that others can take out of the group.
        config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
        // Kafka Streams' own deals all tasks out anew when instances come and go.
        config.put(StreamsConfig.TASK_ASSIGNOR_CLASS_CONFIG, StayingAssignor.class.getName());
        // No standby replicas: they would save the reading of the state, 0.06 to 0.11 s of a gap of 1.5 s and more.
        // And when Kafka Streams 4.3.1 makes one of a store in memory the active one, the store is empty, and
        // finals are lost and doubled; the fault harness found it.
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 0);
        config.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), (int)
                RESTORE_WAIT.toMillis());
        TopicPlan.CHANGELOG_SETTINGS.forEach((name, value) -> config.put(StreamsConfig.topicPrefix(name), value));
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), (int) LINGER.toMillis());
        // An instance that is still a member can still commit.
        config.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), (int)
                Math.max(settings.transactionTimeout().toMillis(), sessionTimeout.toMillis()));
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 32);
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG), FETCH_BYTES);
        config.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), (int) FETCH_WAIT.toMillis());
        return config;
    }

    /**
     * Waits until the service has its partitions and works.
     *
     * @return false if it does not within the time, or has ended
     */
    public boolean awaitRunning(Duration limit) throws InterruptedException {
        return running.await(limit.toMillis(), TimeUnit.MILLISECONDS)
                && streams.state().isRunningOrRebalancing();
    }

    /** Waits until the service has ended, by {@link #close} or by failure. */
    public void awaitEnd() throws InterruptedException {
        ended.await();
    }

    /** Makes {@link #awaitEnd} return; may be called by any thread. */
    public void requestStop() {
        ended.countDown();
    }

    /** Why the service ended by itself; null if it did not. */
    public @Nullable Throwable failure() {
        return failure;
    }

    /** What the service is doing. */
    public KafkaStreams.State state() {
        return streams.state();
    }

    /** Binds what the tasks, the workers and the engine have done, and Kafka Streams' own metrics. */
    @Override
    public void bindTo(MeterRegistry registry) {
        totals.bindTo(registry);
        pool.bindTo(registry);
        FunctionCounter.builder("kscribe.engine.full.windows", engine, WhisperEngine::fullWindowFallbacks)
                .description("Texts that looped or did not end on shortened silence, and were decoded again over 30 s.")
                .register(registry);
        FunctionCounter.builder("kscribe.engine.drawn.texts", engine, WhisperEngine::drawnTexts)
                .description(
                        "Texts that were drawn at a temperature above 0, because no likely one passed the thresholds.")
                .register(registry);
        Gauge.builder("kscribe.lag", this, TranscriptionService::lag)
                .baseUnit("chunks")
                .description("Chunks that wait on Kafka in this instance's partitions.")
                .register(registry);
        FunctionCounter.builder("kscribe.stream.thread.failures", failures, RecentFailures::inAll)
                .description("Stream threads that failed and were replaced.")
                .register(registry);
        kafkaMeters.bindTo(registry);
    }

    private double lag() {
        return streams.metrics().values().stream()
                .filter(metric -> metric.metricName().name().equals("records-lag"))
                .filter(metric -> metric.metricName().group().equals("consumer-fetch-manager-metrics"))
                .filter(metric ->
                        topics.audio().equals(metric.metricName().tags().get("topic")))
                .mapToDouble(metric -> metric.metricValue() instanceof Double chunks ? chunks : 0)
                .filter(Double::isFinite)
                .sum();
    }

    /** How many stream threads have failed. */
    int failures() {
        return failures.inAll();
    }

    /** Stops: commits what was said and leaves the group at once, so that others take over without waiting. */
    @Override
    public void close() {
        kafkaMeters.close();
        streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(STOP_LIMIT));
        watch.close();
        pool.close();
        formats.forEach(format -> Utils.closeQuietly(format, "wire format"));
        ended.countDown();
    }
}
