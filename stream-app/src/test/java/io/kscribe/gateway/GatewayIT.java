package io.kscribe.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.kscribe.audio.SampleEncoding;
import io.kscribe.broker.InProcessBroker;
import io.kscribe.schema.AudioChunk;
import io.kscribe.schema.AudioEncoding;
import io.kscribe.schema.Role;
import io.kscribe.stream.ServiceBench;
import io.kscribe.web.ApiKeys;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Calls over real sockets onto a real Kafka. */
class GatewayIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String PLAIN = "/v1/audio";

    private static InProcessBroker broker;

    @TempDir
    private Path directory;

    private ServiceBench topics;

    @BeforeAll
    static void startBroker() {
        broker = InProcessBroker.start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void createTopics(TestInfo test) throws Exception {
        topics = new ServiceBench(
                broker.bootstrapServers(), test.getTestMethod().orElseThrow().getName() + UUID.randomUUID());
    }

    @AfterEach
    void closeClients() {
        topics.close();
    }

    @Test
    void shouldBringBothChannelsOfAPlainCallToKafkaAndSaySo() throws Exception {
        byte[] agent = CallAudio.apollo(SampleEncoding.MULAW, 8000);
        byte[] customer = CallAudio.kennedy(SampleEncoding.MULAW, 8000);
        try (GatewayBench bench = new GatewayBench(topics, GatewaySettings.standard());
                TestSocket socket = TestSocket.open(bench.uri(PLAIN))) {
            socket.send("{\"type\":\"start\",\"call\":\"plain\",\"channels\":2,\"encoding\":\"mulaw\","
                    + "\"language\":\"en\",\"attributes\":{\"queue\":\"sales\"}}");
            assertThat(socket.await("started"))
                    .isEqualTo("{\"type\":\"started\",\"call\":\"plain\",\"channels\":2,\"position\":0}");
            // Pieces that fit neither a frame nor a chunk.
            for (byte[] piece : CallAudio.pieces(CallAudio.interleaved(agent, customer, 1), 333)) {
                socket.send(piece);
            }
            socket.send("{\"type\":\"stop\"}");
            assertThat(socket.await("stopped")).isEqualTo("{\"type\":\"stopped\",\"upTo\":11000}");
            assertThat(socket.awaitClosed()).isEqualTo(1000);

            assertThat(bench.audio("plain", 0)).isEqualTo(agent);
            assertThat(bench.audio("plain", 1)).isEqualTo(customer);
            List<AudioChunk> chunks = bench.chunks("plain", 0);
            assertThat(chunks).extracting(AudioChunk::getRole).containsOnly(Role.AGENT);
            assertThat(chunks).extracting(AudioChunk::getEncoding).containsOnly(AudioEncoding.MULAW);
            assertThat(chunks).extracting(AudioChunk::getLanguage).containsOnly("en");
            assertThat(chunks).extracting(AudioChunk::getAttributes).containsOnly(Map.of("queue", "sales"));
            assertThat(bench.chunks("plain", 1)).extracting(AudioChunk::getRole).containsOnly(Role.CUSTOMER);
            assertThat(chunks.get(chunks.size() - 1).getEndOfStream()).isTrue();
            assertThat(consecutive(chunks)).isTrue();
            assertThat(bench.total(GatewayMetrics.Count.UNDELIVERED_MILLIS)).isZero();
        }
    }

    @Test
    void shouldTakeTheShapesOfVonageAndFreeSwitch() throws Exception {
        byte[] audio = CallAudio.kennedy(SampleEncoding.PCM_S16LE, 16_000);
        try (GatewayBench bench = new GatewayBench(topics, GatewaySettings.standard());
                TestSocket vonage = TestSocket.open(bench.uri(PLAIN));
                TestSocket fork = TestSocket.open(bench.uri(PLAIN + "?call=fork&rate=8000&channels=2"))) {
            vonage.send("{\"event\":\"websocket:connected\",\"content-type\":\"audio/l16;rate=16000\","
                    + "\"conversation_uuid\":\"CON-1\"}");
            for (byte[] piece : CallAudio.pieces(audio, 640)) {
                vonage.send(piece);
            }
            fork.send(Arrays.copyOf(audio, 32_000));
            Awaitility.await().atMost(LIMIT).until(() -> bench.audio("CON-1", 0).length == audio.length);
            Awaitility.await().atMost(LIMIT).until(() -> bench.audio("fork", 1).length == 16_000);

            assertThat(bench.audio("CON-1", 0)).isEqualTo(audio);
            assertThat(bench.chunks("fork", 0).get(0).getSampleRate()).isEqualTo(8000);
            assertThat(vonage.hasReceived("") || fork.hasReceived("")).isFalse();
        }
    }

    @Test
    void shouldGoOnAtThePositionThatTheClientHasAnAckFor() throws Exception {
        byte[] audio = CallAudio.kennedy(SampleEncoding.MULAW, 8000);
        try (GatewayBench bench = new GatewayBench(topics, GatewaySettings.standard())) {
            try (TestSocket socket = TestSocket.open(bench.uri(PLAIN))) {
                socket.send("{\"type\":\"start\",\"call\":\"c\",\"encoding\":\"mulaw\",\"position\":0}");
                // Half a chunk more than is acknowledged.
                socket.send(Arrays.copyOf(audio, 8 * 2050));
                socket.await("\"upTo\":2000");
                socket.abort();
            }
            try (TestSocket socket = TestSocket.open(bench.uri(PLAIN))) {
                // Acknowledged up to 2000, but this client has heard of 1500 only.
                socket.send("{\"type\":\"start\",\"call\":\"c\",\"encoding\":\"mulaw\",\"position\":1500}");
                socket.send(Arrays.copyOfRange(audio, 8 * 1500, audio.length));
                socket.send("{\"type\":\"stop\"}");
                assertThat(socket.await("stopped")).contains("\"upTo\":11000");
            }
            List<AudioChunk> chunks = bench.chunks("c", 0);
            assertThat(chunks.get(0).getSequence()).isZero();
            // Repeated numbers have the same audio, so that the service knows them for repetitions.
            Map<Long, ByteBuffer> heard = new TreeMap<>();
            for (AudioChunk chunk : chunks) {
                ByteBuffer before = heard.put(chunk.getSequence(), chunk.getPayload());
                assertThat(before == null || before.equals(chunk.getPayload())).isTrue();
            }
            // The last says that the call has ended.
            assertThat(chunks).hasSize(20 + 95 + 1);
            assertThat(heard).hasSize(110 + 1);
        }
    }

    @Test
    void shouldNeverNumberBackwardsAlsoNotAfterARestart() throws Exception {
        byte[] second = Arrays.copyOf(CallAudio.kennedy(SampleEncoding.MULAW, 8000), 8040);
        for (int start = 1; start <= 2; start++) {
            try (GatewayBench bench = new GatewayBench(topics, GatewaySettings.standard())) {
                for (int connection = 1; connection <= 2; connection++) {
                    int chunks = 11 * (2 * (start - 1) + connection);
                    try (TestSocket socket = TestSocket.open(bench.uri(PLAIN))) {
                        socket.send("{\"call\":\"c\",\"encoding\":\"mulaw\"}").send(second);
                        Awaitility.await()
                                .atMost(LIMIT)
                                .until(() -> bench.chunks("c", 0).size() >= chunks - 1);
                        socket.abort();
                    }
                    Awaitility.await()
                            .atMost(LIMIT)
                            .until(() -> bench.chunks("c", 0).size() == chunks);
                }
            }
        }
        try (GatewayBench bench = new GatewayBench(topics, GatewaySettings.standard())) {
            List<Long> numbers =
                    bench.chunks("c", 0).stream().map(AudioChunk::getSequence).toList();
            assertThat(numbers).doesNotHaveDuplicates().hasSize(44);
            assertThat(bench.audio("c", 0)).hasSize(4 * second.length);
        }
    }

    @Test
    void shouldLetTheNewerConnectionHaveTheCall() throws Exception {
        try (GatewayBench bench = new GatewayBench(topics, GatewaySettings.standard());
                TestSocket older = TestSocket.open(bench.uri(PLAIN));
                TestSocket newer = TestSocket.open(bench.uri(PLAIN))) {
            older.send("{\"type\":\"start\",\"call\":\"c\"}").await("started");
            newer.send("{\"type\":\"start\",\"call\":\"c\"}").await("started");

            assertThat(older.await("error")).contains("\"reason\":\"replaced\"");
            assertThat(older.awaitClosed()).isEqualTo(4409);
            newer.send(new byte[3200]).await("\"upTo\":100");
        }
    }

    @Test
    void shouldBringATwilioStreamToKafka() throws Exception {
        byte[] inbound = CallAudio.kennedy(SampleEncoding.MULAW, 8000);
        byte[] outbound = CallAudio.apollo(SampleEncoding.MULAW, 8000);
        GatewayLimits limits = new GatewayLimits(10_000, 10_000, 1 << 20, 1 << 20, LIMIT, LIMIT, 1, 10);
        try (GatewayBench bench = new GatewayBench(topics, settings(limits, GatewaySecrets.none(), Optional.empty()));
                TestSocket socket = TestSocket.open(bench.uri("/v1/twilio"))) {
            for (String message : TwilioStream.of("CA1", inbound, outbound)) {
                socket.send(message);
            }
            assertThat(socket.awaitClosed()).isEqualTo(1000);

            assertThat(bench.audio("CA1", 0)).isEqualTo(inbound);
            assertThat(bench.audio("CA1", 1)).isEqualTo(outbound);
            assertThat(bench.chunks("CA1", 0)).extracting(AudioChunk::getRole).containsOnly(Role.CUSTOMER);
            assertThat(bench.chunks("CA1", 1)).extracting(AudioChunk::getRole).containsOnly(Role.AGENT);
            assertThat(bench.chunks("CA1", 0).get(0).getSequence())
                    .isEqualTo(bench.chunks("CA1", 1).get(0).getSequence());
        }
    }

    @Test
    void shouldLetTwilioInByItsSignature() throws Exception {
        GatewaySecrets secrets = new GatewaySecrets(Optional.of("token-of-the-account"), Map.of());
        try (GatewayBench bench =
                new GatewayBench(topics, settings(GatewayLimits.standard(), secrets, Optional.empty()))) {
            assertThatThrownBy(() -> TestSocket.open(bench.uri("/v1/twilio"))).hasStackTraceContaining("401");
            assertThatThrownBy(() -> TestSocket.open(bench.uri("/v1/twilio"), "X-Twilio-Signature", "AAAA"))
                    .hasStackTraceContaining("401");
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec("token-of-the-account".getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            String url = bench.uri("/v1/twilio").toString().replace("ws://", "wss://");
            String signature = Base64.getEncoder().encodeToString(mac.doFinal(url.getBytes(StandardCharsets.UTF_8)));
            TestSocket.open(bench.uri("/v1/twilio"), "X-Twilio-Signature", signature)
                    .close();
        }
    }

    @Test
    void shouldBringAnAudioSocketCallToKafka() throws Exception {
        byte[] audio = CallAudio.kennedy(SampleEncoding.PCM_S16LE, 16_000);
        UUID call = UUID.fromString("40325ec2-5efd-4bd3-805f-53576e581d13");
        try (GatewayBench bench = new GatewayBench(
                        topics, settings(GatewayLimits.standard(), GatewaySecrets.none(), localAudioSocket()));
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(),
                        bench.gateway().audioSocketPort().orElseThrow())) {
            socket.getOutputStream().write(AudioSocketFrames.id(call));
            for (byte[] piece : CallAudio.pieces(audio, 640)) {
                socket.getOutputStream().write(AudioSocketFrames.frame(0x12, piece));
            }
            socket.getOutputStream().write(AudioSocketFrames.frame(0x00, new byte[0]));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);

            assertThat(bench.audio(call.toString(), 0)).isEqualTo(audio);
            List<AudioChunk> chunks = bench.chunks(call.toString(), 0);
            assertThat(chunks).extracting(AudioChunk::getRole).containsOnly(Role.CUSTOMER);
            assertThat(chunks).extracting(AudioChunk::getSampleRate).containsOnly(16_000);
            assertThat(chunks.get(chunks.size() - 1).getEndOfStream()).isTrue();
        }
    }

    @Test
    void shouldLimitAudioSocketsAndSayWhatIsWrongInAnErrorFrame() throws Exception {
        GatewayLimits limits = new GatewayLimits(1000, 500, 1000, 1000, LIMIT, LIMIT, 1, 10);
        try (GatewayBench bench =
                        new GatewayBench(topics, settings(limits, GatewaySecrets.none(), localAudioSocket()));
                Socket first = new Socket(
                        InetAddress.getLoopbackAddress(),
                        bench.gateway().audioSocketPort().orElseThrow())) {
            first.getOutputStream().write(AudioSocketFrames.frame(0x10, new byte[2]));
            assertThat(first.getInputStream().readNBytes(4)).containsExactly(0xFF, 0, 1, 2);
            Awaitility.await().atMost(LIMIT).until(() -> bench.total(GatewayMetrics.Count.REFUSED) == 1);

            try (Socket second = new Socket(
                            InetAddress.getLoopbackAddress(),
                            bench.gateway().audioSocketPort().orElseThrow());
                    Socket third = new Socket(
                            InetAddress.getLoopbackAddress(),
                            bench.gateway().audioSocketPort().orElseThrow());
                    InputStream fromThird = third.getInputStream()) {
                second.setSoTimeout(300);
                assertThat(fromThird.read()).isEqualTo(-1);
                assertThatThrownBy(() -> second.getInputStream().read()).hasMessageContaining("timed out");
            }
        }
    }

    @Test
    void shouldTellTheClientWhatItDidWrong() throws Exception {
        try (GatewayBench bench = new GatewayBench(topics, GatewaySettings.standard())) {
            assertRefused(bench, "no JSON", "A text message is no JSON object.");
            assertRefused(
                    bench,
                    start("\"call\":\"" + "x".repeat(257) + "\""),
                    "The call's id has 257 characters; expected 1 to 256.");
            assertRefused(bench, start("\"call\":\"a\\nb\""), "The call's id has control characters.");
            assertRefused(bench, start("\"channels\":33"), "channels is '33'; expected a whole number from 1 to 32.");
            assertRefused(bench, start("\"rate\":3999"), "The sample rate is 3999 Hz; expected 4000 to 192000 Hz.");
            assertRefused(
                    bench, start("\"encoding\":\"opus\""), "encoding is 'opus'; expected mulaw, alaw, pcm16 or f32.");
            assertRefused(
                    bench, start("\"roles\":[\"boss\"]"), "A role is 'boss'; expected agent, customer or unknown.");
            assertRefused(
                    bench, start("\"position\":150"), "position is 150 ms; expected a multiple of 100, as in an ack.");
            assertRefused(
                    bench,
                    start("\"language\":\"klingon\""),
                    "The language is not known; expected a code such as en or de.");
            assertThat(bench.total(GatewayMetrics.Count.REFUSED)).isEqualTo(9);
        }
    }

    @Test
    void shouldLimitTheSizeOfMessagesAndTheirNumber() throws Exception {
        GatewayLimits limits = new GatewayLimits(1000, 20, 1_000_000, 1_000_000, LIMIT, LIMIT, 1, 10);
        try (GatewayBench bench = new GatewayBench(topics, settings(limits, GatewaySecrets.none(), Optional.empty()));
                TestSocket large = TestSocket.open(bench.uri(PLAIN));
                TestSocket many = TestSocket.open(bench.uri(PLAIN))) {
            large.send(start("\"call\":\"large\"")).send(new byte[1000]).send(new byte[1001]);
            assertThat(large.awaitClosed()).isEqualTo(1009);
            many.send(start("\"call\":\"many\""));
            for (int sent = 1; sent < 20; sent++) {
                many.send(new byte[320]);
            }
            // One at a time, so that nothing is on its way when the gateway closes the socket.
            for (int i = 0; i < 100 && !many.receivesSoon("error"); i++) {
                many.send(new byte[320]);
            }
            assertThat(many.await("error")).contains("More than 20 messages a second came.");
            assertThat(many.awaitClosed()).isEqualTo(1008);
        }
    }

    @Test
    void shouldCloseAConnectionOverWhichNothingComes() throws Exception {
        GatewayLimits limits = new GatewayLimits(1000, 20, 1000, 1000, LIMIT, Duration.ofMillis(300), 1, 10);
        try (GatewayBench bench =
                        new GatewayBench(topics, settings(limits, GatewaySecrets.none(), localAudioSocket()));
                TestSocket idle = TestSocket.open(bench.uri(PLAIN));
                Socket silent = new Socket(
                        InetAddress.getLoopbackAddress(),
                        bench.gateway().audioSocketPort().orElseThrow())) {
            assertThat(idle.awaitClosed()).isEqualTo(1001);
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void shouldKeepKeysOnlyWhereTheyAreWanted() throws Exception {
        GatewaySettings standard = GatewaySettings.standard();
        for (boolean keep : new boolean[] {false, true}) {
            GatewaySettings settings = new GatewaySettings(
                    standard.limits(),
                    Map.of(Protocol.PLAIN, List.of(Role.AGENT)),
                    keep,
                    standard.secrets(),
                    standard.publicUrl(),
                    standard.audioSocket());
            String call = "keys-" + keep;
            try (GatewayBench bench = new GatewayBench(topics, settings);
                    TestSocket socket = TestSocket.open(bench.uri(PLAIN))) {
                socket.send(start("\"call\":\"" + call + "\""))
                        .send(new byte[6400])
                        .send("{\"event\":\"websocket:dtmf\",\"digit\":\"5\",\"duration\":260}")
                        .send("{\"type\":\"dtmf\",\"digit\":\"#\"}")
                        .send(new byte[6400])
                        .send("{\"type\":\"stop\"}");
                socket.await("stopped");
                List<AudioChunk> chunks = bench.chunks(call, 0);
                assertThat(chunks).extracting(AudioChunk::getRole).containsOnly(Role.AGENT);
                assertThat(chunks.stream().map(AudioChunk::getAttributes).filter(some -> !some.isEmpty()))
                        .isEqualTo(keep ? List.of(Map.of("dtmf", "5#")) : List.of());
                assertThat(bench.total(GatewayMetrics.Count.KEYS)).isEqualTo(2);
            }
        }
    }

    /** A minute in a moment runs ahead of the clock, from which a gateway numbers calls that it does not remember. */
    @ParameterizedTest
    @CsvSource({"2, true", "1, false"})
    void shouldRememberAsManyCallsAsItMay(int remembered, boolean goesOn) throws Exception {
        GatewayLimits limits = new GatewayLimits(262_144, 2000, 1 << 20, 1 << 20, LIMIT, LIMIT, 1, remembered);
        String call = "remembered-" + remembered;
        try (GatewayBench bench = new GatewayBench(topics, settings(limits, GatewaySecrets.none(), Optional.empty()))) {
            for (String next : List.of(call, "other", call)) {
                try (TestSocket socket = TestSocket.open(bench.uri(PLAIN))) {
                    socket.send(start("\"call\":\"" + next + "\",\"encoding\":\"mulaw\""));
                    for (int i = 0; i < 2; i++) {
                        socket.send(new byte[30 * 8000]);
                    }
                    socket.await("\"upTo\":60000");
                    socket.send("{\"type\":\"stop\"}").await("stopped");
                }
            }
            List<Long> numbers =
                    bench.chunks(call, 0).stream().map(AudioChunk::getSequence).toList();
            assertThat(numbers).hasSize(2 * 601);
            assertThat(numbers.stream().distinct().count() == numbers.size()).isEqualTo(goesOn);
        }
    }

    @Test
    void shouldWriteNoSecretToTheLog() throws Exception {
        String key = "key-that-nobody-may-see";
        String token = "token-that-nobody-may-see";
        byte[] secret = "secret-that-nobody-may-see".getBytes(StandardCharsets.UTF_8);
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8)));
        Path keys = Files.writeString(directory.resolve("keys"), "desk " + hash);
        GatewaySecrets secrets = new GatewaySecrets(Optional.of(token), Map.of("hook", secret));
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Logger ours = (Logger) LoggerFactory.getLogger("io.kscribe");
        Level before = ours.getLevel();
        ours.setLevel(Level.TRACE);
        log.start();
        root.addAppender(log);
        try (GatewayBench bench = new GatewayBench(
                topics,
                topics.connection(),
                settings(GatewayLimits.standard(), secrets, Optional.empty()),
                ApiKeys.read(keys))) {
            try (TestSocket socket = TestSocket.open(bench.uri(PLAIN), "X-Api-Key", key)) {
                socket.send(start("\"call\":\"quiet\"")).await("started");
                socket.send(key);
                socket.awaitClosed();
            }
            new AudioHookClient(bench.uri("/v1/audiohook"), "hook", secret).close();
            for (String path : List.of(PLAIN, "/v1/twilio", "/v1/audiohook")) {
                assertThatThrownBy(() -> TestSocket.open(
                                bench.uri(path + "?key=" + key), "X-Api-Key", key + "x", "X-Twilio-Signature", token))
                        .hasStackTraceContaining("401");
            }
        } finally {
            root.detachAppender(log);
            ours.setLevel(before);
        }
        List<String> lines = log.list.stream()
                .map(event -> event.getFormattedMessage()
                        + (event.getThrowableProxy() == null
                                ? ""
                                : event.getThrowableProxy().getMessage()))
                .toList();
        assertThat(lines)
                .anyMatch(line -> line.startsWith("quiet: begins"))
                .noneMatch(line -> Stream.of(
                                key,
                                token,
                                new String(secret, StandardCharsets.UTF_8),
                                Base64.getEncoder().encodeToString(secret),
                                hash)
                        .anyMatch(line::contains));
    }

    private static void assertRefused(GatewayBench bench, String message, String sentence) throws Exception {
        try (TestSocket socket = TestSocket.open(bench.uri(PLAIN))) {
            socket.send(message);
            assertThat(socket.awaitClosed()).isEqualTo(1008);
            assertThat(socket.awaitReason()).isEqualTo(sentence);
        }
    }

    private static String start(String members) {
        return "{\"type\":\"start\"," + members + "}";
    }

    private static Optional<InetSocketAddress> localAudioSocket() {
        return Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    private static GatewaySettings settings(
            GatewayLimits limits, GatewaySecrets secrets, Optional<InetSocketAddress> audioSocket) {
        return new GatewaySettings(limits, Map.of(), false, secrets, Optional.empty(), audioSocket);
    }

    private static boolean consecutive(List<AudioChunk> chunks) {
        long first = chunks.get(0).getSequence();
        for (int i = 0; i < chunks.size(); i++) {
            if (chunks.get(i).getSequence() != first + i) {
                return false;
            }
        }
        return true;
    }
}
