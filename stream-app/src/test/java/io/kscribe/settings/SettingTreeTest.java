package io.kscribe.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.settings.Setting.Form;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingTreeTest {

    private static final SettingTree TREE = new SettingTree(
            List.of(
                    setting("model", Form.TEXT),
                    setting("http.port", Form.NUMBER),
                    setting("http.origin", Form.LIST),
                    setting("limits.viewers", Form.NUMBER),
                    setting("limits.open-calls", Form.NUMBER)),
            new ClientProperties(
                    "kafka.properties",
                    "KSCRIBE_KAFKA_",
                    Set.of("security.protocol", "sasl.jaas.config"),
                    Set.of("security.protocol")),
            Map.of("KSCRIBE_LIMITS", "limits"),
            Set.of("KSCRIBE_HOME"),
            Map.of("http.door", "it is called http.port.", "KSCRIBE_DOOR", "it is called KSCRIBE_HTTP_PORT."));

    @Test
    void shouldTakeWhatAFileGives() throws Exception {
        Map<String, Given> given = given("""
                model: tiny
                http:
                  port: 1
                  origin: [a, b]
                limits:
                kafka:
                kafka.properties:
                  security.protocol: SSL
                  my.plugin.level: 3
                """);

        assertThat(given)
                .containsExactly(
                        Map.entry("model", new Given("tiny", new Origin("f.yaml:1", "model in f.yaml, line 1"))),
                        Map.entry("http.port", new Given("1", new Origin("f.yaml:3", "http.port in f.yaml, line 3"))),
                        Map.entry("http.origin", new Given("a,b", Origin.file("f.yaml", 4, "http.origin"))),
                        Map.entry(
                                "kafka.properties.security.protocol",
                                new Given("SSL", Origin.file("f.yaml", 8, "kafka.properties.security.protocol"))),
                        Map.entry(
                                "kafka.properties.my.plugin.level",
                                new Given("3", Origin.file("f.yaml", 9, "kafka.properties.my.plugin.level"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http.prot: 1                       | Unknown key 'http.prot' in f.yaml, line 1: did you mean 'http.port'?
            port: 1                            | Unknown key 'port' in f.yaml, line 1: did you mean 'http.port'?
            limit.viewers: 1                   | Unknown key 'limit.viewers' in f.yaml, line 1: did you mean 'limits.viewers'?
            quite-different: 1                 | Unknown key 'quite-different' in f.yaml, line 1; 'kscribe config' shows all that there are.
            kafka.properties.securty.protocol: | Unknown key 'kafka.properties.securty.protocol' in f.yaml, line 1: did you mean 'kafka.properties.security.protocol'?
            http.door: 1                       | The key 'http.door' in f.yaml, line 1, is no more: it is called http.port.
            model:                             | The key 'model' in f.yaml, line 1, has no value.
            model: [a, b]                      | The key 'model' in f.yaml, line 1, has a list; expected one value.
            http: 8080                         | Unknown key 'http' in f.yaml, line 1; 'kscribe config' shows all that there are.
            model: {tiny: 1}                   | Unknown key 'model.tiny' in f.yaml, line 1; 'kscribe config' shows all that there are.
            """)
    void shouldSayWhatIsNoSetting(String text, String sentence) {
        assertThatThrownBy(() -> given(text))
                .isInstanceOf(SettingsException.class)
                .hasMessage(sentence);
    }

    @Test
    void shouldTakeWhatTheEnvironmentGives() throws Exception {
        Map<String, Given> given = TREE.given(Map.of(
                "KSCRIBE_MODEL", "tiny",
                "KSCRIBE_HTTP_PORT", "",
                "KSCRIBE_HOME", "/srv",
                "KSCRIBE_LIMITS", "viewers=1, open-calls=2,",
                "KSCRIBE_LIMITS_VIEWERS", "3",
                "KSCRIBE_KAFKA_SASL_JAAS_CONFIG", "x",
                "KSCRIBE_SERVICE_HOST", "10.0.0.1", // what Kubernetes tells of a service called kscribe
                "PATH", "/bin"));

        assertThat(given)
                .containsOnly(
                        Map.entry("model", new Given("tiny", Origin.variable("KSCRIBE_MODEL"))),
                        Map.entry("limits.open-calls", new Given("2", Origin.variable("KSCRIBE_LIMITS"))),
                        Map.entry("limits.viewers", new Given("3", Origin.variable("KSCRIBE_LIMITS_VIEWERS"))),
                        Map.entry(
                                "kafka.properties.sasl.jaas.config",
                                new Given("x", Origin.variable("KSCRIBE_KAFKA_SASL_JAAS_CONFIG"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            KSCRIBE_MODLE  | tiny     | Unknown variable KSCRIBE_MODLE: did you mean KSCRIBE_MODEL?
            KSCRIBE_HOMES  | /srv     | Unknown variable KSCRIBE_HOMES: did you mean KSCRIBE_HOME?
            KSCRIBE_DOOR   | 1        | The variable KSCRIBE_DOOR is no more: it is called KSCRIBE_HTTP_PORT.
            KSCRIBE_LIMITS | viewer=1 | Unknown key 'limits.viewer' in the variable KSCRIBE_LIMITS: did you mean 'limits.viewers'?
            KSCRIBE_LIMITS | viewers  | In the variable KSCRIBE_LIMITS 'viewers' changes nothing; expected NAME=VALUE.
            """)
    void shouldSayWhatIsNoVariable(String variable, String value, String sentence) {
        assertThatThrownBy(() -> TREE.given(Map.of(variable, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessage(sentence);
    }

    private static Map<String, Given> given(String text) throws SettingsException {
        return TREE.given(SettingsFile.parse("f.yaml", text));
    }

    private static Setting setting(String key, Form form) {
        String variable = "KSCRIBE_" + key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
        return new Setting(key, "--" + key.replace('.', '-'), variable, form, "", "", "What it is.");
    }
}
