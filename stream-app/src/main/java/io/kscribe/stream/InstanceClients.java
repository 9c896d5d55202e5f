package io.kscribe.stream;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;
import org.jspecify.annotations.Nullable;

/** Makes Kafka Streams' clients, and remembers what Kafka knows them by. Thread-safe. */
final class InstanceClients extends DefaultKafkaClientSupplier {
    /** What is not answered, or not asked for any more, within this time is asked again. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    /** Where a partition ends, as it was asked at a time. */
    private record End(KafkaFuture<ListOffsetsResultInfo> offset, long askedNanos) {
        private static End ask(Admin admin, TopicPartition partition) {
            return new End(
                    admin.listOffsets(
                                    Map.of(partition, OffsetSpec.latest()),
                                    new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                            .partitionResult(partition),
                    System.nanoTime());
        }

        private boolean isOld() {
            return System.nanoTime() - askedNanos > ANSWER.toNanos();
        }

        private long get() {
            try {
                return offset.get().offset();
            } catch (ExecutionException | InterruptedException impossible) {
                throw new IllegalStateException("asked for a result before it was there", impossible);
            }
        }
    }

    /** The static members of the group, by the names of their consumers, which begin with their threads'. */
    private final Map<String, String> members = new ConcurrentHashMap<>();

    private final Set<String> transactions = ConcurrentHashMap.newKeySet();

    /** By their names, too. */
    private final Map<String, Consumer<byte[], byte[]>> consumers = new ConcurrentHashMap<>();

    /** Where partitions end, as far as that has been asked. */
    private final Map<TopicPartition, End> ends = new ConcurrentHashMap<>();

    private volatile @Nullable Admin admin;

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        Admin made = super.getAdmin(config);
        admin = made;
        return made;
    }

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        String name = String.valueOf(config.get(CommonClientConfigs.CLIENT_ID_CONFIG));
        Object member = config.get(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        if (member != null) {
            members.put(name, member.toString());
        }
        Consumer<byte[], byte[]> consumer = super.getConsumer(config);
        consumers.put(name, consumer);
        return consumer;
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        Object transaction = config.get(ProducerConfig.TRANSACTIONAL_ID_CONFIG);
        if (transaction != null) {
            transactions.add(transaction.toString());
        }
        return super.getProducer(config);
    }

    /** The beat of the instance as it is now. */
    Beat beat(String instance) {
        return new Beat(instance, Set.copyOf(members.values()), transactions);
    }

    /**
     * Whether everything of a partition that Kafka has was read by this stream thread. The consumer alone cannot tell: it does not ask about a
     * partition as long as it has records of others to hand out. So Kafka is asked, and until it has answered, the answer is no.
     *
     * @param next the offset after the last record that was processed
     */
    boolean isRead(TopicPartition partition, long next) {
        Consumer<byte[], byte[]> consumer = consumers.get(Thread.currentThread().getName() + "-consumer");
        Admin asked = admin;
        if (asked == null || consumer == null || !consumer.assignment().contains(partition)) {
            return false;
        }
        End end = ends.get(partition);
        if (end == null || end.isOld()) {
            ends.put(partition, End.ask(asked, partition));
            return false;
        }
        if (!end.offset().isDone()) {
            return false;
        }
        ends.remove(partition);
        if (end.offset().isCompletedExceptionally()
                || consumer.currentLag(partition).isEmpty()) {
            return false;
        }
        long position = consumer.position(partition);
        return position >= end.get() && position <= next;
    }

    /** Forgets the member that a stream thread was; tells who that was. */
    Set<String> remove(String thread) {
        Set<String> removed = ConcurrentHashMap.newKeySet();
        consumers.keySet().removeIf(consumer -> consumer.startsWith(thread + "-"));
        members.forEach((consumer, member) -> {
            if (consumer.startsWith(thread + "-") && members.remove(consumer, member)) {
                removed.add(member);
            }
        });
        return removed;
    }
}
