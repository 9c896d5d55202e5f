package io.kscribe.cli;

import io.kscribe.limits.Limit;
import io.kscribe.settings.ClientProperties;
import io.kscribe.settings.Setting;
import io.kscribe.settings.Setting.Form;
import io.kscribe.settings.SettingTree;
import io.kscribe.stream.ClientSettings;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Member;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * The settings that there are: the options of {@code serve}, of whichever class they are, and the limits.
 *
 * <p>An option {@code --http-port} of a class in the {@link Section} {@code http} is the key {@code http.port} and the variable
 * {@code KSCRIBE_HTTP_PORT}, unless its default names another variable. One that switches something off, {@code --no-console}, is the key
 * {@code http.console} with the value {@code false}, and if what it switches off is a section, the key {@code gateway.enabled}. Another command
 * that has the same option, not just one of its name, takes it from there, too.
 */
final class SettingOptions {

    /** Settings of Kafka's clients, which Kafka declares. */
    private static final String CLIENT_SECTION = "kafka.properties";

    private static final String CLIENT_VARIABLE = SettingTree.VARIABLE_PREFIX + "KAFKA_";

    /** Variables that are looked at elsewhere, or by the scripts around kscribe. */
    private static final Set<String> OTHER_VARIABLES =
            Set.of(Kscribe.CONFIG_VARIABLE, "KSCRIBE_HOME", "KSCRIBE_DEBUG", "KSCRIBE_JAVA_OPTIONS");

    /** What takes the place of what is no setting, or not any more. */
    private static final Map<String, String> RETIRED = Map.of(
            CLIENT_SECTION + ".bootstrap.servers", "kafka.bootstrap-server says where Kafka is.",
            CLIENT_VARIABLE + "BOOTSTRAP_SERVERS", "KSCRIBE_BOOTSTRAP_SERVER says where Kafka is.",
            CLIENT_VARIABLE + "BOOTSTRAP_SERVER", "KSCRIBE_BOOTSTRAP_SERVER says where Kafka is.");

    private static final String SWITCHED_OFF = "no-";

    /** What picocli takes for the default of an option that declares none. */
    private static final String NO_DEFAULT = noDefault();

    /** A default that may be in the environment. */
    private static final Pattern VARIABLE_OR_DEFAULT = Pattern.compile("\\$\\{(\\w+):-(.*)}", Pattern.DOTALL);

    /** What a description says of defaults, which are said apart from it. */
    private static final Pattern SPOKEN_DEFAULT = Pattern.compile("\\s*Default: (?:\\$\\w+(?:, else )?)?(.*)$");

    private final SettingTree tree;
    private final Map<Object, Setting> byDeclaration;

    private SettingOptions(SettingTree tree, Map<Object, Setting> byDeclaration) {
        this.tree = tree;
        this.byDeclaration = byDeclaration;
    }

    /** The settings that a command's options are. */
    static SettingOptions of(CommandSpec serve) {
        List<OptionSpec> options =
                serve.options().stream().filter(SettingOptions::isSetting).toList();
        Set<String> sections = options.stream().map(SettingOptions::section).collect(Collectors.toSet());
        Map<Object, Setting> byDeclaration = new LinkedHashMap<>();
        options.forEach(option -> byDeclaration.put(option.userObject(), setting(option, sections)));
        List<Setting> settings = new ArrayList<>(byDeclaration.values());
        List<String> order = new ArrayList<>(List.of(""));
        settings.forEach(setting -> order.add(setting.section()));
        settings.sort(Comparator.comparing(setting -> order.indexOf(setting.section())));
        settings.addAll(limits());
        Set<String> known = new TreeSet<>(ClientSettings.known());
        known.remove("bootstrap.servers");
        return new SettingOptions(
                new SettingTree(
                        settings,
                        new ClientProperties(CLIENT_SECTION, CLIENT_VARIABLE, known, ClientSettings.open()),
                        Map.of(LimitOptions.VARIABLE, LimitOptions.SECTION),
                        OTHER_VARIABLES,
                        RETIRED),
                byDeclaration);
    }

    /** The settings. */
    SettingTree tree() {
        return tree;
    }

    /** The setting that an option is, in whichever command. */
    Optional<Setting> setting(ArgSpec option) {
        return Optional.ofNullable(byDeclaration.get(option.userObject()));
    }

    /** Whether a command, or one of its own, has an option that is a setting, beyond those that all have. */
    boolean matterTo(CommandSpec command) {
        return command.options().stream()
                        .anyMatch(
                                option -> !option.inherited() && setting(option).isPresent())
                || command.subcommands().values().stream().anyMatch(sub -> matterTo(sub.getCommandSpec()));
    }

    /** Whether the option says the opposite of its setting: {@code --no-console} of {@code http.console}. */
    static boolean switchesOff(ArgSpec argument) {
        return argument instanceof OptionSpec option && word(option).startsWith(SWITCHED_OFF) && isSwitch(option);
    }

    private static boolean isSetting(OptionSpec option) {
        return !option.hidden()
                && !option.usageHelp()
                && !option.versionHelp()
                && option.userObject() instanceof Member
                && !List.of(LimitOptions.NAME, Kscribe.CONFIG).contains(option.longestName());
    }

    private static Setting setting(OptionSpec option, Set<String> sections) {
        Option declared = ((AnnotatedElement) option.userObject()).getAnnotation(Option.class);
        Matcher standard = VARIABLE_OR_DEFAULT.matcher(declared.defaultValue());
        boolean namesVariable = standard.matches();
        String text = namesVariable ? standard.group(2) : declared.defaultValue();
        if (text.equals(NO_DEFAULT)) {
            text = isSwitch(option) ? "false" : "";
        }
        String word = switchesOff(option) ? word(option).substring(SWITCHED_OFF.length()) : word(option);
        Unit unit = ((AnnotatedElement) option.userObject()).getAnnotation(Unit.class);
        return new Setting(
                key(option, word, sections),
                option.longestName(),
                namesVariable
                        ? standard.group(1)
                        : SettingTree.VARIABLE_PREFIX
                                + word.toUpperCase(Locale.ROOT).replace('-', '_'),
                form(option),
                switchesOff(option) ? opposite(text) : text,
                unit == null ? "" : unit.value(),
                (switchesOff(option) ? "If false: " : "") + description(option, text));
    }

    /** {@code true} for {@code false}; what is neither stays as it is, for picocli to complain of. */
    static String opposite(String text) {
        if (text.equalsIgnoreCase("true")) {
            return "false";
        }
        return text.equalsIgnoreCase("false") ? "true" : text;
    }

    private static String key(OptionSpec option, String word, Set<String> sections) {
        if (switchesOff(option) && sections.contains(word)) {
            return word + ".enabled";
        }
        String section = section(option);
        String name = word.startsWith(section + "-") ? word.substring(section.length() + 1) : word;
        return section.isEmpty() ? name : section + "." + name;
    }

    private static String section(OptionSpec option) {
        Section section = ((Member) option.userObject()).getDeclaringClass().getAnnotation(Section.class);
        return section == null ? "" : section.value();
    }

    private static String word(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    private static boolean isSwitch(OptionSpec option) {
        return option.type() == boolean.class || option.type() == Boolean.class;
    }

    private static Form form(OptionSpec option) {
        if (isSwitch(option)) {
            return Form.SWITCH;
        }
        if (option.isMultiValue()) {
            return Form.LIST;
        }
        Class<?> type = MethodType.methodType(option.type()).wrap().returnType();
        return Number.class.isAssignableFrom(type) ? Form.NUMBER : Form.TEXT;
    }

    private static String description(OptionSpec option, String standard) {
        String text = String.join(" ", option.description()).replace("%%", "%").replace("%n", " ");
        Matcher spoken = SPOKEN_DEFAULT.matcher(text);
        if (!spoken.find()) {
            return text;
        }
        String rest = spoken.group(1);
        boolean says = standard.isEmpty() && rest.matches("['\\w].*") && !rest.equals("none.");
        return text.substring(0, spoken.start()) + (says ? " Default: " + rest : "");
    }

    private static List<Setting> limits() {
        AllLimits standard = AllLimits.standard();
        return AllLimits.names().stream()
                .map(name -> limit(name, standard.get(name), AllLimits.description(name)))
                .toList();
    }

    private static Setting limit(String name, Object standard, Optional<Limit> description) {
        boolean isTime = standard instanceof Duration;
        return new Setting(
                LimitOptions.SECTION + "." + name,
                LimitOptions.NAME + " " + name,
                SettingTree.VARIABLE_PREFIX + "LIMIT_"
                        + name.toUpperCase(Locale.ROOT).replace('-', '_'),
                isTime ? Form.TEXT : Form.NUMBER,
                isTime ? DurationConverter.text((Duration) standard) : standard.toString(),
                description.map(Limit::unit).orElse(""),
                description.map(Limit::value).orElse(""));
    }

    private static String noDefault() {
        try {
            return (String) Option.class.getMethod("defaultValue").getDefaultValue();
        } catch (NoSuchMethodException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
