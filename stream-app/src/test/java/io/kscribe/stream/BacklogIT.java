package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.broker.InProcessBroker;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptDeserializer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** While there is much to read on one partition, Kafka's consumer does not ask for more of the others; nobody there has fallen silent. */
class BacklogIT {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Topics TOPICS = new Topics("b.audio", "b.partials", "b.transcripts", "b.dlq");

    /** Far less than it takes to read the backlog, and more than it takes to publish it. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final int BACKLOG_CALLS = 20;

    @TempDir
    private Path directory;

    @Test
    void shouldNotEndAChannelWhoseAudioIsStillOnKafka() throws Exception {
        CountDownLatch finished = new CountDownLatch(BACKLOG_CALLS + 1);
        try (InProcessBroker broker = InProcessBroker.start()) {
            KafkaConnection connection = KafkaConnection.to(broker.bootstrapServers());
            try (TopicAdmin admin = new TopicAdmin(connection)) {
                admin.create(new TopicPlan(TOPICS, 2, (short) 1));
            }
            StreamLimits limits = StreamLimits.standard().with("channel-timeout", TIMEOUT);
            try (TranscriptionService service = TranscriptionService.start(
                            connection,
                            TOPICS,
                            ServiceSettings.standard(directory),
                            limits,
                            TinyModel.live(),
                            (callId, channel, finals) -> finished.countDown());
                    Producer<String, AudioChunk> producer =
                            connection.producer(new AudioChunkSerializer(), Duration.ZERO)) {
                assertThat(service.awaitRunning(LIMIT)).isTrue();
                List<AudioChunk> call = KennedyCall.chunks("slow");
                publish(producer, 0, call.subList(0, 25));
                for (int i = 0; i < BACKLOG_CALLS; i++) {
                    publish(producer, 1, KennedyCall.chunks("fast-" + i));
                }
                publish(producer, 0, call.subList(25, call.size()));
                producer.flush();
                assertThat(finished.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
            }
            List<Transcript> said = finals(connection);
            assertThat(said).allSatisfy(one -> assertThat(one.getFlags()).isEmpty());
            assertThat(KennedyCall.wordsIn(
                            said.stream().map(Transcript::getText).collect(Collectors.joining(" "))))
                    .isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is not published is not said either
    private static void publish(Producer<String, AudioChunk> producer, int partition, List<AudioChunk> chunks) {
        chunks.forEach(
                chunk -> producer.send(new ProducerRecord<>(TOPICS.audio(), partition, chunk.getCallId(), chunk)));
    }

    private static List<Transcript> finals(KafkaConnection connection) {
        List<Transcript> finals = new ArrayList<>();
        List<TopicPartition> partitions =
                List.of(new TopicPartition(TOPICS.transcripts(), 0), new TopicPartition(TOPICS.transcripts(), 1));
        try (Consumer<String, Transcript> consumer =
                connection.reader(new TranscriptDeserializer(), IsolationLevel.READ_COMMITTED)) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, Transcript> record : consumer.poll(Duration.ofMillis(100))) {
                    if (record.value().getCallId().equals("slow")) {
                        finals.add(record.value());
                    }
                }
            }
        }
        return finals;
    }
}
