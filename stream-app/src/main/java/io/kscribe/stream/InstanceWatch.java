package io.kscribe.stream;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The instances' watch over one another: each beats on a topic, and whoever misses {@link #PATIENCE} beats is taken out of the group by the
 * others, its open transactions aborted.
 *
 * <p>Kafka itself waits for a dead member's session to time out: 6 s at least where a broker is configured as usual
 * ({@code group.min.session.timeout.ms}), then up to 10 s more for its transaction, which holds back readers of committed records, and
 * perhaps the successor. Live speech cannot wait for that. An instance that was only slow or paused is fenced by this; it finds out at
 * its next step and joins again, and what it had begun is never committed. So a wrong verdict costs time, not finals.
 *
 * <p>Where Kafka does not allow this, the session's time-out remains.
 */
final class InstanceWatch implements AutoCloseable {
    /** Time between an instance's beats. */
    static final Duration BEAT = Duration.ofMillis(400);

    /** How many beats an instance must miss to be taken for dead. */
    static final int PATIENCE = 5;

    /** Without a beat of our own come back for this long, Kafka is out of reach. */
    private static final Duration SILENCE = BEAT.multipliedBy(PATIENCE);

    /** The beats that are read when the watch begins: who died a moment ago is among them. */
    private static final long BEATS_READ_FIRST = 200;

    private static final Duration RETENTION = Duration.ofHours(1);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(InstanceWatch.class);

    private final KafkaConnection connection;
    private final String group;
    private final String instance;
    private final InstanceClients clients;
    private final InstantSource clock;
    private final TopicPartition beats;
    private final Peers peers;
    private final Thread thread;
    private volatile Instant heardOurselves;
    private volatile boolean closed;
    private volatile boolean refused;
    private final CountDownLatch tried = new CountDownLatch(1);

    private InstanceWatch(
            KafkaConnection connection, String group, String instance, InstanceClients clients, InstantSource clock) {
        this.connection = connection;
        this.group = group;
        this.instance = instance;
        this.clients = clients;
        this.clock = clock;
        this.beats = new TopicPartition(topic(group), 0);
        this.peers = new Peers(instance, PATIENCE);
        this.heardOurselves = clock.instant();
        this.thread = new Thread(this::watch, "kscribe-watch");
        thread.setDaemon(true);
    }

    /**
     * Begins the watch.
     *
     * @param group the consumer group, by the application's id
     * @param instance this instance, different from all others that ever were
     * @param clients of this instance's stream threads
     */
    static InstanceWatch start(
            KafkaConnection connection, String group, String instance, InstanceClients clients, InstantSource clock) {
        InstanceWatch watch = new InstanceWatch(connection, group, instance, clients, clock);
        watch.thread.start();
        return watch;
    }

    /** The topic of a group's beats. */
    static String topic(String group) {
        return group + "-instances";
    }

    /** Whether Kafka can be reached, as far as is known: what we write there, we read there. */
    boolean hearsItself() {
        return refused || clock.instant().isBefore(heardOurselves.plus(SILENCE));
    }

    /** Waits until it is known whether Kafka lets us watch; false if it does not, or does not say. */
    boolean awaitHeard() throws InterruptedException {
        return tried.await(connection.timeout().toMillis(), TimeUnit.MILLISECONDS) && !refused;
    }

    /** A stream thread of ours is given up: what it did is for others from now on. */
    void forget(String streamThread) {
        Set<String> members = clients.remove(streamThread);
        if (members.isEmpty()) {
            return;
        }
        Thread removal = new Thread(
                () -> {
                    try (Admin admin = connection.admin()) {
                        removeMembers(admin, members);
                    } catch (KafkaException | KafkaFailure failed) {
                        log.warn("The group keeps {} until its session times out: {}", members, failed.getMessage());
                    } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                    }
                },
                "kscribe-watch-removal");
        removal.setDaemon(true);
        removal.start();
    }

    /** Ends the watch, and says so: nobody needs to miss us. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = Thread.interrupted();
        try {
            thread.join(connection.timeout().toMillis());
        } catch (InterruptedException again) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        while (!closed) {
            try (Admin admin = connection.admin()) {
                createTopic(admin);
                try (Producer<String, String> producer = connection.producer(new StringSerializer(), Duration.ZERO);
                        Consumer<String, String> consumer =
                                connection.reader(new StringDeserializer(), IsolationLevel.READ_UNCOMMITTED)) {
                    beatAndListen(admin, producer, consumer);
                }
            } catch (InterruptedException interrupted) {
                return;
            } catch (KafkaException | KafkaFailure failed) {
                pauseAfter(failed);
            }
        }
    }

    private void pauseAfter(RuntimeException failed) {
        if (!refused) {
            log.warn(
                    "Instances cannot watch over one another: {} Until they can, calls of one that was killed wait for its session"
                            + " to time out.",
                    failed.getMessage());
        }
        refused = true;
        tried.countDown();
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE_AFTER_FAILURE.toNanos());
        } catch (InterruptedException interrupted) {
            closed = true;
        }
    }

    private void createTopic(Admin admin) throws InterruptedException {
        NewTopic topic = new NewTopic(beats.topic(), Optional.of(1), Optional.empty())
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        Long.toString(RETENTION.toMillis()),
                        TopicConfig.SEGMENT_MS_CONFIG,
                        Long.toString(RETENTION.toMillis() / 6)));
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException failed) {
            if (!(failed.getCause() instanceof TopicExistsException)) {
                throw KafkaFailure.of(failed, connection);
            }
        }
    }

    private void beatAndListen(Admin admin, Producer<String, String> producer, Consumer<String, String> consumer)
            throws InterruptedException {
        consumer.assign(List.of(beats));
        long end = consumer.endOffsets(List.of(beats)).getOrDefault(beats, 0L);
        long beginning = consumer.beginningOffsets(List.of(beats)).getOrDefault(beats, 0L);
        consumer.seek(beats, Math.max(beginning, end - BEATS_READ_FIRST));
        Instant due = clock.instant();
        Future<?> sent = null;
        while (!closed) {
            // One at a time: beats that pile up while Kafka is away would say that others have missed as many.
            if ((sent == null || sent.isDone()) && !clock.instant().isBefore(due)) {
                due = clock.instant().plus(BEAT);
                sent = producer.send(new ProducerRecord<>(
                        beats.topic(), 0, instance, clients.beat(instance).toText()));
            }
            for (ConsumerRecord<String, String> record : consumer.poll(LOOK)) {
                heard(admin, record.key(), record.value());
            }
        }
        Future<?> farewell = producer.send(new ProducerRecord<>(beats.topic(), 0, instance, null));
        try {
            farewell.get(BEAT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException unheard) {
            log.debug("The others were not told that this instance has left", unheard);
        }
    }

    @SuppressWarnings("NullAway") // a record's value may be null: that is a farewell
    private void heard(Admin admin, String who, String value) throws InterruptedException {
        if (value == null) {
            peers.left(who);
            return;
        }
        if (who.equals(instance)) {
            heardOurselves = clock.instant();
            refused = false;
            tried.countDown();
        }
        for (Beat dead : peers.heard(Beat.fromText(who, value))) {
            remove(admin, dead);
        }
    }

    private void remove(Admin admin, Beat dead) throws InterruptedException {
        log.warn("Instance {} is silent; the others take over its calls", dead.instance());
        KafkaFuture<Void> fenced = admin.fenceProducers(dead.transactions()).all();
        removeMembers(admin, dead.members());
        try {
            fenced.get();
        } catch (ExecutionException failed) {
            log.warn(
                    "Transactions of instance {} stay open until they time out: {}",
                    dead.instance(),
                    KafkaFailure.of(failed, connection).getMessage());
        }
    }

    private void removeMembers(Admin admin, Set<String> members) throws InterruptedException {
        // Each by itself: that one has been removed by somebody else is no reason to leave the others in.
        for (String member : members) {
            RemoveMembersFromConsumerGroupOptions one =
                    new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove(member)));
            try {
                admin.removeMembersFromConsumerGroup(group, one).all().get();
            } catch (ExecutionException failed) {
                if (!hasCause(failed, UnknownMemberIdException.class)) {
                    log.warn(
                            "The group keeps {} until its session times out: {}",
                            member,
                            KafkaFailure.of(failed, connection).getMessage());
                }
            }
        }
    }

    private static boolean hasCause(Throwable failed, Class<? extends Throwable> kind) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }
}
