package io.kscribe.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.kscribe.console.ScriptedCall.Turn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The read side as its clients see it. */
class TranscriptRoutesIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final List<Turn> TALK =
            List.of(new Turn(0, 500, "Good morning."), new Turn(1, 2500, "Fish & <chips>, please."));

    private final HttpClient client = HttpClient.newHttpClient();
    private Desk desk;
    private ScriptedCall call;

    @BeforeEach
    void open() throws Exception {
        desk = new Desk(limits(100), 0);
        call = new ScriptedCall("c/1", Instant.now().minusSeconds(10), Map.of("queue", "returns"), TALK);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void shouldStreamWhatHappens() throws Exception {
        try (EventStream stream = new EventStream("/v1/transcripts?levels=c/1")) {
            call.playTo(10_000, desk.hub());

            assertThat(stream.until("final").get("text").asText()).isEqualTo("Good morning.");
            assertThat(stream.until("levels").get("levels")).isNotEmpty();
            assertThat(stream.until("final").get("text").asText()).isEqualTo("Fish & <chips>, please.");
        }
    }

    @Test
    void shouldGoOnWhereAViewerLeft() throws Exception {
        call.playTo(2400, desk.hub());
        String id = json("/v1/calls").get("id").asText();
        call.playTo(10_000, desk.hub());

        try (EventStream stream = new EventStream("/v1/transcripts?partials=false", "Last-Event-ID", id)) {
            assertThat(stream.until("final").get("text").asText()).isEqualTo("Fish & <chips>, please.");
            String seen = stream.lastId;
            assertThat(seen).isNotEqualTo(id);
            call.end(desk.hub());
            try (EventStream again = new EventStream("/v1/transcripts?after=" + seen)) {
                assertThat(again.until("call").get("live").asBoolean()).isFalse();
                assertThat(again.names).containsOnly("call");
            }
        }
    }

    @Test
    void shouldTellOnlyOfTheCallsThatWereAskedFor() throws Exception {
        try (EventStream stream = new EventStream("/v1/transcripts?call=other&after=0")) {
            call.playTo(10_000, desk.hub());
            new ScriptedCall("other", Instant.now(), Map.of(), TALK).playTo(3000, desk.hub());

            assertThat(stream.until("final").get("callId").asText()).isEqualTo("other");
        }
    }

    @Test
    void shouldTellTheSameOverAWebSocket() throws Exception {
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        // From the beginning: the server may take the viewer in a moment after its client thinks so.
        WebSocket socket = socket("/v1/transcripts/live?partials=false&after=0", messages);
        call.playTo(10_000, desk.hub());

        JsonNode last;
        do {
            last = JSON.readTree(messages.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } while (!last.get("event").asText().equals("final"));

        assertThat(last.get("data").get("text").asText()).isEqualTo("Good morning.");
        assertThat(EventId.parse(last.get("id").asText())).isPresent();
        socket.abort();
    }

    @Test
    void shouldCloseAWebSocketThatAsksForWhatThereIsNot() throws Exception {
        BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        socket("/v1/transcripts/live?partials=perhaps", messages);

        assertThat(messages.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo("closed 1008 partials is 'perhaps'; expected true or false.");
    }

    @Test
    void shouldTurnAwayOneViewerTooMany() throws Exception {
        desk.close();
        desk = new Desk(limits(1), 0);
        try (EventStream first = new EventStream("/v1/transcripts")) {
            first.comment();
            assertThat(get("/v1/transcripts").statusCode()).isEqualTo(503); // as openapi.json says
            BlockingQueue<String> messages = new LinkedBlockingQueue<>();
            socket("/v1/transcripts/live", messages);
            assertThat(messages.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS)).startsWith("closed 1013 ");
        }
    }

    @Test
    void shouldSayGoodByeWhenTheServerStops() throws Exception {
        try (EventStream stream = new EventStream("/v1/transcripts")) {
            stream.comment();
            desk.hub().end("The server is stopping.");

            assertThat(stream.until("end").get("reason").asText()).isEqualTo("The server is stopping.");
            assertThat(stream.lines.readLine()).isEmpty();
            assertThat(stream.lines.readLine()).isNull();
        }
    }

    @Test
    void shouldListCalls() throws Exception {
        call.playTo(10_000, desk.hub());
        call.end(desk.hub());
        new ScriptedCall("c2", Instant.now(), Map.of(), List.of()).playTo(200, desk.hub());

        assertThat(json("/v1/calls").get("calls").findValuesAsText("callId")).containsExactly("c2", "c/1");
        assertThat(json("/v1/calls?live=true").get("calls").findValuesAsText("callId"))
                .containsExactly("c2");
        assertThat(json("/v1/calls?live=false").get("calls").findValuesAsText("callId"))
                .containsExactly("c/1");
        assertThat(json("/v1/calls?text=CHIPS").get("calls").findValuesAsText("matches"))
                .containsExactly("1");
        assertThat(json("/v1/calls?text=peas").get("calls")).isEmpty();
        assertThat(get("/v1/calls?live=yes").statusCode()).isEqualTo(400);
    }

    @Test
    void shouldGiveAFinishedCallToRead() throws Exception {
        call.playTo(10_000, desk.hub());
        call.end(desk.hub());

        JsonNode answer = json("/v1/calls/c/1");

        assertThat(answer.get("call").get("attributes").get("queue").asText()).isEqualTo("returns");
        assertThat(answer.get("segments").findValuesAsText("role")).containsExactly("AGENT", "CUSTOMER");
        assertThat(json("/v1/calls/c/1/levels").get("channels").get(1).get("levels"))
                .hasSizeGreaterThan(90);
        assertThat(get("/v1/calls/nobody").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldWriteACallInEveryForm() throws Exception {
        call.playTo(10_000, desk.hub());

        HttpResponse<String> text = get("/v1/calls/c/1/transcript");
        assertThat(text.body()).isEqualTo("agent: Good morning.\ncustomer: Fish & <chips>, please.\n");
        assertThat(text.headers().firstValue("Content-Disposition")).contains("attachment; filename=\"c_1.txt\"");
        assertThat(get("/v1/calls/c/1/transcript?format=srt").body())
                .startsWith("1\n00:00:00,500 --> 00:00:01,")
                .contains("\nagent: Good morning.\n");
        assertThat(get("/v1/calls/c/1/transcript?format=vtt").body())
                .startsWith("WEBVTT\n\n")
                .contains("<v customer>Fish &amp; &lt;chips&gt;, please.");
        assertThat(json("/v1/calls/c/1/transcript?format=json").get("segments")).hasSize(2);
        assertThat(get("/v1/calls/c/1/transcript?format=docx").statusCode()).isEqualTo(400);
    }

    @Test
    void shouldServeEveryFileOfThePageUnderAStrictPolicy() throws Exception {
        for (String file : Page.FILES) {
            HttpResponse<String> response = get(file.equals("index.html") ? "/" : "/console/" + file);
            assertThat(response.statusCode()).as(file).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Security-Policy"))
                    .hasValueSatisfying(policy -> assertThat(policy)
                            .startsWith("default-src 'none'; ")
                            .doesNotContain("unsafe", "data:", "*"));
            assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        }
        String tag = get("/").headers().firstValue("ETag").orElseThrow();
        HttpRequest again = HttpRequest.newBuilder(desk.at("/"))
                .header("If-None-Match", tag)
                .build();
        assertThat(client.send(again, BodyHandlers.ofString()).statusCode()).isEqualTo(304);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(desk.at(path)).timeout(PATIENCE).build(), BodyHandlers.ofString());
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private WebSocket socket(String path, BlockingQueue<String> messages) throws Exception {
        URI address = URI.create(desk.at(path).toString().replaceFirst("^http", "ws"));
        return client.newWebSocketBuilder()
                .buildAsync(address, new WebSocket.Listener() {
                    private final StringBuilder message = new StringBuilder();

                    @Override
                    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
                        message.append(data);
                        if (last) {
                            messages.add(message.toString());
                            message.setLength(0);
                        }
                        return WebSocket.Listener.super.onText(socket, data, last);
                    }

                    @Override
                    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                        messages.add("closed " + code + " " + reason);
                        return WebSocket.Listener.super.onClose(socket, code, reason);
                    }
                })
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static ConsoleLimits limits(int viewers) {
        ConsoleLimits usual = ConsoleLimits.standard();
        return new ConsoleLimits(
                usual.keptCalls(),
                usual.keptTime(),
                usual.keptBytes(),
                usual.keptLoudness(),
                usual.silentCall(),
                viewers,
                usual.viewerEvents(),
                usual.viewerHeartbeat());
    }

    /** A client of server-sent events. */
    private final class EventStream implements AutoCloseable {
        private final BufferedReader lines;
        private final List<String> names = new ArrayList<>();
        private String lastId = "";

        EventStream(String path, String... headers) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(desk.at(path));
            if (headers.length > 0) {
                request.headers(headers);
            }
            HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream;charset=utf-8");
            lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        /** Reads to the end of what says that the stream is there. */
        void comment() throws IOException {
            assertThat(lines.readLine()).isEqualTo("retry: 1000");
            assertThat(lines.readLine()).isEmpty();
        }

        /** Reads on to the next event of this name. */
        JsonNode until(String name) throws IOException {
            String event = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    lastId = line.substring(4);
                } else if (line.startsWith("event: ")) {
                    event = line.substring(7);
                    names.add(event);
                } else if (line.startsWith("data: ") && event.equals(name)) {
                    return JSON.readTree(line.substring(6));
                }
            }
            throw new AssertionError("The stream ended without another " + name + ".");
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
