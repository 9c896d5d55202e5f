package io.kscribe.stream;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/** Makes Kafka Streams' clients, and remembers what Kafka knows them by. Thread-safe. */
final class InstanceClients extends DefaultKafkaClientSupplier {
    /** The static members of the group, by the names of their consumers, which begin with their threads'. */
    private final Map<String, String> members = new ConcurrentHashMap<>();

    private final Set<String> transactions = ConcurrentHashMap.newKeySet();

    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        Object member = config.get(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
        if (member != null) {
            members.put(String.valueOf(config.get(CommonClientConfigs.CLIENT_ID_CONFIG)), member.toString());
        }
        return super.getConsumer(config);
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

    /** Forgets the member that a stream thread was; tells who that was. */
    Set<String> remove(String thread) {
        Set<String> removed = ConcurrentHashMap.newKeySet();
        members.forEach((consumer, member) -> {
            if (consumer.startsWith(thread + "-") && members.remove(consumer, member)) {
                removed.add(member);
            }
        });
        return removed;
    }
}
