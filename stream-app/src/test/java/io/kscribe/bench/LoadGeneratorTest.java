package io.kscribe.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkSerializer;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Role;
import io.kscribe.stream.KafkaConnection;
import io.kscribe.stream.KafkaFailure;
import io.kscribe.stream.SteadyClock.Sleeper;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/** What is sent, and when, by a clock that stands still while nobody waits. */
class LoadGeneratorTest {
    private static final Instant STARTED = Instant.parse("2026-11-20T10:00:00Z");
    private static final BenchSettings SETTINGS =
            new BenchSettings(5, 2, Duration.ofMillis(300), Duration.ofMillis(1500), 0.45, 1);
    private static final LoadPlan PLAN = LoadPlan.of(SETTINGS, Speakers.bank(400, 900), "run");

    private final MockProducer<String, AudioChunk> producer =
            new MockProducer<>(true, null, new StringSerializer(), new AudioChunkSerializer());
    private final List<Duration> sentLate = new ArrayList<>();
    private Instant now = STARTED;
    private int wakeUps;

    @Test
    void shouldSpeakTwoChannelsACallAndTheSurgeInTheMiddleThird() {
        assertThat(PLAN.channels())
                .extracting(channel -> channel.callId() + "/" + channel.channel() + " "
                        + channel.start().toMillis() + " to " + channel.end().toMillis())
                .containsExactly(
                        "run-0/0 0 to 1800",
                        "run-0/1 20 to 1820",
                        "run-1/0 40 to 1840",
                        "run-1/1 60 to 1860",
                        "run-2/0 80 to 1880",
                        "run-surge-0/0 800 to 1300",
                        "run-surge-0/1 850 to 1350");
        assertThat(PLAN.channels()).extracting(BenchChannel::script).doesNotHaveDuplicates();
    }

    @Test
    void shouldSendEachChannelsScriptAsChunksOfTheContract() throws Exception {
        LoadGenerator.Sent sent = speak();

        assertThat(sent.chunks()).isEqualTo(producer.history().size()).isEqualTo(5 * 18 + 2 * 5);
        assertThat(sent.bytes()).isEqualTo(sent.chunks() * 800);
        for (BenchChannel channel : PLAN.channels()) {
            List<AudioChunk> chunks = chunks(channel);
            ByteArrayOutputStream codes = new ByteArrayOutputStream();
            for (int i = 0; i < chunks.size(); i++) {
                AudioChunk chunk = chunks.get(i);
                assertThat(chunk.getSequence()).isEqualTo(i);
                assertThat(chunk.getCapturedAt())
                        .isEqualTo(STARTED.plus(channel.start()).plusMillis(100L * (i + 1)));
                assertThat(chunk.getEncoding()).isEqualTo(AudioEncoding.MULAW);
                assertThat(chunk.getSampleRate()).isEqualTo(8000);
                assertThat(chunk.getRole()).isEqualTo(channel.channel() == 0 ? Role.AGENT : Role.CUSTOMER);
                assertThat(chunk.getEndOfStream()).isEqualTo(i == chunks.size() - 1);
                codes.writeBytes(chunk.getPayload().array());
            }
            assertThat(codes.toByteArray())
                    .isEqualTo(channel.script().codes(0, (int) channel.script().samples()));
        }
    }

    @Test
    void shouldSendWithinATickOfTheCaptureAndNeverBefore() throws Exception {
        LoadGenerator.Sent sent = speak();

        assertThat(sentLate).allSatisfy(late -> assertThat(late).isBetween(Duration.ZERO, Duration.ofMillis(10)));
        assertThat(sent.latest()).isBetween(Duration.ZERO, Duration.ofMillis(10));
        assertThat(wakeUps).isLessThanOrEqualTo(200);
    }

    @Test
    void shouldCatchUpAfterAStallWithoutMovingTheCaptures() throws Exception {
        LoadGenerator generator = generator(wait -> {
            now = now.plus(wait);
            if (++wakeUps == 20) {
                now = now.plusMillis(700);
            }
        });
        LoadGenerator.Sent sent = generator.speak(PLAN, STARTED);

        assertThat(sent.latest()).isBetween(Duration.ofMillis(600), Duration.ofMillis(700));
        AudioChunk last = chunks(PLAN.channels().get(4)).get(17);
        assertThat(last.getCapturedAt()).isEqualTo(STARTED.plusMillis(1880));
        assertThat(now).isBefore(STARTED.plusMillis(1900));
    }

    @Test
    void shouldSayThatKafkaDoesNotTakeIt() {
        producer.sendException = new TimeoutException("no");

        assertThatThrownBy(this::speak).isInstanceOfAny(KafkaFailure.class, TimeoutException.class);
    }

    @Test
    void shouldStop() throws Exception {
        LoadGenerator[] generator = new LoadGenerator[1];
        generator[0] = generator(wait -> {
            now = now.plus(wait);
            generator[0].stop();
        });

        assertThat(generator[0].speak(PLAN, STARTED).chunks()).isLessThanOrEqualTo(2);
    }

    private LoadGenerator.Sent speak() throws InterruptedException {
        return generator(wait -> {
                    now = now.plus(wait);
                    wakeUps++;
                })
                .speak(PLAN, STARTED);
    }

    private LoadGenerator generator(Sleeper sleeper) {
        return new LoadGenerator(producer, KafkaConnection.to("nowhere:1"), "audio", this::now, sleeper);
    }

    private Instant now() {
        List<ProducerRecord<String, AudioChunk>> sent = producer.history();
        for (int i = sentLate.size(); i < sent.size(); i++) {
            sentLate.add(Duration.between(sent.get(i).value().getCapturedAt(), now));
        }
        return now;
    }

    private List<AudioChunk> chunks(BenchChannel channel) {
        return producer.history().stream()
                .map(ProducerRecord::value)
                .filter(chunk -> chunk.getCallId().equals(channel.callId()) && chunk.getChannel() == channel.channel())
                .toList();
    }
}
