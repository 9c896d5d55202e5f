package io.kscribe.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class BeatTest {
    @Test
    void shouldReadWhatItWrote() {
        Beat beat = new Beat("a", Set.of("a-1", "a-2"), Set.of("kscribe-a-1"));

        assertThat(beat.toText()).isEqualTo("member a-1\nmember a-2\ntransaction kscribe-a-1\n");
        assertThat(Beat.fromText("a", beat.toText())).isEqualTo(beat);
    }

    @Test
    void shouldReadOneThatHasNothingYet() {
        Beat beat = new Beat("a", Set.of(), Set.of());

        assertThat(Beat.fromText("a", beat.toText())).isEqualTo(beat);
    }

    @Test
    void shouldReadPastWhatALaterVersionSays() {
        assertThat(Beat.fromText("a", "colour blue\nmember a-1\n")).isEqualTo(new Beat("a", Set.of("a-1"), Set.of()));
    }
}
