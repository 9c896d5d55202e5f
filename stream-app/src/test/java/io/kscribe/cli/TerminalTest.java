package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TerminalTest {

    @Test
    void shouldBeInteractiveAndColoured() {
        Terminal terminal = Terminal.ofTerminal(Map.of("TERM", "xterm", "COLUMNS", "100"));

        assertThat(terminal.interactive()).isTrue();
        assertThat(terminal.coloured()).isTrue();
        assertThat(terminal.columns().getAsInt()).isEqualTo(100);
    }

    @Test
    void shouldHonourThoseWhoWantNoColour() {
        assertThat(Terminal.ofTerminal(Map.of("NO_COLOR", "1", "COLUMNS", "80")).coloured())
                .isFalse();
        assertThat(Terminal.ofTerminal(Map.of("NO_COLOR", "", "COLUMNS", "80")).coloured())
                .isTrue();
    }

    @Test
    void shouldNotDrawOnADumbTerminal() {
        assertThat(Terminal.ofTerminal(Map.of("TERM", "dumb")).interactive()).isFalse();
    }
}
