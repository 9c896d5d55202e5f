package io.kscribe.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All settings that there are, and what they may be called.
 *
 * @param settings in the order in which they are shown, each section together
 * @param client the settings of Kafka's clients
 * @param lists variables that set several settings of a section, as {@code KSCRIBE_LIMITS=open-calls=200,viewers=7} does, and the sections
 * @param others variables that are no settings and are looked at elsewhere
 * @param retired keys and variables that used to be settings, and in a sentence what takes their place
 */
public record SettingTree(
        List<Setting> settings,
        ClientProperties client,
        Map<String, String> lists,
        Set<String> others,
        Map<String, String> retired) {

    /** What kscribe's variables begin with. */
    public static final String VARIABLE_PREFIX = "KSCRIBE_";

    /** So many letters may be wrong in a variable for it to be meant for kscribe; whose others with the prefix are is not known. */
    private static final int TYPING_ERRORS = 2;

    /** By their keys, the sections within each other. */
    public Optional<Setting> setting(String key) {
        return settings.stream().filter(setting -> setting.key().equals(key)).findFirst();
    }

    /** The sections, in their order; the empty one is first. */
    public List<String> sections() {
        return Stream.concat(Stream.of(""), settings.stream().map(Setting::section))
                .distinct()
                .toList();
    }

    /**
     * What a file gives, by keys.
     *
     * @throws SettingsException if something is set that is no setting, or to nothing
     */
    Map<String, Given> given(SettingsFile file) throws SettingsException {
        Map<String, Given> given = new LinkedHashMap<>();
        for (Map.Entry<String, SettingsFile.Entry> entry : file.entries().entrySet()) {
            String key = entry.getKey();
            SettingsFile.Entry value = entry.getValue();
            String place = " in " + file.name() + ", line " + value.line();
            if (value.texts() == null && isSection(key)) {
                continue; // all that was in it is commented out
            }
            if (retired.containsKey(key)) {
                throw new SettingsException("The key '" + key + "'" + place + ", is no more: " + retired.get(key));
            }
            requireKnown(key, place);
            if (value.texts() == null) {
                throw new SettingsException("The key '" + key + "'" + place + ", has no value.");
            }
            boolean list = setting(key).map(Setting::form).equals(Optional.of(Setting.Form.LIST));
            if (value.texts().size() != 1 && !list) {
                throw new SettingsException("The key '" + key + "'" + place + ", has a list; expected one value.");
            }
            given.put(key, new Given(String.join(",", value.texts()), Origin.file(file.name(), value.line(), key)));
        }
        return given;
    }

    /**
     * What the environment gives, by keys. A variable without a value is taken for one that is not there.
     *
     * @throws SettingsException if a variable seems to be a setting that was misspelt
     */
    Map<String, Given> given(Map<String, String> environment) throws SettingsException {
        Map<String, Given> given = new LinkedHashMap<>();
        for (Map.Entry<String, String> list : lists.entrySet()) {
            String changes = environment.getOrDefault(list.getKey(), "");
            for (String change : changes.isBlank() ? new String[0] : changes.split(",", -1)) {
                if (!change.isBlank()) {
                    change(list.getKey(), list.getValue(), change.strip(), given);
                }
            }
        }
        Map<String, Setting> byVariable =
                settings.stream().collect(Collectors.toMap(Setting::variable, Function.identity()));
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(VARIABLE_PREFIX) || variable.getValue().isEmpty() || others.contains(name)) {
                continue;
            }
            Optional<String> key = Optional.ofNullable(byVariable.get(name))
                    .map(Setting::key)
                    .or(() -> client.nameOf(name).map(property -> client.section() + "." + property));
            if (key.isPresent()) {
                given.put(key.get(), new Given(variable.getValue(), Origin.variable(name)));
            } else if (!lists.containsKey(name)) {
                requireForeign(name, byVariable.keySet());
            }
        }
        return given;
    }

    private void change(String variable, String section, String change, Map<String, Given> given)
            throws SettingsException {
        int equals = change.indexOf('=');
        if (equals < 0) {
            throw new SettingsException(
                    "In the variable " + variable + " '" + change + "' changes nothing; expected NAME=VALUE.");
        }
        String key = section + "." + change.substring(0, equals).strip();
        requireKnown(key, " in the variable " + variable);
        given.put(key, new Given(change.substring(equals + 1).strip(), Origin.variable(variable)));
    }

    private boolean isSection(String key) {
        return sections().contains(key) || (client.section() + ".").startsWith(key + ".");
    }

    private void requireKnown(String key, String place) throws SettingsException {
        if (setting(key).isPresent()) {
            return;
        }
        Optional<String> property = client.name(key);
        if (property.isPresent()) {
            requireSensible(property.get(), key, place);
            return;
        }
        List<String> keys = new ArrayList<>(settings.stream().map(Setting::key).toList());
        Optional<String> meant = Suggestion.of(key, keys, Math.max(TYPING_ERRORS, key.length() / 3))
                .or(() -> keys.stream().filter(some -> some.endsWith("." + key)).findFirst());
        throw new SettingsException("Unknown key '" + key + "'" + place
                + meant.map(some -> ": did you mean '" + some + "'?")
                        .orElse("; 'kscribe config' shows all that there are."));
    }

    /** Names that Kafka does not know may be a plug-in's, unless they are nearly Kafka's. */
    private void requireSensible(String property, String key, String place) throws SettingsException {
        if (!client.known().contains(property)) {
            Optional<String> meant = Suggestion.of(property, client.known(), TYPING_ERRORS);
            if (meant.isPresent()) {
                throw new SettingsException("Unknown key '" + key + "'" + place + ": did you mean '" + client.section()
                        + "." + meant.get() + "'?");
            }
        }
    }

    private void requireForeign(String variable, Set<String> known) throws SettingsException {
        if (retired.containsKey(variable)) {
            throw new SettingsException("The variable " + variable + " is no more: " + retired.get(variable));
        }
        List<String> all =
                Stream.of(known, lists.keySet(), others).flatMap(Set::stream).toList();
        Optional<String> meant = Suggestion.of(variable, all, TYPING_ERRORS);
        if (meant.isPresent()) {
            throw new SettingsException("Unknown variable " + variable + ": did you mean " + meant.get() + "?");
        }
    }
}
