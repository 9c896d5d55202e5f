package io.kscribe.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The Kubernetes files against the API's own description, as its Java client has it: unknown fields and wrong types are errors. */
class KubernetesTest {
    private static final Path FILES = Path.of("..", "deploy", "kubernetes");
    private static final String MODELS = "io.kubernetes.client.openapi.models.V1";

    /** Of Kustomize and KEDA, which the API does not describe. */
    private static final Set<String> OTHERS = Set.of("Kustomization", "ScaledObject");

    static Stream<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(FILES)) {
            return all.filter(file -> file.toString().endsWith(".yaml")).toList().stream();
        }
    }

    static Stream<Path> folders() throws IOException {
        try (Stream<Path> all = Files.list(FILES)) {
            return all.toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void shouldBeAsTheApiDescribesThem(Path file) throws Exception {
        List<Map<?, ?>> objects = objects(Files.readString(file));

        assertThat(objects).isNotEmpty();
        for (Map<?, ?> object : objects) {
            if (!OTHERS.contains(object.get("kind"))) {
                validate(object);
            }
        }
    }

    /** With the patches of the variants in them. */
    @ParameterizedTest
    @MethodSource("folders")
    void shouldBeAsTheApiDescribesThemOnceRendered(Path folder) throws Exception {
        Optional<String> rendered = rendered(folder);
        assumeThat(rendered)
                .as("what kubectl renders; none if it is not installed")
                .isPresent();

        List<Map<?, ?>> objects = objects(rendered.orElseThrow());

        assertThat(objects)
                .extracting(object -> (Object) object.get("kind"))
                .contains("Deployment", "ConfigMap", "Service");
        for (Map<?, ?> object : objects) {
            if (!OTHERS.contains(object.get("kind"))) {
                validate(object);
            }
        }
    }

    @Test
    void shouldGiveAGpuToAnImageThatCanUseIt() throws Exception {
        Optional<String> rendered = rendered(FILES.resolve("gpu"));
        assumeThat(rendered)
                .as("what kubectl renders; none if it is not installed")
                .isPresent();

        assertThat(rendered.orElseThrow().lines().filter(line -> line.contains(" image: ")))
                .hasSize(2)
                .allMatch(line -> line.endsWith(" kscribe-gpu:0.1.0"));
    }

    @Test
    void shouldFindFieldsThatTheApiDoesNotKnow() {
        Map<?, ?> service = objects("""
                apiVersion: v1
                kind: Service
                metadata: {name: kscribe}
                spec:
                  ports: [{port: 80, tragetPort: web}]
                """).get(0);

        assertThatThrownBy(() -> validate(service)).hasMessageContaining("tragetPort");
    }

    @Test
    void shouldListEveryFileThatIsThere() throws Exception {
        for (Path folder : folders().toList()) {
            List<Object> listed =
                    new ArrayList<>((List<?>) objects(Files.readString(folder.resolve("kustomization.yaml")))
                            .get(0)
                            .get("resources"));
            listed.remove("../base");
            try (Stream<Path> files = Files.list(folder)) {
                assertThat(listed)
                        .containsExactlyInAnyOrderElementsOf(
                                files.map(file -> (Object) file.getFileName().toString())
                                        .filter(name -> !name.equals("kustomization.yaml"))
                                        .toList());
            }
        }
    }

    /** Empty if there is no kubectl. */
    private static Optional<String> rendered(Path folder) throws IOException, InterruptedException {
        Process kubectl;
        try {
            kubectl = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException notInstalled) {
            return Optional.empty();
        }
        String rendered = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(kubectl.waitFor()).as("exit status of kubectl kustomize").isZero();
        return Optional.of(rendered);
    }

    private static List<Map<?, ?>> objects(String yaml) {
        Iterable<Object> all = new Load(LoadSettings.builder().build()).loadAllFromString(yaml);
        return StreamSupport.stream(all.spliterator(), false)
                .<Map<?, ?>>map(object -> (Map<?, ?>) object)
                .toList();
    }

    private static void validate(Map<?, ?> object) throws Exception {
        try {
            Class.forName(MODELS + object.get("kind"))
                    .getMethod("validateJsonElement", JsonElement.class)
                    .invoke(null, new Gson().toJsonTree(object));
        } catch (InvocationTargetException invalid) {
            throw new AssertionError(object.get("kind") + ": " + invalid.getTargetException(), invalid);
        }
    }
}
