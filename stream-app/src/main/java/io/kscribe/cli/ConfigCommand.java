package io.kscribe.cli;

import io.kscribe.settings.ClientProperties;
import io.kscribe.settings.Given;
import io.kscribe.settings.Origin;
import io.kscribe.settings.Setting;
import io.kscribe.settings.Settings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code kscribe config}: every setting, and where it comes from. */
@Command(
        name = "config",
        description = {
            "Show every setting of 'serve' with its origin: command line, variable, file, or default. "
                    + "Other commands that have the same option take it from there, too.",
            "The command line wins over variables, these over the file, which is that of --config, else of $KSCRIBE_CONFIG, else "
                    + "kscribe.yaml in the working directory, if that is yours or root's and nobody else may write it.",
            "Exit status 2 if 'serve' would not take them. Passwords are not shown."
        })
final class ConfigCommand implements Callable<Integer> {

    /** The forms that settings are shown in. */
    enum Format {
        /** For people. */
        TEXT,
        /** As a file of settings. */
        YAML,
        /** For programs. */
        JSON
    }

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private Kscribe kscribe;

    @SuppressWarnings("UnusedVariable") // its options are what matters
    @Mixin
    private ServeCommand options;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "text; yaml: a file of settings with comments, to edit and use; json: one object a setting. "
                    + "Default: ${DEFAULT-VALUE}.")
    private Format format;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Configuration configuration = Configuration.of(spec);
        List<SettingValue> values = values(configuration);
        List<SettingValue> client = clientProperties(configuration.settings());
        switch (format) {
            case TEXT -> new ConfigTable(out, kscribe.terminal()).print(values, client);
            case YAML -> new ConfigYaml(out).print(configuration.settings().tree(), values, client);
            case JSON -> new ConfigJson(out).print(values, client);
        }
        out.flush();
        CommandLine serve = ServeCommand.of(spec.root().commandLine());
        serve.parseArgs(arguments().toArray(String[]::new));
        serve.<ServeCommand>getCommand().check();
        return CommandLine.ExitCode.OK;
    }

    private List<SettingValue> values(Configuration configuration) {
        Map<String, Given> given = new LinkedHashMap<>();
        for (Setting setting : configuration.settings().tree().settings()) {
            configuration.settings().given(setting.key()).ifPresent(value -> given.put(setting.key(), value));
        }
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            configuration
                    .setting(option)
                    .ifPresent(setting -> given.put(setting.key(), new Given(text(option), Origin.COMMAND_LINE)));
        }
        for (String change :
                spec.commandLine().getParseResult().<List<String>>matchedOptionValue(LimitOptions.NAME, List.of())) {
            String[] nameAndValue = change.split("=", 2);
            if (nameAndValue.length == 2) {
                given.put(
                        LimitOptions.SECTION + "." + nameAndValue[0].strip(),
                        new Given(nameAndValue[1].strip(), Origin.COMMAND_LINE));
            }
        }
        return configuration.settings().tree().settings().stream()
                .map(setting -> SettingValue.of(
                        setting, given.getOrDefault(setting.key(), new Given(setting.standard(), Origin.DEFAULT))))
                .toList();
    }

    private static List<SettingValue> clientProperties(Settings settings) {
        ClientProperties client = settings.tree().client();
        List<SettingValue> values = new ArrayList<>();
        settings.clientProperties().forEach((name, given) -> {
            Setting setting = new Setting(
                    client.section() + "." + name, "", client.variable(name), Setting.Form.TEXT, "", "", "");
            values.add(
                    client.mayShow(name)
                            ? SettingValue.of(setting, given)
                            : SettingValue.masked(setting, given.origin()));
        });
        return values;
    }

    private static String text(OptionSpec option) {
        if (option.getValue() instanceof Boolean is) {
            return String.valueOf(SettingOptions.switchesOff(option) != is);
        }
        return String.join(",", option.originalStringValues());
    }

    /** What was given on the command line, but for what is only this command's. */
    private List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            String name = option.longestName();
            if (option.inherited() || name.equals("--format")) {
                continue;
            }
            if (option.getValue() instanceof Boolean is) {
                arguments.add(is ? name : opposite(name));
            } else {
                option.originalStringValues().forEach(value -> arguments.add(name + "=" + value));
            }
        }
        return arguments;
    }

    private static String opposite(String name) {
        return name.startsWith("--no-") ? name.replaceFirst("--no-", "--") : name.replaceFirst("--", "--no-");
    }
}
