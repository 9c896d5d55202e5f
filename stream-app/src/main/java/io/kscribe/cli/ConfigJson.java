package io.kscribe.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kscribe.settings.Setting;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;

/** Writes settings for programs: one JSON object a line. */
final class ConfigJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintWriter out;

    ConfigJson(PrintWriter out) {
        this.out = out;
    }

    /** Writes settings, and those of Kafka's clients. */
    void print(List<SettingValue> values, List<SettingValue> client) {
        Stream.concat(values.stream(), client.stream()).forEach(value -> out.println(object(value)));
    }

    private static ObjectNode object(SettingValue value) {
        Setting setting = value.setting();
        return JSON.createObjectNode()
                .put("key", setting.key())
                .put("value", value.secret() || (value.text().isEmpty() && value.isDefault()) ? null : value.text())
                .put("unit", setting.unit().isEmpty() ? null : setting.unit())
                .put("origin", value.origin().place())
                .put("secret", value.secret())
                .put("variable", setting.variable())
                .put("option", setting.option().isEmpty() ? null : setting.option());
    }
}
