package io.kscribe.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.kscribe.settings.Setting;
import io.kscribe.settings.Setting.Form;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What becomes of an option that is declared as any other. */
class SettingOptionsTest {

    @SuppressWarnings("UnusedVariable") // picocli's
    @Section("door")
    private static final class DoorOptions {
        @Option(
                names = "--door-port",
                defaultValue = "${KSCRIBE_DOOR_NUMBER:-9}",
                description = "Where. Default: $KSCRIBE_DOOR_NUMBER, else 9.")
        private int port;

        @Option(names = "--no-door", description = "None.")
        private boolean off;

        @Option(names = "--no-bell", description = "No bell.")
        private boolean silent;

        @Option(names = "--guests", split = ",", description = "Who. Default: $KSCRIBE_GUESTS, else 'all' at 100%%.")
        private List<String> guests;
    }

    @SuppressWarnings("UnusedVariable") // picocli's
    @Command(name = "host")
    private static final class HostCommand {
        @Mixin
        private DoorOptions door;

        @Option(
                names = {"-o", "--open-for"},
                defaultValue = "5m",
                description = "How long. Default: ${DEFAULT-VALUE}.")
        @Unit("doors")
        private Duration time;

        @Option(names = "--hidden", hidden = true)
        private Path hidden;

        @Option(names = "--help", usageHelp = true)
        private boolean help;
    }

    @SuppressWarnings("UnusedVariable") // picocli's
    @Command(name = "guest")
    private static final class GuestCommand {
        @Mixin
        private DoorOptions door;

        @Option(names = "--open-for")
        private Duration another;
    }

    private final CommandLine host =
            new CommandLine(new HostCommand()).registerConverter(Duration.class, new DurationConverter());
    private final SettingOptions options = SettingOptions.of(host.getCommandSpec());

    @Test
    void shouldBeASettingByItsDeclarationAlone() {
        assertThat(options.tree().settings())
                .filteredOn(setting -> !setting.section().equals("limits"))
                .containsExactly(
                        new Setting(
                                "open-for", "--open-for", "KSCRIBE_OPEN_FOR", Form.TEXT, "5m", "doors", "How long."),
                        new Setting("door.port", "--door-port", "KSCRIBE_DOOR_NUMBER", Form.NUMBER, "9", "", "Where."),
                        new Setting(
                                "door.enabled",
                                "--no-door",
                                "KSCRIBE_DOOR",
                                Form.SWITCH,
                                "true",
                                "",
                                "If false: None."),
                        new Setting(
                                "door.bell",
                                "--no-bell",
                                "KSCRIBE_BELL",
                                Form.SWITCH,
                                "true",
                                "",
                                "If false: No bell."),
                        new Setting(
                                "door.guests",
                                "--guests",
                                "KSCRIBE_GUESTS",
                                Form.LIST,
                                "",
                                "",
                                "Who. Default: 'all' at 100%."));
    }

    @Test
    void shouldBeTheSameInEveryCommandThatHasIt() {
        CommandLine guest = new CommandLine(new GuestCommand());

        assertThat(options.setting(guest.getCommandSpec().findOption("--door-port")))
                .map(Setting::key)
                .contains("door.port");
        assertThat(options.setting(guest.getCommandSpec().findOption("--open-for")))
                .isEmpty();
    }
}
