package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.broker.InProcessBroker;
import io.kscribe.schema.Transcript;
import io.kscribe.schema.TranscriptSerializer;
import io.kscribe.schema.TranscriptStatus;
import io.kscribe.stream.TranscriptTail.Start;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class TranscriptTailIT {

    private static InProcessBroker broker;
    private static KafkaConnection connection;

    private Topics topics;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.start();
        connection = KafkaConnection.to(broker.bootstrapServers());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void createTopics(TestInfo test) throws Exception {
        String name = test.getTestMethod().orElseThrow().getName();
        topics = new Topics(name + ".audio", name + ".partials", name, name + ".dlq");
        try (TopicAdmin admin = new TopicAdmin(connection)) {
            admin.create(new TopicPlan(topics, 2, (short) 1));
        }
    }

    @Test
    void shouldDeliverWhatComesAfterItWasOpened() throws Exception {
        send(topics.transcripts(), transcript(0, 1, TranscriptStatus.FINAL));
        try (TranscriptTail tail = tail(Start.NOW)) {
            send(topics.partials(), transcript(1, 0, TranscriptStatus.PARTIAL));
            send(topics.partials(), transcript(1, 1, TranscriptStatus.PARTIAL));

            assertThat(read(tail, 2)).containsExactly("1/0 PARTIAL", "1/1 PARTIAL");

            send(topics.transcripts(), transcript(1, 2, TranscriptStatus.FINAL));
            assertThat(read(tail, 1)).containsExactly("1/2 FINAL");
        }
    }

    @Test
    void shouldDeliverWhatKafkaHasKept() throws Exception {
        send(topics.transcripts(), transcript(0, 1, TranscriptStatus.FINAL));
        send(topics.transcripts(), transcript(1, 1, TranscriptStatus.FINAL));

        try (TranscriptTail tail = tail(Start.BEGINNING)) {
            assertThat(read(tail, 2)).containsExactly("0/1 FINAL", "1/1 FINAL");
        }
    }

    @Test
    void shouldDeliverWhatKafkaWasGivenSinceATime() throws Exception {
        send(topics.transcripts(), transcript(0, 1, TranscriptStatus.FINAL));
        Thread.sleep(2);
        Instant since = Instant.now();
        send(topics.transcripts(), transcript(1, 1, TranscriptStatus.FINAL));

        try (TranscriptTail tail = tail(new Start(since))) {
            send(topics.transcripts(), transcript(2, 1, TranscriptStatus.FINAL));

            assertThat(read(tail, 2)).containsExactly("1/1 FINAL", "2/1 FINAL");
        }
    }

    @Test
    void shouldDropPartialsThatTheirFinalHasOvertaken() throws Exception {
        try (TranscriptTail tail = tail(Start.NOW)) {
            send(topics.transcripts(), transcript(0, 2, TranscriptStatus.FINAL));
            assertThat(read(tail, 1)).containsExactly("0/2 FINAL");

            send(topics.partials(), transcript(0, 1, TranscriptStatus.PARTIAL));
            send(topics.partials(), transcript(1, 0, TranscriptStatus.PARTIAL));
            assertThat(read(tail, 1)).containsExactly("1/0 PARTIAL");
        }
    }

    @Test
    void shouldDeliverNoFinalThatWasTakenBack() throws Exception {
        try (TranscriptTail tail = tail(Start.NOW);
                Producer<String, Transcript> producer = transactional()) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record(transcript(0, 1, TranscriptStatus.FINAL))).get();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(record(transcript(0, 2, TranscriptStatus.FINAL))).get();
            producer.commitTransaction();

            assertThat(read(tail, 1)).containsExactly("0/2 FINAL");
        }
    }

    @Test
    void shouldSkipWhatIsNoTranscript() throws Exception {
        try (TranscriptTail tail = tail(Start.NOW);
                Producer<String, byte[]> producer = connection.producer(new ByteArraySerializer(), Duration.ZERO)) {
            producer.send(new ProducerRecord<>(topics.transcripts(), 0, "c1", new byte[] {1, 2, 3}))
                    .get();
            producer.send(new ProducerRecord<>(topics.transcripts(), 0, "c1", null))
                    .get();
            byte[] readable = new TranscriptSerializer()
                    .serialize(topics.transcripts(), transcript(0, 1, TranscriptStatus.FINAL));
            producer.send(new ProducerRecord<>(topics.transcripts(), 0, "c1", readable))
                    .get();

            assertThat(read(tail, 1)).containsExactly("0/1 FINAL");
        }
    }

    @Test
    void shouldSayWhichTopicIsMissing() {
        assertThatThrownBy(() -> new TranscriptTail(connection, topics.transcripts(), "nowhere", Start.NOW))
                .isInstanceOf(KafkaFailure.class)
                .hasMessageStartingWith("Topic nowhere does not exist on Kafka at " + broker.bootstrapServers())
                .hasMessageContaining("kscribe topics create");
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        KafkaConnection nobody = new KafkaConnection("127.0.0.1:1", Map.of(), Duration.ofMillis(300));

        assertThatThrownBy(() -> new TranscriptTail(nobody, "transcripts", null, Start.NOW))
                .isInstanceOf(KafkaFailure.class)
                .hasMessageStartingWith("No answer from Kafka at 127.0.0.1:1");
    }

    private TranscriptTail tail(Start start) {
        return new TranscriptTail(connection, topics.transcripts(), topics.partials(), start);
    }

    /** Reads on until there are so many. */
    private static List<String> read(TranscriptTail tail, int count) {
        List<String> read = new ArrayList<>();
        tail.follow(transcript -> {
            read.add(transcript.getSegmentId() + "/" + transcript.getRevision() + " " + transcript.getStatus());
            return read.size() < count;
        });
        return read;
    }

    private static void send(String topic, Transcript transcript) throws Exception {
        try (Producer<String, Transcript> producer = connection.producer(new TranscriptSerializer(), Duration.ZERO)) {
            producer.send(new ProducerRecord<>(topic, transcript.getCallId(), transcript))
                    .get();
        }
    }

    private ProducerRecord<String, Transcript> record(Transcript transcript) {
        return new ProducerRecord<>(topics.transcripts(), transcript.getCallId(), transcript);
    }

    private static Producer<String, Transcript> transactional() {
        Map<String, Object> config = connection.clientConfig();
        config.put("transactional.id", "test");
        return new KafkaProducer<>(config, new StringSerializer(), new TranscriptSerializer());
    }

    private static Transcript transcript(long segment, int revision, TranscriptStatus status) {
        return SampleTranscript.of("c1", 0, segment, revision, status);
    }
}
