package io.kscribe.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.networknt.schema.ValidationMessage;
import io.javalin.Javalin;
import io.kscribe.console.ScriptedCall.Turn;
import io.kscribe.schema.Transcript;
import io.kscribe.web.ApiKeys;
import io.kscribe.web.WebLimits;
import io.kscribe.web.WebSettings;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code /v1/openapi.json} says against what the server does. */
class OpenApiIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(VersionFlag.V202012);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static Desk desk;
    private static JsonNode description;

    @BeforeAll
    static void open() throws Exception {
        desk = new Desk(ConsoleLimits.standard(), 0);
        ScriptedCall call = new ScriptedCall(
                "c1",
                Instant.now().minusSeconds(10),
                Map.of("queue", "returns"),
                List.of(
                        new Turn(0, 500, "Good morning."),
                        new Turn(1, 2500, "Hello, is this the help desk, for parcels and letters?")));
        call.playTo(4000, desk.hub());
        new ScriptedCall("c2", Instant.now(), Map.of(), List.of()).playTo(100, desk.hub());
        description = JSON.readTree(get("/v1/openapi.json").body());
    }

    @AfterAll
    static void close() {
        desk.close();
    }

    @Test
    void shouldDescribeThePathsThatThereAreAndNoOthers() {
        Set<String> paths = new TreeSet<>();
        Javalin server = Javalin.create(
                config -> new TranscriptRoutes(desk.hub(), new Delivery(Duration.ofSeconds(1)), InstantSource.system())
                        .addTo(config));
        server.unsafe
                .internalRouter
                .allHttpHandlers()
                .forEach(handler ->
                        paths.add(handler.endpoint.path.replace('<', '{').replace('>', '}')));
        paths.add(TranscriptRoutes.SOCKET);

        assertThat(described()).containsExactlyElementsOf(paths);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/calls, /v1/calls",
        "/v1/calls, /v1/calls?text=morning",
        "/v1/calls/{id}, /v1/calls/c1",
        "/v1/calls/{id}, /v1/calls/c2",
        "/v1/calls/{id}/levels, /v1/calls/c1/levels",
        "/v1/calls/{id}/transcript, /v1/calls/c1/transcript?format=json",
        "/v1/openapi.json, /v1/openapi.json"
    })
    void shouldAnswerAsItIsDescribed(String path, String request) throws Exception {
        HttpResponse<String> response = get(request);
        assertThat(response.statusCode()).isEqualTo(200);

        JsonNode schema = description
                .path("paths")
                .path(path)
                .path("get")
                .path("responses")
                .path("200")
                .path("content")
                .path("application/json")
                .path("schema");
        assertThat(schema.isObject()).as(path + " has a schema").isTrue();
        assertThat(faults(schema, response.body())).isEmpty();
    }

    /** A schema that everything fits would make the test above worth nothing. */
    @Test
    void shouldNotDescribeWhatTheServerDoesNotSay() throws Exception {
        JsonNode schema = description.at("/components/schemas/Call");
        ObjectNode call = (ObjectNode) JSON.readTree(get("/v1/calls/c1").body()).get("call");

        assertThat(faults(schema, call.toString())).isEmpty();
        assertThat(faults(schema, call.deepCopy().put("surprise", 1).toString()))
                .isNotEmpty();
        assertThat(faults(schema, call.without("live").toString())).isNotEmpty();
    }

    @Test
    void shouldSendEventsAsTheyAreDescribed() throws Exception {
        Viewer viewer = desk.hub()
                .watch(new Interest(Set.of("c1"), true, Set.of("c1")), "0")
                .orElseThrow();
        Map<String, String> schemas =
                Map.of("call", "Call", "final", "Transcript", "partial", "Transcript", "levels", "Levels");
        Set<String> seen = new TreeSet<>();
        String told = description.at("/paths/~1v1~1transcripts/get/description").asText();
        for (Event next = viewer.next(Duration.ZERO); next != null; next = viewer.next(Duration.ZERO)) {
            String name = next.kind().toString();
            assertThat(told).contains(name);
            if (schemas.containsKey(name)) {
                seen.add(name);
                assertThat(faults(description.at("/components/schemas/" + schemas.get(name)), next.json()))
                        .isEmpty();
            }
        }
        assertThat(seen).isEqualTo(schemas.keySet());
        for (Event.Kind kind : Event.Kind.values()) {
            assertThat(told).contains(kind.toString());
        }
    }

    @Test
    void shouldDescribeTheFieldsOfTheAvroSchema() {
        List<String> fields = Transcript.getClassSchema().getFields().stream()
                .map(Schema.Field::name)
                .toList();

        assertThat(names(description.at("/components/schemas/Transcript/properties")))
                .containsExactlyElementsOf(fields);
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/calls, /v1/calls?live=perhaps, 400",
        "/v1/transcripts, /v1/transcripts?partials=perhaps, 400",
        "/v1/calls/{id}, /v1/calls/nobody, 404",
        "/v1/calls/{id}/levels, /v1/calls/nobody/levels, 404",
        "/v1/calls/{id}/transcript, /v1/calls/nobody/transcript, 404",
        "/v1/calls/{id}/transcript, /v1/calls/c1/transcript?format=docx, 400"
    })
    void shouldRefuseAsItIsDescribed(String path, String request, int status) throws Exception {
        assertThat(get(request).statusCode()).isEqualTo(status);
        assertThat(statuses(path)).contains(String.valueOf(status));
    }

    @Test
    void shouldAskForAKeyWhereItIsDescribed(@TempDir Path directory) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest("key".getBytes(StandardCharsets.UTF_8));
        Path keys = Files.writeString(
                directory.resolve("keys"), "desk " + HexFormat.of().formatHex(hash));
        WebSettings locked =
                new WebSettings(WebSettings.LOOPBACK, 0, null, ApiKeys.read(keys), Set.of(), WebLimits.standard());
        try (Desk behind = new Desk(ConsoleLimits.standard(), locked)) {
            for (String path : described()) {
                if (!path.equals(TranscriptRoutes.SOCKET)) { // a GET is no WebSocket; WebServerIT opens one
                    HttpRequest request = HttpRequest.newBuilder(behind.at(path.replaceAll("[{}]", "")))
                            .build();
                    assertThat(CLIENT.send(request, BodyHandlers.ofString()).statusCode() == 401)
                            .as(path)
                            .isEqualTo(statuses(path).contains("401"));
                }
            }
        }
    }

    private static List<String> statuses(String path) {
        return names(description.path("paths").path(path).path("get").path("responses"));
    }

    private static Set<String> described() {
        return new TreeSet<>(names(description.path("paths")));
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<ValidationMessage> faults(JsonNode schema, String json) throws Exception {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", description.get("components"));
        return SCHEMAS.getSchema(whole).validate(JSON.readTree(json));
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return CLIENT.send(HttpRequest.newBuilder(desk.at(path)).build(), BodyHandlers.ofString());
    }
}
