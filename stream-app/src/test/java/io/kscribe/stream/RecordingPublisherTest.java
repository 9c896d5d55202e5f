package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.audio.AudioFile;
import io.kscribe.audio.AudioFileException;
import io.kscribe.audio.SampleEncoding;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Role;
import io.kscribe.stream.RecordingPublisher.Published;
import io.kscribe.stream.RecordingPublisher.Rate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class RecordingPublisherTest {

    private static final Instant STARTED = Instant.parse("2026-11-20T10:00:00Z");

    private final MockProducer<String, AudioChunk> producer =
            new MockProducer<>(true, null, new StringSerializer(), new AudioChunkSerializer());
    private final List<Duration> waits = new ArrayList<>();
    private Instant now = STARTED;
    private Duration stall = Duration.ZERO;

    @Test
    void shouldSendEveryChannelsSamplesInOrder() throws Exception {
        publish(Rate.MAX, Recordings.counting(8000, 2, 2000), pcm16("c1"));

        for (int channel = 0; channel < 2; channel++) {
            List<AudioChunk> chunks = chunks(channel);
            assertThat(chunks).extracting(AudioChunk::getSequence).containsExactly(0L, 1L, 2L);
            assertThat(chunks).extracting(AudioChunk::getEndOfStream).containsExactly(false, false, true);
            short[] samples = samples(chunks);
            assertThat(samples).hasSize(2000);
            for (int frame = 0; frame < samples.length; frame++) {
                assertThat(samples[frame]).isEqualTo(Recordings.value(frame, channel));
            }
        }
    }

    @Test
    void shouldSendChannelsSideBySideInTime() throws Exception {
        publish(Rate.MAX, Recordings.counting(8000, 2, 1600), pcm16("c1"));

        assertThat(chunks())
                .extracting(AudioChunk::getSequence, AudioChunk::getChannel)
                .map(Object::toString)
                .containsExactly("(0L, 0)", "(0L, 1)", "(1L, 0)", "(1L, 1)");
    }

    @Test
    void shouldSayEverythingThatTheContractAsksFor() throws Exception {
        CallOptions call = new CallOptions(
                "c1",
                SampleEncoding.ALAW,
                Duration.ofMillis(100),
                List.of(Role.CUSTOMER, Role.AGENT),
                "de",
                Map.of("queue", "sales"));

        Published published = publish(Rate.REALTIME, Recordings.counting(8000, 2, 800), call);

        AudioChunk expected = AudioChunk.newBuilder()
                .setCallId("c1")
                .setChannel(1)
                .setRole(Role.AGENT)
                .setSequence(0)
                .setCapturedAt(STARTED.plusMillis(100))
                .setEncoding(AudioEncoding.ALAW)
                .setSampleRate(8000)
                .setPayload(chunks().get(1).getPayload())
                .setEndOfStream(true)
                .setLanguage("de")
                .setAttributes(Map.of("queue", "sales"))
                .build();
        assertThat(chunks()).hasSize(2).last().isEqualTo(expected);
        assertThat(expected.getPayload().remaining()).isEqualTo(800);
        ProducerRecord<String, AudioChunk> record = producer.history().get(1);
        assertThat(record.topic()).isEqualTo("audio");
        assertThat(record.key()).isEqualTo("c1");
        assertThat(record.timestamp()).isEqualTo(STARTED.plusMillis(100).toEpochMilli());
        assertThat(published).isEqualTo(new Published("c1", 2, 2, Duration.ofMillis(100)));
    }

    @Test
    void shouldPaceItselfByTheAudio() throws Exception {
        publish(Rate.REALTIME, Recordings.counting(8000, 1, 2000), pcm16("c1"));

        assertThat(waits).containsExactly(Duration.ofMillis(100), Duration.ofMillis(100), Duration.ofMillis(50));
        assertThat(chunks())
                .extracting(AudioChunk::getCapturedAt)
                .containsExactly(STARTED.plusMillis(100), STARTED.plusMillis(200), STARTED.plusMillis(250));
    }

    @Test
    void shouldCatchUpAfterAStallAsATelephoneLineWould() throws Exception {
        stall = Duration.ofMillis(130);
        publish(Rate.REALTIME, Recordings.counting(8000, 1, 2400), pcm16("c1"));

        assertThat(waits).containsExactly(Duration.ofMillis(100), Duration.ofMillis(70));
        assertThat(chunks())
                .extracting(AudioChunk::getCapturedAt)
                .containsExactly(STARTED.plusMillis(100), STARTED.plusMillis(200), STARTED.plusMillis(300));
    }

    @Test
    void shouldNotWaitAtTheHighestRate() throws Exception {
        publish(Rate.MAX, Recordings.counting(8000, 1, 2400), pcm16("c1"));

        assertThat(waits).isEmpty();
        assertThat(chunks()).extracting(AudioChunk::getCapturedAt).containsOnly(STARTED);
    }

    @Test
    void shouldPublishTelephoneAudioAtTheTelephonesRate() throws Exception {
        Published published = publish(Rate.MAX, Recordings.counting(44_100, 1, 44_100), CallOptions.telephone("c1"));

        assertThat(chunks()).extracting(AudioChunk::getSampleRate).containsOnly(8000);
        assertThat(chunks()).extracting(AudioChunk::getEncoding).containsOnly(AudioEncoding.MULAW);
        assertThat(chunks())
                .extracting(chunk -> chunk.getPayload().remaining())
                .containsExactlyElementsOf(Collections.nCopies(10, 800));
        assertThat(published).isEqualTo(new Published("c1", 1, 10, Duration.ofSeconds(1)));
    }

    @Test
    void shouldEndTheCallWhenItIsStopped() throws Exception {
        RecordingPublisher publisher = publisher(Rate.MAX);
        publisher.stop();

        publisher.publish(open(Recordings.counting(8000, 1, 80_000)), pcm16("c1"));

        assertThat(chunks()).hasSize(1).first().satisfies(last -> {
            assertThat(last.getEndOfStream()).isTrue();
            assertThat(last.getPayload().remaining()).isZero();
        });
    }

    @Test
    void shouldSayThatKafkaDidNotTakeAChunk() {
        producer.sendException = new TimeoutException("Expiring 1 record(s)");

        assertThatThrownBy(() -> publish(Rate.MAX, Recordings.counting(8000, 1, 800), pcm16("c1")))
                .isInstanceOf(KafkaFailure.class)
                .hasMessageContaining("No answer from Kafka at test:1");
    }

    @Test
    void shouldHearOfAChunkThatIsLostOnTheWay() {
        try (MockProducer<String, AudioChunk> losing =
                new MockProducer<>(false, null, new StringSerializer(), new AudioChunkSerializer()) {
                    @Override
                    public synchronized void flush() {
                        errorNext(new TimeoutException("Expiring 1 record(s)"));
                    }
                }) {
            RecordingPublisher publisher = new RecordingPublisher(
                    losing, KafkaConnection.to("test:1"), "audio", Rate.MAX, () -> now, waits::add);

            assertThatThrownBy(() -> publisher.publish(open(Recordings.counting(8000, 1, 800)), pcm16("c1")))
                    .isInstanceOf(KafkaFailure.class)
                    .hasMessageContaining("No answer from Kafka at test:1");
        }
    }

    @Test
    void shouldSayWhatIsWrongWithTheRecording() {
        byte[] wav = Recordings.counting(8000, 1, 8000);
        byte[] cut = Arrays.copyOf(wav, wav.length / 2);

        assertThatThrownBy(() -> publish(Rate.MAX, cut, pcm16("c1"))).isInstanceOf(AudioFileException.class);
        assertThat(producer.history()).noneMatch(record -> record.value().getEndOfStream());
    }

    private Published publish(Rate rate, byte[] wav, CallOptions call) throws IOException, InterruptedException {
        return publisher(rate).publish(open(wav), call);
    }

    private RecordingPublisher publisher(Rate rate) {
        return new RecordingPublisher(producer, KafkaConnection.to("test:1"), "audio", rate, () -> now, time -> {
            waits.add(time);
            now = now.plus(time).plus(stall);
        });
    }

    private static AudioFile open(byte[] wav) throws AudioFileException {
        return AudioFile.open(new ByteArrayInputStream(wav), "test.wav");
    }

    private static CallOptions pcm16(String callId) {
        return new CallOptions(callId, SampleEncoding.PCM_S16LE, Duration.ofMillis(100), null, null, Map.of());
    }

    private List<AudioChunk> chunks() {
        return producer.history().stream().map(ProducerRecord::value).toList();
    }

    private List<AudioChunk> chunks(int channel) {
        return chunks().stream().filter(chunk -> chunk.getChannel() == channel).toList();
    }

    private static short[] samples(List<AudioChunk> chunks) {
        int bytes = chunks.stream()
                .mapToInt(chunk -> chunk.getPayload().remaining())
                .sum();
        ByteBuffer all = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        chunks.forEach(chunk -> all.put(chunk.getPayload().duplicate()));
        short[] samples = new short[bytes / 2];
        all.flip().asShortBuffer().get(samples);
        return samples;
    }
}
