package io.kscribe.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManifestTest {
    @TempDir
    Path folder;

    @Test
    void shouldListUtterances() throws Exception {
        Path file = write("birds.jsonl", """
                {"id": "wren", "audio": "audio/wren.wav", "ref": "a wren", "lang": "en-GB", "licence": "CC0", "channels": 1}

                {"id": "rain", "audio": "audio/rain.wav", "ref": "", "lang": null}
                {"id": "owl", "audio": null, "audio_parts": ["owl1.wav", "owl2.wav"], "ref": null}
                """);

        assertThat(Manifest.read(file))
                .isEqualTo(new Manifest(
                        "birds",
                        List.of(
                                new Utterance(
                                        "wren",
                                        List.of(folder.resolve("audio/wren.wav")),
                                        Optional.of("a wren"),
                                        Optional.of("en")),
                                new Utterance(
                                        "rain",
                                        List.of(folder.resolve("audio/rain.wav")),
                                        Optional.of(""),
                                        Optional.empty()),
                                new Utterance(
                                        "owl",
                                        List.of(folder.resolve("owl1.wav"), folder.resolve("owl2.wav")),
                                        Optional.empty(),
                                        Optional.empty()))));
    }

    @Test
    void shouldFindAudioBesideTheFolderOfManifests() throws Exception {
        Files.createDirectory(folder.resolve("manifests"));
        Path file = write("manifests/birds.jsonl", "{\"id\": \"wren\", \"audio\": \"audio/wren.wav\"}");

        assertThat(Manifest.read(file).utterances().get(0).audio()).containsExactly(folder.resolve("audio/wren.wav"));
    }

    @Test
    void shouldBeLimitedToTheFirstUtterances() throws Exception {
        Manifest manifest = Manifest.read(
                write("two.jsonl", "{\"id\": \"a\", \"audio\": \"a.wav\"}\n{\"id\": \"b\", \"audio\": \"b.wav\"}\n"));

        assertThat(manifest.limitedTo(1).utterances()).extracting(Utterance::id).containsExactly("a");
        assertThat(manifest.limitedTo(3)).isEqualTo(manifest);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\": \"a\", | is not JSON; expected an object.",
                "{\"id\": \"a\", \"audio\": \"a\"} {} | is not JSON; expected an object.",
                "[\"a\"] | is JSON, but not an object.",
                "{\"audio\": \"a.wav\"} | has no id.",
                "{\"id\": \" \", \"audio\": \"a.wav\"} | has no id.",
                "{\"id\": 7, \"audio\": \"a.wav\"} | has a field id that is not text.",
                "{\"id\": \"a\"} | has neither audio nor audio_parts.",
                "{\"id\": \"a\", \"audio_parts\": []} | has neither audio nor audio_parts.",
                "{\"id\": \"a\", \"audio_parts\": [1]} | has audio_parts that are not all text.",
                "{\"id\": \"a\", \"audio\": \"a\\u0000.wav\"} | has an audio file whose name cannot be one.",
                "{\"id\": \"a\", \"audio\": \"a.wav\", \"ref\": [\"b\"]} | has a field ref that is not text.",
            })
    void shouldNameTheLineThatIsWrong(String line, String problem) throws Exception {
        Path file = write("bad.jsonl", "{\"id\": \"fine\", \"audio\": \"fine.wav\"}\n" + line);

        assertThatThrownBy(() -> Manifest.read(file))
                .isInstanceOf(ManifestException.class)
                .hasMessage(file + " line 2 " + problem);
    }

    @Test
    void shouldRefuseWhatIsNoManifest() throws Exception {
        Path missing = folder.resolve("missing.jsonl");
        assertThatThrownBy(() -> Manifest.read(missing)).hasMessage("There is no manifest " + missing + ".");

        Path empty = write("empty.jsonl", "\n");
        assertThatThrownBy(() -> Manifest.read(empty))
                .hasMessage(empty + " lists no utterances; expected a JSON object a line.");

        Path binary = Files.write(folder.resolve("binary.jsonl"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThatThrownBy(() -> Manifest.read(binary))
                .hasMessage(binary + " is not UTF-8 text; expected a manifest, a JSON object a line.");
    }

    private Path write(String name, String text) throws Exception {
        return Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
    }
}
