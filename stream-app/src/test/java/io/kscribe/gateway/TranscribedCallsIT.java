package io.kscribe.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.kscribe.audio.SampleEncoding;
import io.kscribe.broker.InProcessBroker;
import io.kscribe.schema.Role;
import io.kscribe.schema.Transcript;
import io.kscribe.stream.KennedyCall;
import io.kscribe.stream.ServiceBench;
import io.kscribe.stream.TranscriptionService;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real recording through each protocol's door, over a real Kafka, through a real model: who says what. */
class TranscribedCallsIT {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final String KEY = "key-of-genesys";
    private static final byte[] SECRET = "secret-of-genesys".getBytes(StandardCharsets.UTF_8);

    @TempDir
    private static Path directory;

    private static InProcessBroker broker;
    private static ServiceBench topics;
    private static TranscriptionService service;
    private static GatewayBench bench;

    @BeforeAll
    static void open() throws Exception {
        broker = InProcessBroker.start();
        topics = new ServiceBench(broker.bootstrapServers(), "transcribed");
        service = topics.service(directory);
        assertThat(service.awaitRunning(START_LIMIT)).isTrue();
        GatewaySettings settings = new GatewaySettings(
                GatewayLimits.standard(),
                Map.of(),
                false,
                new GatewaySecrets(Optional.empty(), Map.of(KEY, SECRET)),
                Optional.empty(),
                Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        bench = new GatewayBench(topics, settings);
    }

    @AfterAll
    static void close() {
        bench.close();
        service.close();
        topics.close();
        broker.close();
    }

    @Test
    void shouldTranscribeAPlainCall() throws Exception {
        byte[] both = CallAudio.interleaved(
                CallAudio.apollo(SampleEncoding.PCM_S16LE, 16_000),
                CallAudio.kennedy(SampleEncoding.PCM_S16LE, 16_000),
                2);
        try (TestSocket socket = TestSocket.open(bench.uri("/v1/audio"))) {
            socket.send("{\"type\":\"start\",\"call\":\"plain\",\"channels\":2,\"language\":\"en\"}");
            for (byte[] piece : CallAudio.pieces(both, 1280)) {
                socket.send(piece);
            }
            socket.send("{\"type\":\"stop\"}").await("stopped");
        }
        assertTranscribed("plain", 1, 0);
    }

    @Test
    void shouldTranscribeATwilioStream() throws Exception {
        try (TestSocket socket = TestSocket.open(bench.uri("/v1/twilio"))) {
            for (String message : TwilioStream.of(
                    "CA7",
                    CallAudio.kennedy(SampleEncoding.MULAW, 8000),
                    CallAudio.apollo(SampleEncoding.MULAW, 8000))) {
                socket.send(message);
            }
            assertThat(socket.awaitClosed()).isEqualTo(1000);
        }
        assertTranscribed("CA7", 0, 1);
    }

    @Test
    void shouldTranscribeAnAudioHookSessionAndSendItBack() throws Exception {
        String call = UUID.randomUUID().toString();
        byte[] both = CallAudio.interleaved(
                CallAudio.kennedy(SampleEncoding.MULAW, 8000), CallAudio.apollo(SampleEncoding.MULAW, 8000), 1);
        try (AudioHookClient genesys = new AudioHookClient(bench.uri("/v1/audiohook"), KEY, SECRET)) {
            genesys.open(call);
            for (byte[] piece : CallAudio.pieces(both, 3200)) {
                genesys.send(piece);
            }
            JsonNode customer = genesys.hearFinal("external");
            genesys.say("ping", "{}");
            genesys.hear("pong");
            genesys.say("close", "{\"reason\":\"end\"}");
            genesys.hear("closed");

            JsonNode display = customer.at("/alternatives/0/interpretations/0");
            assertThat(KennedyCall.wordsIn(display.get("transcript").asText())).isGreaterThanOrEqualTo(2);
            assertThat(display.get("tokens")).isNotEmpty();
            assertThat(customer.get("offset").asText()).matches("PT\\d+\\.\\d{3}S");
        }
        assertTranscribed(call, 0, 1);
        assertThatThrownBy(() -> new AudioHookClient(
                        bench.uri("/v1/audiohook"), KEY, "another".getBytes(StandardCharsets.UTF_8)))
                .hasStackTraceContaining("401");
        assertThatThrownBy(() -> new AudioHookClient(bench.uri("/v1/audiohook"), "another", SECRET))
                .hasStackTraceContaining("401");
    }

    @Test
    void shouldTranscribeAnAudioSocketCall() throws Exception {
        UUID call = UUID.randomUUID();
        try (Socket socket = new Socket(
                InetAddress.getLoopbackAddress(),
                bench.gateway().audioSocketPort().orElseThrow())) {
            socket.getOutputStream().write(AudioSocketFrames.id(call));
            for (byte[] piece : CallAudio.pieces(CallAudio.kennedy(SampleEncoding.PCM_S16LE, 8000), 320)) {
                socket.getOutputStream().write(AudioSocketFrames.frame(0x10, piece));
            }
            socket.getOutputStream().write(AudioSocketFrames.frame(0x00, new byte[0]));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        topics.awaitFinished(call.toString(), 0);
        assertCustomer(call.toString(), 0);
    }

    /** Kennedy is the customer of all calls, Apollo 13 the agent. */
    private static void assertTranscribed(String call, int customer, int agent) {
        topics.awaitFinished(call, customer);
        topics.awaitFinished(call, agent);
        assertCustomer(call, customer);
        List<Transcript> said = finals(call, agent);
        assertThat(said).extracting(Transcript::getRole).containsOnly(Role.AGENT);
        assertThat(text(said)).contains("say again");
    }

    private static void assertCustomer(String call, int channel) {
        List<Transcript> said = finals(call, channel);
        assertThat(said).extracting(Transcript::getRole).containsOnly(Role.CUSTOMER);
        assertThat(KennedyCall.wordsIn(text(said))).as("%s", said).isGreaterThanOrEqualTo(KennedyCall.LEAST_WORDS);
    }

    private static List<Transcript> finals(String call, int channel) {
        return topics.finals(call).stream()
                .filter(transcript -> transcript.getChannel() == channel)
                .toList();
    }

    private static String text(List<Transcript> finals) {
        return finals.stream().map(Transcript::getText).collect(Collectors.joining(" "));
    }
}
