package io.kscribe.stream;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptDeserializer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.awaitility.Awaitility;

/** What surrounds a service under test: topics of its own, somebody who publishes, somebody who reads. */
public final class ServiceBench implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String name;
    private final KafkaConnection connection;
    private final Topics topics;
    private final AudioChunkSerializer chunks = new AudioChunkSerializer();
    private final Producer<String, byte[]> producer;

    /** How many finals have been said of channels that are over. */
    private final Map<String, Long> finished = new ConcurrentHashMap<>();

    /** Creates the topics, each of one partition, so that all calls are neighbours. */
    public ServiceBench(String bootstrapServers, String name) throws InterruptedException {
        this.name = name;
        connection = KafkaConnection.to(bootstrapServers);
        topics = topics(name);
        try (TopicAdmin admin = new TopicAdmin(connection)) {
            admin.create(new TopicPlan(topics, 1, (short) 1));
        }
        producer = connection.producer(new ByteArraySerializer(), Duration.ZERO);
    }

    private static Topics topics(String name) {
        return new Topics(name + ".audio", name + ".partials", name, name + ".dlq");
    }

    public KafkaConnection connection() {
        return connection;
    }

    public Topics topics() {
        return topics;
    }

    public TranscriptionService service(Path directory) {
        return service(directory, ChannelListener.NONE);
    }

    /** An instance that tells somebody else first what has been said. */
    TranscriptionService service(Path directory, ChannelListener first) {
        ChannelListener listener = (callId, channel, finals) -> {
            first.finished(callId, channel, finals);
            finished.put(callId + "/" + channel, finals);
        };
        return start(connection, name, directory, listener);
    }

    /** An instance in a process of its own, which can be killed. */
    Process process(Path directory) throws Exception {
        ProcessBuilder java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        ServiceBench.class.getName(),
                        connection.bootstrapServers(),
                        name,
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        java.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return java.start();
    }

    public static void main(String[] args) throws InterruptedException {
        KafkaConnection connection = KafkaConnection.to(args[0]);
        start(connection, args[1], Path.of(args[2]), ChannelListener.NONE).awaitEnd();
    }

    private static TranscriptionService start(
            KafkaConnection connection, String name, Path directory, ChannelListener listener) {
        ServiceSettings settings = new ServiceSettings(
                name,
                directory,
                1,
                2,
                ServiceSettings.DEFAULT_COMMIT_INTERVAL,
                ServiceSettings.DEFAULT_TRANSACTION_TIMEOUT);
        return TranscriptionService.start(
                connection, topics(name), settings, StreamLimits.standard(), TinyModel.live(), listener);
    }

    /** Publishes chunks under their calls' ids. */
    void publish(List<AudioChunk> call) throws InterruptedException, ExecutionException {
        for (AudioChunk chunk : call) {
            publish(chunk.getCallId(), chunk);
        }
    }

    long publish(String key, AudioChunk chunk) throws InterruptedException, ExecutionException {
        return publish(key, Objects.requireNonNull(chunks.serialize(topics.audio(), chunk)));
    }

    /** Publishes anything; tells its offset. */
    long publish(String key, byte[] value) throws InterruptedException, ExecutionException {
        return producer.send(new ProducerRecord<>(topics.audio(), key, value))
                .get()
                .offset();
    }

    /** Publishes a record without a value. */
    void publishNothing(String key) throws InterruptedException, ExecutionException {
        producer.send(new ProducerRecord<>(topics.audio(), key, null)).get();
    }

    /** Waits until the service has committed that it has read everything. */
    void awaitCommitted() {
        TopicPartition partition = new TopicPartition(topics.audio(), 0);
        try (Admin admin = connection.admin()) {
            Awaitility.await()
                    .atMost(LIMIT)
                    .until(() -> committed(admin, partition)
                            == admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                                    .partitionResult(partition)
                                    .get()
                                    .offset());
        }
    }

    private long committed(Admin admin, TopicPartition partition) throws InterruptedException, ExecutionException {
        OffsetAndMetadata committed = admin.listConsumerGroupOffsets(name)
                .partitionsToOffsetAndMetadata()
                .get()
                .get(partition);
        return committed == null ? 0 : committed.offset();
    }

    /** Waits until a service that {@link #service} started has said everything of a channel, and what it said is committed. */
    public void awaitFinished(String callId, int channel) {
        String key = callId + "/" + channel;
        Awaitility.await().atMost(LIMIT).until(() -> finished.containsKey(key));
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> committedFinals(callId, channel) >= finished.getOrDefault(key, 0L));
    }

    private long committedFinals(String callId, int channel) {
        return finals(callId).stream()
                .filter(transcript -> transcript.getChannel() == channel)
                .count();
    }

    /** Waits until a partial has come of a channel's audio up to at least so many milliseconds. */
    void awaitPartial(String callId, long endMillis) {
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> partials(callId).stream().anyMatch(partial -> partial.getEndMillis() >= endMillis));
    }

    /** All finals that have been committed. */
    public List<Transcript> finals(String callId) {
        return read(topics.transcripts(), new TranscriptDeserializer()).stream()
                .map(ConsumerRecord::value)
                .filter(transcript -> transcript.getCallId().equals(callId))
                .toList();
    }

    public List<Transcript> partials(String callId) {
        return read(topics.partials(), new TranscriptDeserializer()).stream()
                .map(ConsumerRecord::value)
                .filter(transcript -> transcript.getCallId().equals(callId))
                .toList();
    }

    public List<ConsumerRecord<String, byte[]>> deadLetters() {
        return read(topics.deadLetters(), new ByteArrayDeserializer());
    }

    /** Everything that is committed on a topic at this moment. */
    public <V> List<ConsumerRecord<String, V>> read(String topic, Deserializer<V> values) {
        List<ConsumerRecord<String, V>> read = new ArrayList<>();
        try (Consumer<String, V> consumer = connection.reader(values, IsolationLevel.READ_COMMITTED)) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(read::add);
            }
        }
        return read;
    }

    @Override
    public void close() {
        producer.close();
    }
}
