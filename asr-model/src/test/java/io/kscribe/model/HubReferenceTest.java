package io.kscribe.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HubReferenceTest {

    @Test
    void shouldParseWithAndWithoutARevision() throws Exception {
        assertThat(HubReference.parse("hf:openai/whisper-tiny.en"))
                .isEqualTo(new HubReference("openai", "whisper-tiny.en", "main"));
        assertThat(HubReference.parse("hf:openai/whisper-tiny@refs/pr/7"))
                .isEqualTo(new HubReference("openai", "whisper-tiny", "refs/pr/7"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf:",
                "hf:whisper",
                "hf:/whisper",
                "hf:openai/",
                "hf:openai/../whisper",
                "hf:../whisper",
                "hf:openai/whisper@",
                "hf:openai/whisper@../main",
                "hf:openai/whisper?x=1"
            })
    void shouldRefuseWhatDoesNotNameAModel(String text) {
        assertThatThrownBy(() -> HubReference.parse(text))
                .isInstanceOf(ModelException.class)
                .hasMessage("\"" + text + "\" does not name a model on the hub, expected hf:owner/name or"
                        + " hf:owner/name@revision");
    }

    @Test
    void shouldFindBackWhatLivesInAPlace() throws Exception {
        for (String text : new String[] {"hf:openai/whisper-tiny", "hf:openai/whisper-tiny@refs/pr/7"}) {
            HubReference reference = HubReference.parse(text);
            assertThat(HubReference.at(reference.below(Path.of("hub")))).contains(reference);
            assertThat(reference).hasToString(text);
        }
        assertThat(HubReference.at(Path.of("hub", "a folder", "of mine"))).isEmpty();
    }

    @Test
    void shouldAddressAFileAsTheHubDoes() throws Exception {
        HubReference reference = HubReference.parse("hf:openai/whisper-tiny@refs/pr/7");
        assertThat(reference.file(URI.create("https://hub.example/"), reference.revision(), "onnx/encoder_model.onnx"))
                .hasToString("https://hub.example/openai/whisper-tiny/resolve/refs%2Fpr%2F7/onnx/encoder_model.onnx");
    }

    @Test
    void shouldTakeEndpointAndTokenFromTheEnvironment() throws Exception {
        HubSettings none = HubSettings.of(Map.of("HF_TOKEN", " "));
        assertThat(none.address()).hasScheme("https");
        assertThat(none.token()).isEmpty();

        HubSettings some = HubSettings.of(Map.of("HF_ENDPOINT", "http://mirror:8080", "HF_TOKEN", "secret\n"));
        assertThat(some.address()).hasToString("http://mirror:8080");
        assertThat(some.token()).contains("secret");
    }
}
