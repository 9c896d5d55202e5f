package io.kscribe.console;

import io.javalin.config.JavalinConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.javalin.http.ServiceUnavailableResponse;
import io.javalin.websocket.WsConfig;
import io.kscribe.console.TranscriptHub.Snapshot;
import io.kscribe.console.WatchedCall.Kept;
import io.kscribe.format.RecordingFormat;
import io.kscribe.format.Transcribed;
import io.kscribe.format.TranscriptWriter;
import io.kscribe.web.Routes;
import jakarta.servlet.AsyncContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;

/** What the hub knows, over HTTP: the paths that {@code /v1/openapi.json} describes. */
final class TranscriptRoutes implements Routes {

    static final String STREAM = "/v1/transcripts";
    static final String SOCKET = "/v1/transcripts/live";
    static final String CALLS = "/v1/calls";
    static final String LEVELS = "/v1/calls/<id>/levels";
    static final String TRANSCRIPT = "/v1/calls/<id>/transcript";
    static final String CALL = "/v1/calls/<id>";

    static final String DESCRIPTION = "/v1/openapi.json";

    private static final String JSON = "application/json";

    /** Closes a WebSocket of one viewer too many: "try again later" (IANA's registry of close codes). */
    private static final int TRY_AGAIN_LATER = 1013;

    private static final String TOO_MANY = "Too many are watching; try again later.";

    /** A WebSocket's attribute with its viewer. */
    private static final String VIEWER = "kscribe.viewer";

    private final TranscriptHub hub;
    private final Delivery delivery;
    private final InstantSource clock;

    TranscriptRoutes(TranscriptHub hub, Delivery delivery, InstantSource clock) {
        this.hub = hub;
        this.delivery = delivery;
        this.clock = clock;
    }

    @Override
    public void addTo(JavalinConfig server) {
        server.routes
                .get(STREAM, this::stream)
                .ws(SOCKET, this::socket)
                .get(CALLS, this::calls)
                .get(LEVELS, this::levels)
                .get(TRANSCRIPT, this::transcript)
                .get(CALL, this::call)
                .get(DESCRIPTION, TranscriptRoutes::describe);
    }

    private static void describe(Context request) throws IOException {
        try (InputStream in = TranscriptRoutes.class.getResourceAsStream("openapi.json")) {
            if (in == null) {
                throw new IllegalStateException("openapi.json was not built into the program.");
            }
            request.contentType(JSON).result(in.readAllBytes());
        }
    }

    private void stream(Context request) throws IOException {
        String lastSeen = request.header("Last-Event-ID");
        Viewer viewer = hub.watch(
                        interest(request.queryParamMap()), lastSeen == null ? request.queryParam("after") : lastSeen)
                .orElseThrow(() -> new ServiceUnavailableResponse(TOO_MANY));
        request.contentType("text/event-stream;charset=utf-8");
        request.header("Cache-Control", "no-store");
        request.header("X-Accel-Buffering", "no"); // proxies that gather what they pass on
        AsyncContext line = request.req().startAsync();
        line.setTimeout(0);
        // Javalin has nothing to add: whoever hangs up, the line's end is between us and Jetty.
        request.future(CompletableFuture::new);
        OutputStream out = request.res().getOutputStream();
        delivery.begin(viewer, new EventStreamLine(out, hub::id, () -> hangUp(line)));
    }

    private static void hangUp(AsyncContext line) {
        try {
            line.complete();
        } catch (IllegalStateException alreadyOver) {
            // The other side was first.
            return;
        }
    }

    private void socket(WsConfig sockets) {
        sockets.onConnect(socket -> {
            Interest interest;
            try {
                interest = interest(socket.queryParamMap());
            } catch (BadRequestResponse wrong) {
                socket.closeSession(StatusCode.POLICY_VIOLATION, wrong.getMessage());
                return;
            }
            Optional<Viewer> viewer = hub.watch(interest, socket.queryParam("after"));
            if (viewer.isEmpty()) {
                socket.closeSession(TRY_AGAIN_LATER, TOO_MANY);
                return;
            }
            socket.attribute(VIEWER, viewer.get());
            delivery.begin(viewer.get(), new SocketLine(socket.session, hub::id));
        });
        sockets.onClose(socket -> {
            Viewer viewer = socket.attribute(VIEWER);
            if (viewer != null) {
                viewer.close();
            }
        });
    }

    private void calls(Context request) {
        Optional<Boolean> live = flag(request.queryParamMap(), "live");
        String text = Optional.ofNullable(request.queryParam("text")).orElse("").strip();
        EventId position = hub.position();
        List<Map<String, @Nullable Object>> calls = new ArrayList<>();
        for (Snapshot call : hub.calls()) {
            long matches = matches(call, text);
            if (live.orElse(call.live()) == call.live() && (text.isEmpty() || matches > 0)) {
                Map<String, @Nullable Object> summary = new LinkedHashMap<>(call.summary());
                if (!text.isEmpty()) {
                    summary.put("matches", matches);
                }
                calls.add(summary);
            }
        }
        Map<String, @Nullable Object> answer = answer(position);
        answer.put("calls", calls);
        json(request, ConsoleJson.of(answer));
    }

    private void call(Context request) {
        EventId position = hub.position();
        Snapshot call = known(request);
        String head = ConsoleJson.of(answer(position));
        json(
                request,
                head.substring(0, head.length() - 1) + ",\"call\":" + ConsoleJson.of(call.summary()) + ",\"segments\":"
                        + array(call.finals()) + ",\"partials\":" + array(call.partials()) + "}");
    }

    private void levels(Context request) {
        Map<String, @Nullable Object> answer = answer(hub.position());
        answer.put("channels", hub.levels(request.pathParam("id")).orElseThrow(() -> unknown(request)));
        json(request, ConsoleJson.of(answer));
    }

    private void transcript(Context request) {
        String format = Optional.ofNullable(request.queryParam("format")).orElse("text");
        Snapshot call = known(request);
        String type = switch (format) {
            case "text" -> "text/plain";
            case "srt" -> "application/x-subrip";
            case "vtt" -> "text/vtt";
            case "json" -> JSON;
            default ->
                throw new BadRequestResponse("There is no format '" + format + "'; expected text, srt, vtt or json.");
        };
        request.header("Cache-Control", "no-store");
        request.header(
                "Content-Disposition",
                "attachment; filename=\"" + call.callId().replaceAll("[^A-Za-z0-9._-]", "_") + "."
                        + (format.equals("text") ? "txt" : format) + "\"");
        request.contentType(type + ";charset=utf-8").result(written(call, format));
    }

    private static String written(Snapshot call, String format) {
        if (format.equals("json")) {
            return "{\"call\":" + ConsoleJson.of(call.summary()) + ",\"segments\":" + array(call.finals()) + "}";
        }
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        TranscriptWriter writer =
                RecordingFormat.valueOf(format.toUpperCase(Locale.ROOT)).open(call.callId(), out);
        Transcribed transcribed = SpokenCall.transcribed(
                call.finals().stream().map(Kept::transcript).toList());
        transcribed.segments().forEach(writer::said);
        writer.ended(transcribed, Duration.ZERO);
        out.flush();
        return text.toString();
    }

    private Snapshot known(Context request) {
        return hub.call(request.pathParam("id")).orElseThrow(() -> unknown(request));
    }

    private static NotFoundResponse unknown(Context request) {
        return new NotFoundResponse("No call '" + request.pathParam("id") + "' is known here, or it was long ago.");
    }

    private Map<String, @Nullable Object> answer(EventId position) {
        Map<String, @Nullable Object> answer = new LinkedHashMap<>();
        answer.put("id", position.toString());
        answer.put("now", clock.millis());
        return answer;
    }

    private static void json(Context request, String json) {
        request.header("Cache-Control", "no-store");
        request.contentType(JSON).result(json);
    }

    private static String array(List<Kept> kept) {
        return kept.stream().map(Kept::json).collect(Collectors.joining(",", "[", "]"));
    }

    /** How many finals have the text in them, upper and lower case alike. */
    private static long matches(Snapshot call, String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return text.isEmpty()
                ? 0
                : call.finals().stream()
                        .filter(kept -> kept.transcript()
                                .getText()
                                .toLowerCase(Locale.ROOT)
                                .contains(wanted))
                        .count();
    }

    private static Interest interest(Map<String, List<String>> query) {
        return new Interest(
                Set.copyOf(query.getOrDefault("call", List.of())),
                flag(query, "partials").orElse(true),
                Set.copyOf(query.getOrDefault("levels", List.of())));
    }

    private static Optional<Boolean> flag(Map<String, List<String>> query, String name) {
        List<String> values = query.getOrDefault(name, List.of());
        if (values.isEmpty()) {
            return Optional.empty();
        }
        return switch (values.get(0)) {
            case "true" -> Optional.of(true);
            case "false" -> Optional.of(false);
            default -> throw new BadRequestResponse(name + " is '" + values.get(0) + "'; expected true or false.");
        };
    }
}
