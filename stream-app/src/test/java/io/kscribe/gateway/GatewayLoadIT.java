package io.kscribe.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.audio.SampleEncoding;
import io.kscribe.broker.EmbeddedBroker;
import io.kscribe.gateway.GatewayMetrics.Count;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioChunkDeserializer;
import io.kscribe.stream.ServiceBench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred calls at once, each at the pace at which people speak, 20 ms a message: ten thousand messages a second. */
class GatewayLoadIT {
    private static final int CALLS = 200;
    private static final int RATE_HZ = 8000;
    private static final int FRAME_MILLIS = 20;
    private static final int FRAME_BYTES = RATE_HZ * FRAME_MILLIS / 1000;
    private static final Duration LENGTH = Duration.ofSeconds(10);

    @TempDir
    private Path directory;

    @Test
    void shouldHoldTwoHundredSocketsAtThePaceOfSpeech(TestReporter reporter) throws Exception {
        byte[] audio =
                Arrays.copyOf(CallAudio.kennedy(SampleEncoding.MULAW, RATE_HZ), (int) LENGTH.toSeconds() * RATE_HZ);
        List<byte[]> frames = CallAudio.pieces(audio, FRAME_BYTES);
        List<TestSocket> calls = new ArrayList<>();
        long latestMillis = 0;
        try (EmbeddedBroker broker = EmbeddedBroker.start(directory);
                ServiceBench topics = new ServiceBench(broker.bootstrapServers(), "load");
                GatewayBench bench = new GatewayBench(topics, GatewaySettings.standard())) {
            for (int call = 0; call < CALLS; call++) {
                calls.add(TestSocket.open(bench.uri("/v1/audio")));
                calls.get(call).send("{\"type\":\"start\",\"call\":\"" + call + "\",\"encoding\":\"mulaw\"}");
                calls.get(call).await("started");
            }
            long begun = System.nanoTime();
            for (int frame = 0; frame < frames.size(); frame++) {
                long due = begun + TimeUnit.MILLISECONDS.toNanos((long) frame * FRAME_MILLIS);
                TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
                for (TestSocket call : calls) {
                    call.send(frames.get(frame));
                }
                latestMillis = Math.max(latestMillis, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - due));
            }
            for (TestSocket call : calls) {
                call.send("{\"type\":\"stop\"}");
            }
            for (TestSocket call : calls) {
                assertThat(call.await("stopped")).contains("\"upTo\":" + LENGTH.toMillis());
            }
            long behindMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) - LENGTH.toMillis();
            reporter.publishEntry(Map.of(
                    "last acknowledged after the last was due, ms", String.valueOf(behindMillis),
                    "most belated frame, ms", String.valueOf(latestMillis)));

            Map<String, Integer> bytes = new HashMap<>();
            for (ConsumerRecord<String, AudioChunk> chunk :
                    topics.read(topics.topics().audio(), new AudioChunkDeserializer())) {
                bytes.merge(chunk.key(), chunk.value().getPayload().remaining(), Integer::sum);
            }
            assertThat(bytes).hasSize(CALLS);
            assertThat(bytes.values()).containsOnly(audio.length);
            assertThat(bench.total(Count.UNDELIVERED_MILLIS)).isZero();
            assertThat(bench.total(Count.REFUSED)).isZero();
        } finally {
            calls.forEach(TestSocket::close);
        }
    }
}
