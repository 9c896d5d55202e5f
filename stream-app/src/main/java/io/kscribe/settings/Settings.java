package io.kscribe.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a file and the environment give: the environment wins. */
public final class Settings {

    private final SettingTree tree;
    private final Map<String, Given> given;

    private Settings(SettingTree tree, Map<String, Given> given) {
        this.tree = tree;
        this.given = given;
    }

    /** Nothing is given. */
    public static Settings none(SettingTree tree) {
        return new Settings(tree, Map.of());
    }

    /**
     * Reads what is given.
     *
     * @param file of settings; null if there is none
     * @throws IOException if the file cannot be read
     * @throws SettingsException if it, or the environment, gives what is no setting
     */
    public static Settings read(SettingTree tree, @Nullable Path file, Map<String, String> environment)
            throws IOException, SettingsException {
        Map<String, Given> given = new LinkedHashMap<>();
        if (file != null) {
            given.putAll(tree.given(SettingsFile.read(file)));
        }
        given.putAll(tree.given(environment));
        return new Settings(tree, given);
    }

    /** What there is to give. */
    public SettingTree tree() {
        return tree;
    }

    /** What is given for a key. */
    public Optional<Given> given(String key) {
        return Optional.ofNullable(given.get(key));
    }

    /** What is given for Kafka's clients, by their own names. */
    public Map<String, Given> clientProperties() {
        Map<String, Given> properties = new LinkedHashMap<>();
        given.forEach((key, value) -> tree.client().name(key).ifPresent(name -> properties.put(name, value)));
        return properties;
    }
}
