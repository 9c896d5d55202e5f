package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {

    @Test
    void shouldHaveTheNamesThatEverybodyUses() {
        assertThat(Topics.standard().names())
                .containsExactly("audio.chunks", "transcripts.partial", "transcripts", "audio.dlq");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a b", "\u00fcber", "a/b"})
    void shouldRefuseWhatIsNoTopicsName(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Topics(name, "b", "c", "d"))
                .withMessageContaining("'" + name + "'");
    }

    @Test
    void shouldRefuseOneNameForTwoTopics() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Topics("a", "b", "a", "d"))
                .withMessageContaining("same name");
    }
}
