package io.kscribe.cli;

import com.fasterxml.jackson.databind.node.TextNode;
import io.kscribe.settings.Setting;
import io.kscribe.settings.SettingTree;
import java.io.PrintWriter;
import java.util.List;
import java.util.regex.Pattern;

/** Writes settings as a file that can be edited and read: each with what it is; one that has no value is there as a comment. */
final class ConfigYaml {

    private static final int LINE = 100;
    private static final String INDENT = "  ";

    /** What YAML takes for a text as it is; all else is quoted. */
    private static final Pattern PLAIN = Pattern.compile(
            "(?!(?:null|Null|NULL)$)-?[\\p{L}\\p{N}./_][\\p{L}\\p{N}./_+@=%-]*(?::[\\p{L}\\p{N}./_+@=%-]+)*");

    private final PrintWriter out;

    ConfigYaml(PrintWriter out) {
        this.out = out;
    }

    /**
     * Writes settings.
     *
     * @param values of the settings, each section's together
     * @param client of Kafka's clients
     */
    void print(SettingTree tree, List<SettingValue> values, List<SettingValue> client) {
        comment(
                "",
                "Settings of kscribe, as 'kscribe config --format yaml' writes them. Variables win over this file, the command "
                        + "line wins over both. Times have a unit: 100ms, 2s, 5m, 24h, 7d.");
        for (String section : tree.sections()) {
            String indent = section.isEmpty() ? "" : INDENT;
            if (!section.isEmpty()) {
                out.println();
                out.println(section + ":");
            }
            for (SettingValue value : values) {
                if (value.setting().section().equals(section)) {
                    print(indent, value);
                }
            }
            if (tree.client().section().startsWith(section + ".")) {
                print(indent, tree.client().section().substring(section.length() + 1), tree, client);
            }
        }
    }

    private void print(String indent, SettingValue value) {
        Setting setting = value.setting();
        out.println();
        comment(indent, setting.description() + unit(setting));
        comment(indent, setting.variable() + ", " + setting.option());
        line(indent, setting.name(), value);
    }

    private void print(String indent, String name, SettingTree tree, List<SettingValue> client) {
        out.println();
        comment(
                indent,
                "Settings of Kafka's clients by Kafka's own names, for instance security.protocol: SASL_SSL. "
                        + "A variable is called " + tree.client().variable("security.protocol") + ".");
        out.println(indent + (client.isEmpty() ? "# " : "") + name + ":");
        client.forEach(value -> line(
                indent + INDENT,
                value.setting().key().substring(tree.client().section().length() + 1),
                value));
    }

    private void line(String indent, String name, SettingValue value) {
        String line = name + ": " + scalars(value);
        boolean missing = value.secret() || (value.text().isEmpty() && value.isDefault());
        out.println(indent + (missing ? "# " + line.strip() : line));
        if (value.secret()) {
            comment(indent, "It is not shown; it comes from " + value.origin().phrase() + ".");
        }
    }

    private static String scalars(SettingValue value) {
        if (value.text().isEmpty()) {
            return value.isDefault() ? "" : "\"\"";
        }
        return scalar(value.text());
    }

    /** JSON's quoted texts are YAML's, too. */
    private static String scalar(String text) {
        return PLAIN.matcher(text).matches() ? text : TextNode.valueOf(text).toString();
    }

    private static String unit(Setting setting) {
        return setting.unit().isEmpty() ? "" : " [" + setting.unit() + "]";
    }

    private void comment(String indent, String text) {
        StringBuilder line = new StringBuilder(indent + "#");
        for (String word : text.split("\\s+", -1)) {
            if (line.length() + 1 + word.length() > LINE) {
                out.println(line);
                line = new StringBuilder(indent + "#");
            }
            line.append(' ').append(word);
        }
        out.println(line);
    }
}
