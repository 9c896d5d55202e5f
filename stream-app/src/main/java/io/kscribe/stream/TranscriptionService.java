package io.kscribe.stream;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The service: the topology at work against a Kafka, with its workers. */
public final class TranscriptionService implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TranscriptionService.class);

    /** How long an orderly end may take: what is being decoded is given up, what was said is committed. */
    public static final Duration STOP_LIMIT = Duration.ofSeconds(8);

    /** Stream threads that fail more often than this, within {@link #FAILURES_WITHIN}, end the service; each failure starts a new one. */
    static final int MOST_FAILURES = 5;

    static final Duration FAILURES_WITHIN = Duration.ofMinutes(10);

    /** How soon an instance hears that the group shares its calls out anew. */
    static final Duration HEARTBEAT = Duration.ofMillis(300);

    /**
     * The size at which a file of a changelog is closed. Only closed files are compacted, and what has not been is read by whoever takes
     * calls over; Kafka Streams' own 50 MB would be many seconds of that.
     */
    static final int CHANGELOG_SEGMENT_BYTES = 4 << 20;

    private final KafkaStreams streams;
    private final InferencePool pool;
    private final InstanceWatch watch;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CountDownLatch running = new CountDownLatch(1);
    private volatile @Nullable Throwable failure;
    private final RecentFailures failures = new RecentFailures(MOST_FAILURES, FAILURES_WITHIN, InstantSource.system());

    private TranscriptionService(KafkaStreams streams, InferencePool pool, InstanceWatch watch) {
        this.streams = streams;
        this.pool = pool;
        this.watch = watch;
    }

    /**
     * Starts the service; it is {@linkplain #awaitRunning running} some seconds later.
     *
     * @param connection the Kafka to serve
     * @param topics all of which must exist
     * @param recognition stays open for as long as the service runs; closed by the caller
     * @param listener is told of what happens, on the service's threads
     * @throws KafkaFailure if Kafka does not answer, refuses, or lacks a topic
     */
    public static TranscriptionService start(
            KafkaConnection connection,
            Topics topics,
            ServiceSettings settings,
            StreamLimits limits,
            Recognition recognition,
            ChannelListener listener) {
        Duration sessionTimeout;
        try (TopicAdmin admin = new TopicAdmin(connection)) {
            for (String topic : topics.names()) {
                admin.require(topic);
            }
            sessionTimeout = SessionTimeout.allowed(connection);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
        String instance = UUID.randomUUID().toString();
        InstanceClients clients = new InstanceClients();
        InstanceWatch watch =
                InstanceWatch.start(connection, settings.applicationId(), instance, clients, new SteadyClock());
        InferencePool pool = new InferencePool(task -> task.decode(recognition.engine()), settings.workers());
        Topology topology =
                TranscriptionTopology.build(topics, limits, recognition, pool, listener, watch::hearsItself);
        KafkaStreams streams =
                new KafkaStreams(topology, config(connection, topics, settings, instance, sessionTimeout), clients);
        TranscriptionService service = new TranscriptionService(streams, pool, watch);
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
     * @param sessionTimeout unless the connection's settings have another
     */
    static Properties config(
            KafkaConnection connection,
            Topics topics,
            ServiceSettings settings,
            String instance,
            Duration sessionTimeout) {
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
        // A static member is one that others can take out of the group.
        config.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
        // Calls go to an instance at once. Neither standby nor warm-up replicas: when Kafka Streams 4.3.1 makes one of a store in memory
        // the active one, the store is empty, and finals are lost and doubled; the fault harness found it.
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 0);
        config.put(StreamsConfig.ACCEPTABLE_RECOVERY_LAG_CONFIG, Long.MAX_VALUE);
        config.put(StreamsConfig.topicPrefix(TopicConfig.SEGMENT_BYTES_CONFIG), CHANGELOG_SEGMENT_BYTES);
        config.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueExceptionHandler.class);
        config.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, topics.deadLetters());
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), (int)
                settings.transactionTimeout().toMillis());
        config.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 32);
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

    /** How many stream threads have failed. */
    int failures() {
        return failures.inAll();
    }

    /** Stops: commits what was said and leaves the group at once, so that others take over without waiting. */
    @Override
    public void close() {
        streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(STOP_LIMIT));
        watch.close();
        pool.close();
        ended.countDown();
    }
}
