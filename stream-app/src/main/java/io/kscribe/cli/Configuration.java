package io.kscribe.cli;

import io.kscribe.settings.Given;
import io.kscribe.settings.Setting;
import io.kscribe.settings.Settings;
import io.kscribe.settings.SettingsException;
import io.kscribe.settings.SettingsLocation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** What options are when they are not on the command line: as in the environment, else as in the file, else as they are declared. */
final class Configuration implements IDefaultValueProvider {

    private final SettingOptions options;
    private final Settings settings;

    private Configuration(SettingOptions options, Settings settings) {
        this.options = options;
        this.settings = settings;
    }

    /** What has to be read of a command line before all of it can be. */
    @SuppressWarnings("FieldMayBeFinal") // picocli sets them
    private static final class Beforehand {
        @Option(names = Kscribe.CONFIG)
        private String file = "";

        @Option(names = {"-h", "--help"})
        private boolean help;

        @Unmatched
        private List<String> rest = new ArrayList<>();
    }

    /** Nothing is given. */
    static Configuration none(CommandLine kscribe) {
        SettingOptions options = options(kscribe);
        return new Configuration(options, Settings.none(options.tree()));
    }

    /**
     * What is given to a command.
     *
     * @param kscribe which knows all commands
     * @param environment the environment
     * @param directory the working directory
     * @throws IOException if the file of settings cannot be read
     * @throws SettingsException if what is given is wrong
     */
    static Configuration read(CommandLine kscribe, Map<String, String> environment, Path directory, String... args)
            throws IOException, SettingsException {
        Beforehand beforehand = beforehand(args);
        SettingOptions options = options(kscribe);
        boolean matters = beforehand.rest.stream()
                .map(kscribe.getSubcommands()::get)
                .filter(command -> command != null)
                .findFirst()
                .filter(command -> options.matterTo(command.getCommandSpec()))
                .isPresent();
        if (!matters || beforehand.help) {
            return new Configuration(options, Settings.none(options.tree()));
        }
        String said =
                beforehand.file.isEmpty() ? environment.getOrDefault(Kscribe.CONFIG_VARIABLE, "") : beforehand.file;
        Optional<Path> file = SettingsLocation.find(said, directory, System.getProperty("user.name", ""));
        return new Configuration(options, Settings.read(options.tree(), file.orElse(null), environment));
    }

    /** The configuration of the program that a command belongs to. */
    static Configuration of(CommandSpec command) {
        if (command.defaultValueProvider() instanceof Configuration configuration) {
            return configuration;
        }
        throw new IllegalStateException(command.name() + " was not made by Kscribe.");
    }

    /** What can be set, and what of it the file and the environment set. */
    Settings settings() {
        return settings;
    }

    /** The setting that an option is, in whichever command. */
    Optional<Setting> setting(ArgSpec option) {
        return options.setting(option);
    }

    /** Whether somebody said what an option of a command is, wherever. */
    boolean isGiven(CommandSpec command, String option) {
        return command.commandLine().getParseResult().hasMatchedOption(option)
                || given(command.findOption(option)).isPresent();
    }

    /** What the file or the environment say that an option is. */
    Optional<Given> given(ArgSpec option) {
        return setting(option).flatMap(setting -> settings.given(setting.key()));
    }

    /** The limits with what the file and the environment say of them. */
    AllLimits limits() {
        AllLimits limits = AllLimits.standard();
        for (String name : AllLimits.names()) {
            Optional<Given> given = settings.given(LimitOptions.SECTION + "." + name);
            if (given.isPresent()) {
                try {
                    limits = LimitOptions.with(
                            limits, List.of(name + "=" + given.get().text()));
                } catch (IllegalArgumentException unfit) {
                    throw new IllegalArgumentException(
                            Failures.sentence(unfit) + " It comes from "
                                    + given.get().origin().phrase() + ".",
                            unfit);
                }
            }
        }
        return limits;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec option) {
        Setting setting = setting(option).orElse(null);
        if (setting == null) {
            return null;
        }
        String text = settings.given(setting.key()).map(Given::text).orElse(setting.standard());
        if (text.isEmpty() && settings.given(setting.key()).isEmpty()) {
            return null;
        }
        String own = SettingOptions.switchesOff(option) ? SettingOptions.opposite(text) : text;
        return own.replace("$", "$$"); // or picocli would take ${...} for a variable
    }

    private static Beforehand beforehand(String... args) {
        Beforehand beforehand = new Beforehand();
        try {
            new CommandLine(beforehand).parseArgs(args);
        } catch (CommandLine.ParameterException wrong) {
            // It will be wrong again, for the user to hear, when all is read.
        }
        return beforehand;
    }

    private static SettingOptions options(CommandLine kscribe) {
        return SettingOptions.of(ServeCommand.of(kscribe).getCommandSpec());
    }
}
