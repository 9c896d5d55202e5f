package io.kscribe.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.audio.SampleEncoding;
import io.kscribe.broker.EmbeddedBroker;
import io.kscribe.gateway.GatewayMetrics.Count;
import io.kscribe.schema.Transcript;
import io.kscribe.stream.KennedyCall;
import io.kscribe.stream.ServiceBench;
import io.kscribe.stream.TranscriptionService;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that goes away in the middle of a call. */
class BrokerAwayIT {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final Duration AWAY = Duration.ofSeconds(20);
    private static final Duration WAIT = Duration.ofMinutes(1);
    private static final int BYTES_A_SECOND = 8000;

    /** As platforms send it: 20 ms. */
    private static final int FRAME_BYTES = 160;

    private static final int FRAME_MILLIS = 20;

    @TempDir
    private Path directory;

    private EmbeddedBroker broker;
    private ServiceBench topics;

    @BeforeEach
    void start() throws Exception {
        broker = EmbeddedBroker.start(directory.resolve("kafka"));
        topics = new ServiceBench(broker.bootstrapServers(), "away");
    }

    @AfterEach
    void stop() {
        topics.close();
        broker.close();
    }

    @Test
    void shouldTranscribeEverySecondThatItAcknowledged() throws Exception {
        byte[] audio = kennedyThreeTimes();
        try (TranscriptionService service = topics.service(directory.resolve("state"));
                GatewayBench bench = new GatewayBench(topics, GatewaySettings.standard());
                TestSocket socket = TestSocket.open(bench.uri("/v1/audio"))) {
            assertThat(service.awaitRunning(START_LIMIT)).isTrue();
            socket.send("{\"type\":\"start\",\"call\":\"c\",\"encoding\":\"mulaw\",\"language\":\"en\"}");
            Thread outage = new Thread(this::outage);
            outage.start();
            long begun = System.nanoTime();
            int frame = 0;
            for (byte[] piece : CallAudio.pieces(audio, FRAME_BYTES)) {
                long due = begun + TimeUnit.MILLISECONDS.toNanos((long) FRAME_MILLIS * frame++);
                TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
                socket.send(piece);
            }
            outage.join();
            socket.send("{\"type\":\"stop\"}");
            assertThat(socket.await("stopped")).contains("\"upTo\":" + audio.length * 1000L / BYTES_A_SECOND);
            assertThat(bench.audio("c", 0)).isEqualTo(audio);
            assertThat(bench.total(Count.UNDELIVERED_MILLIS)).isZero();
            topics.awaitFinished("c", 0);

            // The same again with nothing in its way: finals depend on the audio alone.
            try (TestSocket again = TestSocket.open(bench.uri("/v1/audio"))) {
                again.send("{\"type\":\"start\",\"call\":\"d\",\"encoding\":\"mulaw\",\"language\":\"en\"}");
                for (byte[] piece : CallAudio.pieces(audio, FRAME_BYTES)) {
                    again.send(piece);
                }
                again.send("{\"type\":\"stop\"}").await("stopped");
            }
            topics.awaitFinished("d", 0);
        }
        assertThat(said("c")).isEqualTo(said("d"));
        assertThat(KennedyCall.wordsIn(said("c"))).isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
    }

    @Test
    void shouldSayWhatItCouldNotKeepOfACall() throws Exception {
        int fiveSeconds = 5 * BYTES_A_SECOND;
        try (GatewayBench bench = new GatewayBench(topics, settings(fiveSeconds, 1 << 20, WAIT));
                TestSocket socket = TestSocket.open(bench.uri("/v1/audio"))) {
            socket.send("{\"type\":\"start\",\"call\":\"c\",\"encoding\":\"mulaw\"}");
            socket.send(new byte[BYTES_A_SECOND]).await("\"upTo\":1000");
            broker.close();
            socket.send(new byte[fiveSeconds]);

            assertThat(socket.await("error"))
                    .contains("\"reason\":\"kafka\"")
                    .contains("no more can be kept")
                    .contains("\"upTo\":1000")
                    .containsPattern("\"undelivered\":[1-9]");
            assertThat(socket.awaitClosed()).isEqualTo(1013);
            assertThat(bench.total(Count.OVERFLOWS)).isEqualTo(1);
            assertThat(bench.total(Count.UNDELIVERED_MILLIS)).isPositive();
        }
    }

    @Test
    void shouldKeepNoMoreOfAllCallsThanItMay() throws Exception {
        int fiveSeconds = 5 * BYTES_A_SECOND;
        try (GatewayBench bench = new GatewayBench(topics, settings(1 << 20, fiveSeconds, WAIT));
                TestSocket first = TestSocket.open(bench.uri("/v1/audio"));
                TestSocket second = TestSocket.open(bench.uri("/v1/audio"))) {
            first.send("{\"type\":\"start\",\"call\":\"a\",\"encoding\":\"mulaw\"}")
                    .await("started");
            second.send("{\"type\":\"start\",\"call\":\"b\",\"encoding\":\"mulaw\"}")
                    .await("started");
            broker.close();
            // Answered when what came before it has been taken.
            first.send(new byte[3 * BYTES_A_SECOND]).send("{\"type\":\"ping\"}").await("pong");
            second.send(new byte[3 * BYTES_A_SECOND]);

            assertThat(second.await("error")).contains("no more can be kept");
            assertThat(second.awaitClosed()).isEqualTo(1013);
            assertThat(first.hasReceived("error")).isFalse();
        }
    }

    @Test
    void shouldSayThatKafkaTookTooLong() throws Exception {
        try (GatewayBench bench = new GatewayBench(topics, settings(1 << 20, 1 << 20, Duration.ofSeconds(2)));
                TestSocket socket = TestSocket.open(bench.uri("/v1/audio"))) {
            socket.send("{\"type\":\"start\",\"call\":\"c\",\"encoding\":\"mulaw\"}");
            socket.send(new byte[BYTES_A_SECOND]).await("\"upTo\":1000");
            broker.close();
            socket.send(new byte[BYTES_A_SECOND]);

            assertThat(socket.await("error"))
                    .contains("Kafka did not take audio in time.")
                    .contains("\"upTo\":1000");
            assertThat(socket.awaitClosed()).isEqualTo(1013);
            Awaitility.await().atMost(START_LIMIT).until(() -> bench.total(Count.UNDELIVERED_MILLIS) == 1000);
        }
    }

    private void outage() {
        try {
            TimeUnit.SECONDS.sleep(5);
            int port = Integer.parseInt(broker.bootstrapServers().replaceFirst(".*:", ""));
            broker.close();
            TimeUnit.MILLISECONDS.sleep(AWAY.toMillis());
            broker = EmbeddedBroker.start(directory.resolve("kafka"), port);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static GatewaySettings settings(int callBuffer, int gatewayBuffer, Duration deliveryWait) {
        GatewayLimits standard = GatewayLimits.standard();
        GatewayLimits limits = new GatewayLimits(
                standard.largestMessage(),
                standard.messagesPerSecond(),
                callBuffer,
                gatewayBuffer,
                deliveryWait,
                standard.callIdleTime(),
                standard.audioSockets(),
                standard.rememberedCalls());
        return new GatewaySettings(limits, Map.of(), false, GatewaySecrets.none(), Optional.empty(), Optional.empty());
    }

    private static byte[] kennedyThreeTimes() throws Exception {
        byte[] once = CallAudio.kennedy(SampleEncoding.MULAW, BYTES_A_SECOND);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            all.writeBytes(once);
        }
        return all.toByteArray();
    }

    private String said(String call) {
        List<Transcript> finals = topics.finals(call);
        return finals.stream()
                .map(transcript -> transcript.getStartMillis() + " " + transcript.getText())
                .collect(Collectors.joining("\n"));
    }
}
