package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.recognizer.RecognizerSettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class PaceOptionsTest {
    @Test
    void shouldLeaveTheRecognisersDefaultsAlone() {
        assertThat(parsed().applied(RecognizerSettings.live())).isEqualTo(RecognizerSettings.live());
    }

    @Test
    void shouldBeReadAgainAsTheyAreWritten() {
        PaceOptions pace = parsed("--partial-interval", "1.25s", "--endpoint", "700ms", "--context", "0s");

        RecognizerSettings settings = pace.applied(RecognizerSettings.live());
        assertThat(settings.partialInterval()).isEqualTo(Duration.ofMillis(1250));
        assertThat(settings.endpoint()).isEqualTo(Duration.ofMillis(700));
        assertThat(settings.context()).isZero();
        assertThat(parsed(pace.arguments().toArray(String[]::new)).applied(RecognizerSettings.live()))
                .isEqualTo(settings);
    }

    private static PaceOptions parsed(String... arguments) {
        Program program = new Program();
        new CommandLine(program).parseArgs(arguments);
        return program.pace;
    }

    @Command
    static final class Program {
        @Mixin
        private PaceOptions pace;
    }
}
