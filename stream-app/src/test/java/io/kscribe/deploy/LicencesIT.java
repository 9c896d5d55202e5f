package io.kscribe.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The licences of what is in the program, by its bill of materials: each is one that goes together with GPL-3.0, and the report has it. */
class LicencesIT {
    private static final Path SBOM = Path.of("target", "kscribe-sbom.json");
    private static final Path REPORT = Path.of("..", "deploy", "LICENCES.md");

    /** One of these must be among a component's licences. Names are as the components have them. */
    private static final Set<String> COMPATIBLE = Set.of(
            "Apache-2.0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "CC0-1.0",
            "GNU GENERAL PUBLIC LICENSE, Version 3, 29 June 2007",
            "GNU Lesser General Public License",
            "GPL-2.0-with-classpath-exception",
            "GPL-3.0-or-later",
            "Go License",
            "LGPL 2.1 license",
            "MIT",
            "The GNU Lesser General Public License, Version 2.1");

    private record Component(String name, String version, Set<String> licences) {}

    @Test
    void shouldHoldNothingThatMayNotBeTogether() throws Exception {
        assertThat(components())
                .hasSizeGreaterThan(50)
                .allSatisfy(component ->
                        assertThat(component.licences()).as(component.name()).containsAnyElementsOf(COMPATIBLE));
    }

    @Test
    void shouldBeReported() throws Exception {
        String table = components().stream()
                .map(component -> "| `" + component.name() + "` | " + component.version() + " | "
                        + String.join(", or ", component.licences()) + " |")
                .sorted()
                .collect(Collectors.joining("\n", "| component | version | licence |\n|---|---|---|\n", "\n"));

        assertThat(Files.readString(REPORT))
                .as("the table in %s; it is to be:%n%s", REPORT, table)
                .contains(table);
    }

    private static List<Component> components() throws Exception {
        List<Component> components = new ArrayList<>();
        for (JsonNode component : new ObjectMapper().readTree(SBOM.toFile()).path("components")) {
            if (!component.path("group").asText().equals("io.kscribe")) {
                components.add(new Component(
                        component.path("group").asText() + ":"
                                + component.path("name").asText(),
                        component.path("version").asText(),
                        licences(component)));
            }
        }
        return components;
    }

    private static Set<String> licences(JsonNode component) {
        return StreamSupport.stream(component.path("licenses").spliterator(), false)
                .map(licence -> licence.at("/license/id")
                        .asText(licence.at("/license/name").asText()))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
