package io.kscribe.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kscribe.settings.SettingsFile.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFileTest {

    @Test
    void shouldReadSectionsAndDotsAlike() throws Exception {
        String text = """
                model: base   # a comment
                http:
                  port: 8080
                  origin: [https://a.example, https://b.example]
                kafka.properties:
                  security.protocol: SASL_SSL
                  ssl: {truststore.type: PEM}
                kafka.timeout: 10s
                language: no
                """;

        assertThat(SettingsFile.parse("kscribe.yaml", text).entries())
                .containsExactly(
                        Map.entry("model", new Entry(List.of("base"), 1)),
                        Map.entry("http.port", new Entry(List.of("8080"), 3)),
                        Map.entry("http.origin", new Entry(List.of("https://a.example", "https://b.example"), 4)),
                        Map.entry("kafka.properties.security.protocol", new Entry(List.of("SASL_SSL"), 6)),
                        Map.entry("kafka.properties.ssl.truststore.type", new Entry(List.of("PEM"), 7)),
                        Map.entry("kafka.timeout", new Entry(List.of("10s"), 8)),
                        Map.entry("language", new Entry(List.of("no"), 9)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# all commented out\n", "---\n", "~"})
    void shouldFindNothingInAFileWithoutKeys(String text) throws Exception {
        assertThat(SettingsFile.parse("kscribe.yaml", text).entries()).isEmpty();
    }

    @Test
    void shouldKeepWhatHasNoValue() throws Exception {
        assertThat(SettingsFile.parse("kscribe.yaml", "http:\nmodel: \"\"\n").entries())
                .containsExactly(Map.entry("http", new Entry(null, 1)), Map.entry("model", new Entry(List.of(""), 2)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            'model: tiny\nmodel: base'                       | The key 'model' is in f.yaml twice, in lines 1 and 2.
            'http:\n  port: 1\nhttp.port: 2'                 | The key 'http.port' is in f.yaml twice, in lines 2 and 3.
            'model: [tiny'                                   | f.yaml, line 1 is not YAML: expected ',' or ']', but got <stream end>.
            'just words'                                     | f.yaml, line 1: expected 'key: value'.
            '- a list'                                       | f.yaml, line 1: expected 'key: value'.
            '? [a, b]\n: 1'                                  | f.yaml, line 1: expected a key.
            'a: 1\n---\nb: 2'                                | f.yaml has several documents; expected one.
            'a: [1, [2]]'                                    | The key 'a' in f.yaml, line 1, has something else than a value in its list.
            """)
    void shouldSayWhatIsWrongAndWhere(String text, String sentence) {
        assertThatThrownBy(() -> SettingsFile.parse("f.yaml", text.translateEscapes()))
                .isInstanceOf(SettingsException.class)
                .hasMessage(sentence.translateEscapes());
    }

    @Test
    void shouldNotFollowReferencesWithoutEnd() {
        String laughs = "a: &a {x: 1}\nb: &b {x: *a, y: *a}\nc: {x: *b, y: *b}\n";

        assertThatThrownBy(() -> SettingsFile.parse("f.yaml", laughs)).isInstanceOf(SettingsException.class);
        assertThatThrownBy(() -> SettingsFile.parse("f.yaml", "a: &a {x: *a}\n"))
                .isInstanceOf(SettingsException.class);
    }

    @Test
    void shouldMakeNoObjects() throws Exception {
        assertThat(SettingsFile.parse("f.yaml", "a: !!java.net.URL [\"http://localhost\"]\n")
                        .entries())
                .containsExactly(Map.entry("a", new Entry(List.of("http://localhost"), 1)));
    }

    @Test
    void shouldRefuseWhatIsNoText(@TempDir Path directory) throws Exception {
        Path file = Files.write(directory.resolve("f.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});

        assertThatThrownBy(() -> SettingsFile.read(file))
                .isInstanceOf(SettingsException.class)
                .hasMessage(file + " is not a text in UTF-8.");
    }
}
