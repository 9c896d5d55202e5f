package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.audio.AudioFile;
import io.kscribe.broker.InProcessBroker;
import io.kscribe.registry.ConfluentFormat;
import io.kscribe.registry.RegistryProcess;
import io.kscribe.registry.SchemaRegistry;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.Transcript;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service between producers and consumers who know a schema registry and nothing of kscribe. */
class RegistryFlowIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Topics TOPICS = Topics.standard();
    private static final int SINGLE_OBJECT_HEADER_BYTES = 10;

    @TempDir
    private static Path directory;

    private static final Queue<String> FINISHED = new ConcurrentLinkedQueue<>();
    private static InProcessBroker broker;
    private static RegistryProcess registry;
    private static KafkaConnection connection;
    private static TranscriptionService service;

    @BeforeAll
    static void start() throws Exception {
        registry = RegistryProcess.start();
        broker = InProcessBroker.start();
        connection = connection(registry.url());
        try (TopicAdmin admin = new TopicAdmin(connection)) {
            admin.create(new TopicPlan(TOPICS, 1, (short) 1));
        }
        service = TranscriptionService.start(
                connection,
                TOPICS,
                ServiceSettings.standard(directory),
                StreamLimits.standard(),
                TinyModel.live(),
                (callId, channel, finals) -> FINISHED.add(callId));
        assertThat(service.awaitRunning(LIMIT)).isTrue();
    }

    @AfterAll
    static void stop() {
        int failures = service.failures();
        service.close();
        broker.close();
        registry.close();
        assertThat(failures).isZero();
    }

    @Test
    void shouldTranscribeForThoseWhoKnowOnlyTheRegistry() throws Exception {
        int id = ConfluentFormat.register(registry, TOPICS.audio(), AudioChunk.getClassSchema());
        try (Producer<String, byte[]> producer = connection.producer(new ByteArraySerializer(), Duration.ZERO)) {
            for (AudioChunk chunk : KennedyCall.chunks("theirs")) {
                producer.send(new ProducerRecord<>(TOPICS.audio(), "theirs", ConfluentFormat.write(id, generic(chunk))))
                        .get();
            }
            producer.send(new ProducerRecord<>(TOPICS.audio(), "bad", new byte[] {0, 1, 2, 3, 4, 5}))
                    .get();
            producer.send(new ProducerRecord<>(TOPICS.audio(), "bad", new byte[] {0, 1, 2, 3, 4, 5}))
                    .get();
        }
        Awaitility.await().atMost(LIMIT).until(() -> FINISHED.contains("theirs"));

        List<GenericRecord> said = new ArrayList<>();
        Awaitility.await().atMost(LIMIT).until(() -> {
            said.clear();
            for (ConsumerRecord<String, byte[]> record : read(TOPICS.transcripts())) {
                if (record.key().equals("theirs")) {
                    said.add(ConfluentFormat.read(registry, record.value()));
                }
            }
            return said.size() >= 2;
        });
        assertThat(KennedyCall.wordsIn(
                        said.stream().map(one -> one.get("text").toString()).collect(Collectors.joining(" "))))
                .isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
        Awaitility.await().atMost(LIMIT).until(() -> read(TOPICS.deadLetters()).size() == 2);
        assertThat(read(TOPICS.deadLetters())).allSatisfy(letter -> {
            assertThat(letter.value()).containsExactly(0, 1, 2, 3, 4, 5);
            assertThat(new String(letter.headers().lastHeader(DeadLetters.FAULT).value(), StandardCharsets.UTF_8))
                    .isEqualTo("unreadable");
        });
    }

    @Test
    void shouldPublishAndFollowThroughTheRegistry() throws Exception {
        List<Transcript> said = new ArrayList<>();
        try (TranscriptTail tail = new TranscriptTail(
                        connection, TOPICS.transcripts(), TOPICS.partials(), TranscriptTail.Start.NOW);
                RecordingPublisher publisher =
                        RecordingPublisher.open(connection, TOPICS.audio(), RecordingPublisher.Rate.MAX);
                AudioFile recording = AudioFile.open(KennedyCall.file())) {
            publisher.publish(recording, CallOptions.telephone("ours"));
            tail.follow(transcript -> {
                said.add(transcript);
                return said.stream()
                                .filter(one -> one.getStatus().name().equals("FINAL"))
                                .count()
                        < 2;
            });
        }

        assertThat(said).extracting(Transcript::getCallId).containsOnly("ours");
        assertThat(read(TOPICS.audio()))
                .filteredOn(record -> "ours".equals(record.key()))
                .isNotEmpty()
                .allSatisfy(record -> assertThat(record.value()[0]).isZero());
    }

    @Test
    void shouldNotStartWithoutTheRegistryThatItWasTold() {
        KafkaConnection lonely = connection("http://127.0.0.1:1");

        assertThatThrownBy(() -> TranscriptionService.start(
                        lonely,
                        TOPICS,
                        ServiceSettings.standard(directory.resolve("lonely")),
                        StreamLimits.standard(),
                        TinyModel.live(),
                        ChannelListener.NONE))
                .isInstanceOf(KafkaFailure.class)
                .hasMessage("No answer from the schema registry at http://127.0.0.1:1/apis/registry/v3 about "
                        + "transcripts.partial.");
    }

    private static KafkaConnection connection(String registryUrl) {
        return new KafkaConnection(
                broker.bootstrapServers(),
                Map.of(SchemaRegistry.URL_SETTING, registryUrl),
                KafkaConnection.DEFAULT_TIMEOUT);
    }

    private static GenericRecord generic(AudioChunk chunk) throws Exception {
        Schema schema = AudioChunk.getClassSchema();
        byte[] bytes = Objects.requireNonNull(new AudioChunkSerializer().serialize("", chunk));
        return new GenericDatumReader<GenericRecord>(schema)
                .read(
                        null,
                        DecoderFactory.get()
                                .binaryDecoder(
                                        bytes,
                                        SINGLE_OBJECT_HEADER_BYTES,
                                        bytes.length - SINGLE_OBJECT_HEADER_BYTES,
                                        null));
    }

    private static List<ConsumerRecord<String, byte[]>> read(String topic) {
        List<ConsumerRecord<String, byte[]>> read = new ArrayList<>();
        try (Consumer<String, byte[]> consumer =
                connection.reader(new ByteArrayDeserializer(), IsolationLevel.READ_COMMITTED)) {
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
}
