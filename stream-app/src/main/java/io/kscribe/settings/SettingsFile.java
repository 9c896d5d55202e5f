package io.kscribe.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * What a file in YAML 1.2 sets: mappings within mappings are sections, and what is in them has a key with dots, as in {@code http.port},
 * which may be written so as well. Values are texts and lists of texts; what types they have is not decided here.
 *
 * @param name of the file, as it was given
 * @param entries by their keys, in the file's order
 */
record SettingsFile(String name, Map<String, Entry> entries) {

    /** The file's size must not decide about memory. */
    private static final int MOST_CHARACTERS = 1_000_000;

    /** Mappings within mappings; no setting is as deep. */
    private static final int MOST_SECTIONS = 10;

    /**
     * What is set.
     *
     * @param texts one, or several if it was a list; null if there is nothing
     * @param line where, from 1
     */
    record Entry(@Nullable List<String> texts, int line) {}

    /**
     * Reads a file.
     *
     * @throws IOException if it cannot be read
     * @throws SettingsException if it is not of that form, or sets something twice
     */
    static SettingsFile read(Path file) throws IOException, SettingsException {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (CharacterCodingException notText) {
            throw new SettingsException(file + " is not a text in UTF-8.", notText);
        }
    }

    /**
     * Reads a text.
     *
     * @param name of its file
     * @throws SettingsException if it is not of that form, or sets something twice
     */
    static SettingsFile parse(String name, String text) throws SettingsException {
        LoadSettings form = LoadSettings.builder()
                .setLabel(name)
                .setSchema(new CoreSchema())
                .setAllowNonScalarKeys(true) // to say where they are
                .setMaxAliasesForCollections(0)
                .setCodePointLimit(MOST_CHARACTERS)
                .build();
        Map<String, Entry> entries = new LinkedHashMap<>();
        try {
            Iterator<Node> documents =
                    new Compose(form).composeAllFromString(text).iterator();
            if (documents.hasNext()) {
                Node document = documents.next();
                if (documents.hasNext()) {
                    throw new SettingsException(name + " has several documents; expected one.");
                }
                if (document instanceof MappingNode sections) {
                    collect(name, "", 1, sections, entries);
                } else if (!isNothing(document)) {
                    throw new SettingsException(name + ", line " + line(document) + ": expected 'key: value'.");
                }
            }
        } catch (MarkedYamlEngineException malformed) {
            throw new SettingsException(
                    name
                            + malformed
                                    .getProblemMark()
                                    .map(mark -> ", line " + line(mark))
                                    .orElse("") + " is not YAML: " + malformed.getProblem() + ".",
                    malformed);
        } catch (YamlEngineException malformed) {
            throw new SettingsException(name + " is not YAML: " + malformed.getMessage(), malformed);
        }
        return new SettingsFile(name, entries);
    }

    private static void collect(String name, String prefix, int depth, MappingNode mapping, Map<String, Entry> entries)
            throws SettingsException {
        for (NodeTuple tuple : mapping.getValue()) {
            int line = line(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode word) || depth > MOST_SECTIONS) {
                throw new SettingsException(name + ", line " + line + ": expected a key.");
            }
            String key = prefix + word.getValue();
            if (tuple.getValueNode() instanceof MappingNode section) {
                collect(name, key + ".", depth + 1, section, entries);
                continue;
            }
            Entry before = entries.put(key, new Entry(texts(name, key, tuple.getValueNode()), line));
            if (before != null) {
                throw new SettingsException("The key '" + key + "' is in " + name + " twice, in lines " + before.line()
                        + " and " + line + ".");
            }
        }
    }

    private static @Nullable List<String> texts(String name, String key, Node value) throws SettingsException {
        if (isNothing(value)) {
            return null;
        }
        List<String> texts = new ArrayList<>();
        for (Node item : value instanceof SequenceNode list ? list.getValue() : List.of(value)) {
            if (!(item instanceof ScalarNode scalar) || isNothing(item)) {
                throw new SettingsException("The key '" + key + "' in " + name + ", line " + line(item)
                        + ", has something else than a value in its list.");
            }
            texts.add(scalar.getValue());
        }
        return texts;
    }

    private static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static int line(Node node) {
        return node.getStartMark().map(SettingsFile::line).orElse(0);
    }

    private static int line(Mark mark) {
        return mark.getLine() + 1;
    }
}
